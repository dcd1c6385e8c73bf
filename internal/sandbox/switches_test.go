package sandbox_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

var (
	rowOfSwitch = regexp.MustCompile(`<tr><td><code>(\w+)</code></td><td[^>]*><code>[^<]*</code></td><td>([^<]*)</td></tr>`)
	// English texts may quote a word of a document.
	russianSentence = regexp.MustCompile(`\p{Cyrillic}{2,},? \p{Cyrillic}+`)
)

// Every switch says on the index what it is about, in the language of the page.
func TestSwitchesAreInTheLanguageOfThePage(t *testing.T) {
	b := start(t, sandbox.Options{})
	for _, to := range []string{"ru", "en"} {
		meanings := map[string]string{}
		for _, found := range rowOfSwitch.FindAllStringSubmatch(b.inLanguage(to, "/", nil), -1) {
			meanings[found[1]] = found[2]
		}
		equal(t, "switches", len(meanings), len(gateways.Switches))
		for name, meaning := range meanings {
			isRussian := russianSentence.MatchString(meaning)
			if isRussian != (to == "ru") || isRussian && !strings.HasSuffix(meaning, ".") {
				t.Errorf("%s in %s: %q", name, to, meaning)
			}
		}
	}
}

// No Russian text is left of a switch that is gone, and each is beside its gateway.
func TestRussianTextsOfSwitches(t *testing.T) {
	for folder, switches := range map[string]sandbox.Switches{
		"invoiceapi": invoiceapi.Switches, "paykeeper": paykeeper.Switches, "p2p": p2p.Switches, "intellectmoney": intellectmoney.Switches,
	} {
		content, err := os.ReadFile(filepath.Join(folder, "pages", "switches.ru.json"))
		must(t, err)
		meanings := map[string]string{}
		must(t, json.Unmarshal(content, &meanings))
		for _, s := range switches {
			if meanings[s.Name] == "" {
				t.Errorf("%s: no Russian text for the switch %s", folder, s.Name)
			}
			delete(meanings, s.Name)
		}
		for name := range meanings {
			t.Errorf("%s: there is no switch %s", folder, name)
		}
	}
}
