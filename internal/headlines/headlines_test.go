package headlines

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestGuideHasEveryHeadline(t *testing.T) {
	c := readCode(t)
	all, guide := c.headlines(), readGuide(t)
	if len(all) < 200 {
		t.Fatalf("only %d headlines were found in the code", len(all))
	}
	isUsed := map[*entry]bool{}
	for _, headline := range slices.Sorted(maps.Keys(all)) {
		found := false
		for _, one := range guide {
			if one.section != sectionOfTexts && one.pattern.MatchString(headline) {
				found, isUsed[one] = true, true
			}
		}
		if !found {
			t.Errorf("the guide lacks %q, made at %s", headline, all[headline][0].at)
		}
	}
	for _, one := range guide {
		isOwn := one.section != sectionOfCLI && one.section != sectionOfTexts && one.section != sectionOfDeclines
		if isOwn && !isUsed[one] {
			t.Errorf("the guide has %q, which the code does not make", one.text)
		}
	}
}

// TestGuideSaysWhatIsAnError holds the word below a heading against the calls that make the headline.
func TestGuideSaysWhatIsAnError(t *testing.T) {
	all := readCode(t).headlines()
	for _, one := range readGuide(t) {
		if one.severity == "" {
			continue
		}
		isError, isWarning := false, false
		for headline, made := range all {
			if !one.pattern.MatchString(headline) {
				continue
			}
			for _, call := range made {
				isError, isWarning = isError || call.isError, isWarning || call.isWarning
			}
		}
		said := strings.ToLower(one.severity)
		if strings.Contains(said, "error") != isError || strings.Contains(said, "warning") != isWarning {
			t.Errorf("%q: the guide says %q, and the code makes an error: %t, a warning: %t", one.text, one.severity, isError, isWarning)
		}
	}
}

// TestGuideNamesNothingTwice keeps the anchors of a page unique.
func TestGuideNamesNothingTwice(t *testing.T) {
	seen := map[string]bool{}
	for _, one := range readGuide(t) {
		if seen[one.text] {
			t.Errorf("the guide has %q twice", one.text)
		}
		seen[one.text] = true
		if !strings.HasPrefix(one.text, "[") && one.severity == "" && !strings.Contains(one.section, "call") && one.section != sectionOfCLI && one.section != "Functions" {
			t.Errorf("the guide does not say whether %q is an error", one.text)
		}
	}
}

// TestGuideQuotesTheClients looks for what the guide quotes of the text of a failed call.
func TestGuideQuotesTheClients(t *testing.T) {
	constants := readCode(t).texts("internal/client/")
	for _, one := range readGuide(t) {
		if one.section != sectionOfTexts {
			continue
		}
		for part := range strings.SplitSeq(one.text, gap) {
			part = strings.Trim(part, `"`)
			if !slices.ContainsFunc(constants, func(text string) bool { return strings.Contains(text, part) }) {
				t.Errorf("no client says %q, a part of %q", part, one.text)
			}
		}
	}
}
