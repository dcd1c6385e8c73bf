package browser

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// languages are those of the pages.
var languages = []string{"ru", "en"}

// say is one of the pages' texts in the person's language. The text is given in Russian,
// and ends where it has a gap: "Оплатить" is that of "Оплатить %s", too.
func (p *person) say(russian string) string {
	p.t.Helper()
	if p.language == "ru" {
		return russian
	}
	english, known := englishTexts(p.t)[russian]
	if !known {
		p.t.Fatalf("no English for %q", russian)
	}
	return english
}

// englishTexts are the texts of the sandbox's pages by the Russian ones, up to their gaps.
func englishTexts(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	var files []string
	for _, pattern := range []string{"../sandbox/pages/*en.json", "../sandbox/*/pages/*en.json"} {
		found, err := filepath.Glob(pattern)
		must(t, err)
		files = append(files, found...)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		must(t, err)
		read := map[string]string{}
		must(t, json.Unmarshal(content, &read))
		for russian, english := range read {
			if beginning(russian) == russian || texts[beginning(russian)] == "" {
				texts[beginning(russian)] = beginning(english)
			}
		}
	}
	return texts
}

func beginning(text string) string {
	before, _, _ := strings.Cut(text, "%")
	return strings.TrimSpace(before)
}

// inBothLanguages runs a test for a Russian and an English person.
func inBothLanguages(t *testing.T, test func(t *testing.T, s *shop, p *person)) {
	t.Helper()
	needChromium(t)
	for _, language := range languages {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			test(t, s, newPerson(t, s.URL, language))
		})
	}
}
