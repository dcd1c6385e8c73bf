// Looks at the page that is open, and returns what is wrong with it as a list of texts.
// sum is the amount that must be seen without scrolling, "" if there is none.
(function look(language, sum) {
	const problems = [];
	const nameOf = (element) => {
		const text = (element.textContent || element.value || '').trim().replace(/\s+/g, ' ').slice(0, 40);
		return `<${element.localName}${element.className ? ' class=' + element.className : ''}> "${text}"`;
	};
	const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && element.getClientRects().length > 0;
	const shown = (selector) => [...document.querySelectorAll(selector)].filter(isShown);

	function width() {
		const page = document.documentElement;
		if (page.scrollWidth <= innerWidth) return;
		const outside = shown('body *').filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5);
		problems.push(`is ${page.scrollWidth} pixels wide, on a screen of ${innerWidth}: ${outside.slice(0, 3).map(nameOf).join(', ')}`);
	}

	// Nothing is cut off: what has a box of its own fits into it.
	function cutOff() {
		for (const element of shown('body *')) {
			const style = getComputedStyle(element);
			if (!['INPUT', 'SELECT', 'TEXTAREA'].includes(element.tagName) && style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1) {
				problems.push(`cuts ${nameOf(element)} off: ${element.scrollWidth} pixels in ${element.clientWidth}`);
			}
		}
	}

	// Fields and buttons of a row that are beside each other end at the same height.
	function rows() {
		for (const row of shown('form.row')) {
			const boxes = [...row.querySelectorAll('input, select, button')].filter(isShown).map((element) => element.getBoundingClientRect());
			for (const [i, box] of boxes.entries()) {
				const uneven = boxes.slice(0, i).find((other) => other.top < box.bottom && box.top < other.bottom && Math.abs(other.bottom - box.bottom) > 1);
				if (uneven) problems.push(`has a row whose fields end at ${uneven.bottom} and ${box.bottom} pixels`);
			}
		}
	}

	function headings() {
		const levels = shown('h1, h2, h3, h4, h5, h6').map((heading) => Number(heading.localName[1]));
		if (levels.filter((level) => level === 1).length !== 1 || levels[0] !== 1) problems.push(`must begin with one h1, has ${levels}`);
		levels.forEach((level, i) => {
			if (i > 0 && level > levels[i - 1] + 1) problems.push(`has a heading h${level} below h${levels[i - 1]}`);
		});
	}

	function names() {
		if (document.documentElement.lang !== language) problems.push(`is in "${document.documentElement.lang}", wanted "${language}"`);
		if (!document.title.trim()) problems.push('has no title');
		if (!document.querySelector('meta[name=viewport]')) problems.push('has no viewport for phones');
		if (document.querySelectorAll('main').length !== 1) problems.push('has no main part');
		for (const field of shown('input, select, textarea')) {
			const label = [...field.labels].map((one) => one.innerText.trim()).join('') || field.getAttribute('aria-label');
			if (!label && !document.getElementById(field.getAttribute('aria-labelledby'))) problems.push(`has no label for the field ${field.name}`);
		}
		for (const element of shown('a, button, summary')) {
			if (!element.innerText.trim() && !element.getAttribute('aria-label')) problems.push(`has no name for ${element.outerHTML.slice(0, 80)}`);
		}
		const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
		for (const id of new Set(ids.filter((one, i) => ids.indexOf(one) !== i))) problems.push(`has the id ${id} twice`);
	}

	// Any colour that CSS knows becomes red, green, blue (0 to 255) and opacity (0 to 1).
	const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
	canvas.canvas.width = canvas.canvas.height = 1;
	const known = new Map();
	function colorOf(css) {
		if (!known.has(css)) {
			canvas.clearRect(0, 0, 1, 1);
			canvas.fillStyle = css;
			canvas.fillRect(0, 0, 1, 1);
			const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
			known.set(css, [red, green, blue, alpha / 255]);
		}
		return known.get(css);
	}
	const over = (above, below) => [0, 1, 2].map((i) => above[i] * above[3] + below[i] * (1 - above[3])).concat(1);
	const probe = document.body.appendChild(document.createElement('i'));
	probe.style.backgroundColor = 'Canvas';
	const paper = colorOf(getComputedStyle(probe).backgroundColor);
	probe.remove();

	function backgroundOf(element) {
		const layers = [];
		for (let at = element; at; at = at.parentElement) layers.push(colorOf(getComputedStyle(at).backgroundColor));
		return layers.reduceRight((below, above) => over(above, below), paper);
	}
	function luminance(color) {
		const [red, green, blue] = color.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
		return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	}
	// WCAG 2.2, 1.4.3.
	function contrast() {
		const texts = new Set(shown('input:not([type=hidden]), select, textarea'));
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walker.nextNode()) {
			if (walker.currentNode.data.trim() && isShown(walker.currentNode.parentElement)) texts.add(walker.currentNode.parentElement);
		}
		for (const element of texts) {
			if (element.closest('style, script, option, :disabled')) continue;
			const background = backgroundOf(element);
			const text = [...colorOf(getComputedStyle(element).color)];
			for (let at = element; at; at = at.parentElement) text[3] *= Number(getComputedStyle(at).opacity);
			const [dark, light] = [luminance(over(text, background)), luminance(background)].sort((a, b) => a - b);
			const ratio = (light + 0.05) / (dark + 0.05);
			if (ratio < 4.5) problems.push(`has a contrast of ${ratio.toFixed(2)}, below 4.5, at ${nameOf(element)}`);
		}
	}

	function sumIsSeen() {
		const plain = (text) => text.replace(/[\u00a0\u202f]/g, ' ');
		const found = shown('main *, body *').filter((element) => plain(element.innerText || '').includes(sum)).pop();
		if (!found) return problems.push(`does not show ${sum}`);
		const first = shown('main *, body *').filter((element) => element.children.length === 0 && plain(element.innerText || '').includes(sum))[0] || found;
		const bottom = first.getBoundingClientRect().bottom + scrollY;
		if (bottom > innerHeight) problems.push(`shows ${sum} only ${Math.round(bottom)} pixels below the top, on a screen of ${innerHeight}`);
	}

	if (sum) sumIsSeen();
	document.querySelectorAll('details').forEach((details) => { details.open = true; });
	width();
	cutOff();
	rows();
	headings();
	names();
	contrast();
	return problems;
})
