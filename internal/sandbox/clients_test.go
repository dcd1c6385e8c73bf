package sandbox_test

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// client is somebody else's client, as testdata/clients has it: what it needs of
// the sandbox, what it cannot read, and its requests.
type client struct {
	name     string
	switches sandbox.Switches
	needs    sandbox.Dialect
	// cannot are settings with which the client cannot read an answer.
	cannot   []string
	requests []clientRequest
}

// clientSwitches are the switches of the gateway that a client talks to.
var clientSwitches = map[string]sandbox.Switches{
	"invoice": invoiceapi.Switches, "paykeeper": paykeeper.Switches, "p2p": p2p.Switches, "intellectmoney": intellectmoney.Switches,
}

// readClient reads one folder of testdata/clients. See the README there.
func readClient(t *testing.T, folder string) client {
	t.Helper()
	c := client{name: filepath.Base(folder), needs: sandbox.Dialect{}}
	about, err := os.ReadFile(filepath.Join(folder, "about.txt"))
	must(t, err)
	for line := range strings.Lines(string(about)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		setting, _, _ := strings.Cut(value, " ")
		switch key {
		case "gateway":
			c.switches = clientSwitches[value]
		case "needs":
			name, wanted, _ := strings.Cut(setting, "=")
			c.needs[name] = wanted
		case "cannot":
			c.cannot = append(c.cannot, setting)
		}
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.http"))
	must(t, err)
	for _, file := range files {
		c.requests = append(c.requests, readClientRequest(t, file))
	}
	if c.switches == nil || len(c.requests) == 0 {
		t.Fatalf("%s: want a line gateway: %v in about.txt, and requests", folder, strings.Join(slices.Sorted(maps.Keys(clientSwitches)), ", "))
	}
	return c
}

// Every request of others' clients is answered so that the client can read it,
// with what the client needs, and with every switch of its gateway besides. The
// settings that it cannot live with are listed, so the list is exact.
func TestClientsOfOthers(t *testing.T) {
	folders, err := filepath.Glob("testdata/clients/*/about.txt")
	must(t, err)
	if len(folders) == 0 {
		t.Fatal("no clients")
	}
	tried := 0
	for _, about := range folders {
		c := readClient(t, filepath.Dir(about))
		t.Run(c.name, func(t *testing.T) {
			for _, mistake := range c.replay(t, c.needs) {
				t.Error(mistake)
			}
			if t.Failed() {
				return
			}
			for _, setting := range otherSettings(c) {
				if tried++; tried%everySetting != 0 {
					continue
				}
				mistakes := c.replay(t, setting.dialect)
				switch cannot := slices.Contains(c.cannot, setting.name); {
				case cannot && len(mistakes) == 0:
					t.Errorf("with %s the client can read everything, but about.txt says that it cannot", setting.name)
				case !cannot && len(mistakes) > 0:
					t.Errorf("with %s: %s", setting.name, mistakes[0])
				}
			}
		})
	}
}

// addHistory stores what IntellectMoney's API cannot create.
func addHistory(b *box) {
	for n, state := range []string{"Paid", "Created", "Paid"} {
		i, err := b.IntellectMoney.Add(intellectmoney.Invoice{
			Amount: "1500.50", PurchaseOrderID: fmt.Sprint("A-", n), OwnerEmail: "anna@example.com",
			CreationDate: sandboxtest.Begin.Add(-time.Duration(n) * time.Hour),
		})
		must(b.T, err)
		if state != "Created" {
			must(b.T, b.IntellectMoney.SetState(i.ID, state))
		}
	}
}

type clientSetting struct {
	name    string
	dialect sandbox.Dialect
}

// otherSettings are the dialects that differ in one switch from what a client
// needs.
func otherSettings(c client) []clientSetting {
	var all []clientSetting
	for _, s := range c.switches {
		for _, value := range s.Values {
			if value == cmp.Or(c.needs[s.Name], s.Values[0]) {
				continue
			}
			dialect := sandbox.Dialect{s.Name: value}
			for name, needed := range c.needs {
				dialect[name] = cmp.Or(dialect[name], needed)
			}
			all = append(all, clientSetting{s.Name + "=" + value, dialect})
		}
	}
	return all
}

// replay sends all requests to a new sandbox, and returns what the client could
// not read.
func (c client) replay(t *testing.T, dialect sandbox.Dialect) (mistakes []string) {
	t.Helper()
	b := start(t, sandbox.Options{Dialect: dialect})
	addHistory(b)
	saved := map[string]string{}
	for _, request := range c.requests {
		status, answer := request.send(b, saved)
		for _, mistake := range request.check(status, answer, saved) {
			mistakes = append(mistakes, fmt.Sprintf("%s: %s\nthe answer: %d %.500s", request.file, mistake, status, answer))
		}
		if len(mistakes) > 0 {
			return mistakes // What follows needs what was to be read.
		}
	}
	return nil
}

func (r clientRequest) send(b *box, saved map[string]string) (status int, answer string) {
	b.T.Helper()
	path, body := fill(r.path, saved), r.bodyWith(saved)
	saved["signature"] = p2pSignature(r.method, b.URL+path, body)
	saved["signature without body"] = p2pSignature(r.method, b.URL+path, "")
	response, answer, err := b.Send(r.method, path, body, func(sent *http.Request) {
		for name, values := range r.header {
			sent.Header.Set(name, fill(values[0], saved))
		}
		sent.Host = r.header.Get("Host")
	})
	must(b.T, err)
	return response.StatusCode, answer
}
