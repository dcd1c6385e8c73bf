package provider

import (
	"strings"
	"testing"
)

func TestMistakeBesideASecretShowsNoSecret(t *testing.T) {
	for name, config := range map[string]string{
		"an invoice": strings.Replace(newcomersP2P, `"in"`, `"incoming"`, 1),
		"a payout":   strings.Replace(newcomersPayout, `#more`, `start_deal = true`, 1),
		"a setting":  strings.Replace(newcomersProvider, `"https://127.0.0.1:1"`, `"http://pay.example.com"`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.Write(config)
			printed, ok := w.Exec("plan", "-no-color")
			if ok || !strings.Contains(printed, "Error: ") {
				t.Fatalf("no error:\n%s", printed)
			}
			for _, secret := range []string{"the-hook-token", "2200000000000053", "key-1"} {
				if strings.Contains(printed, secret) {
					t.Errorf("the CLI shows %q:\n%s", secret, printed)
				}
			}
		})
	}
}
