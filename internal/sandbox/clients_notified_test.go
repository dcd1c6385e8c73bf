package sandbox_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// The first notification that follows from what a client has sent has what its
// receiver reads. notification.txt beside the requests says what that is.
func TestReceiversOfOthers(t *testing.T) {
	files, err := filepath.Glob("testdata/clients/*/notification.txt")
	must(t, err)
	if len(files) == 0 {
		t.Fatal("no receivers")
	}
	for _, file := range files {
		c := readClient(t, filepath.Dir(file))
		t.Run(c.name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			must(t, err)
			receiver := clientRequest{statuses: []string{"200"}}
			for line := range strings.Lines(string(text)) {
				if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
					receiver.expected = append(receiver.expected, line)
				}
			}
			b := start(t, sandbox.Options{Dialect: c.needs})
			saved := map[string]string{}
			for _, request := range c.requests {
				status, answer := request.send(b, saved)
				for _, mistake := range request.check(status, answer, saved) {
					t.Fatal(request.file, mistake)
				}
			}
			all, err := b.Deliveries()
			must(t, err)
			if len(all) == 0 || len(receiver.expected) == 0 {
				t.Fatalf("%d notifications, %d expectations", len(all), len(receiver.expected))
			}
			for _, mistake := range receiver.check(200, bodyAsJSON(t, all[0]), saved) {
				t.Errorf("%s\nthe notification: %s", mistake, all[0].Body)
			}
		})
	}
}

// bodyAsJSON is what came to a receiver: JSON, or a form as an object of texts.
func bodyAsJSON(t *testing.T, d sandbox.Delivery) string {
	t.Helper()
	if d.Headers["Content-Type"] != "application/x-www-form-urlencoded" {
		return d.Body
	}
	form, err := url.ParseQuery(d.Body)
	must(t, err)
	fields := map[string]string{}
	for name, values := range form {
		fields[name] = values[len(values)-1]
	}
	text, err := json.Marshal(fields)
	must(t, err)
	return string(text)
}
