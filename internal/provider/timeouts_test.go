package provider

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// withTimeouts adds a block to each resource of a configuration. The lines go into it.
func withTimeouts(config string, lines ...string) string {
	parts := strings.Split(config, "\nresource \"invoice_")
	for i := range parts[1:] {
		parts[i+1] = strings.Replace(parts[i+1], "{", "{\n  timeouts {\n    "+strings.Join(lines, "\n    ")+"\n  }", 1)
	}
	return strings.Join(parts, "\nresource \"invoice_")
}

// timeoutScene has one of everything that has a block, paid and unpaid.
func timeoutScene(t *testing.T) (w *clitest.Workspace, config string, addresses []string) {
	t.Helper()
	w = newWorkspace(t)
	named := func(config, name string) string {
		return strings.NewReplacer(`"order"`, `"`+name+`"`, `"one"`, `"`+name+`"`, `"order-1"`, `"`+name+`-1"`).Replace(config)
	}
	config = linkTerminal + named(linkBody, "paid") + named(linkBody, "open") + named(paykeeperInvoice(), "paykeeper") + named(p2pInvoice(), "p2p") + named(payoutConfig, "payout")
	w.Write(config)
	w.Apply().Succeeds()
	payments := w.Payments()
	paid := payments[slices.IndexFunc(payments, func(one invoiceapi.Payment) bool { return one.OrderID == "paid-1" })].ID
	w.Must(w.Sandbox.InvoiceAPI.Pay(paid, invoiceapi.TestCard))
	config += refundConfig(paid)
	w.MustApply(config)
	for address := range w.Resources() {
		addresses = append(addresses, address)
	}
	return w, config, addresses
}

// Whatever becomes of the block, it is a change of the state alone, also of what was paid, and of
// money that has moved.
func TestTimeoutsChangeNothingElse(t *testing.T) {
	w, config, addresses := timeoutScene(t)
	w.Sandbox.ResetRequests()
	updates := map[string]string{}
	for _, address := range addresses {
		updates[address] = "update"
		if w.Attributes(address)["timeouts"] != nil {
			t.Errorf("%s has timeouts: %v", address, w.Attributes(address)["timeouts"])
		}
	}
	if len(updates) != 7 {
		t.Fatalf("there are %v", addresses)
	}
	for _, lines := range [][]string{
		{`create = "1m"`, `read = "40s"`, `delete = "1m30s"`}, {`read = "50s"`}, {}, nil,
	} {
		next := config
		if lines != nil {
			next = withTimeouts(config, lines...)
		}
		w.Write(next)
		w.Plan().Succeeds().SaysNothing().Changes(updates)
		w.Apply().Succeeds().SaysNothing()
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
	}
	sentOnlyReads(t, w.Sandbox.Requests())
}

// An import knows no block, and the configuration that it generates has none. One that the
// configuration has goes into the state.
func TestTimeoutsAfterAnImport(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(withTimeouts(terminalConfig+strings.Replace(linkBody, "invoice_terminal.web.id", branchAddress+".id", 1), `read = "40s"`))
	w.Forget(branchAddress, linkAddress)
	config := generateConfig(w, importing(branchAddress, "mira-12")+importing(linkAddress, "order/order-1"))
	if strings.Contains(config, "timeouts") {
		t.Errorf("the generated configuration has timeouts:\n%s", config)
	}
	w.Forget(branchAddress, linkAddress)
	w.WriteFile("generated.tf", withTimeouts("\n"+config, `read = "40s"`))
	w.Apply().Succeeds()
	w.StateHas(linkAddress, map[string]any{"timeouts": map[string]any{"create": nil, "read": "40s", "delete": nil}})
	w.Write("")
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("CreatePayment", 1)
	w.Sent("CreateTerminal", 1)
}

func TestTimeoutsAreChecked(t *testing.T) {
	for value, says := range map[string]string{`"soon"`: `"soon" is not a positive duration`, `"0s"`: `"0s" is not a positive duration`, `"-1m"`: "is not a positive duration"} {
		w := newWorkspaceBeside(t)
		w.Write(withTimeouts(linkConfig, "create = "+value))
		w.Plan().Fails("@create", "timeouts.create", says, `It must be a positive duration such as "30s"`)
		w.SentNothing()
	}
	w := newWorkspaceBeside(t)
	w.Write(withTimeouts(linkConfig, `update = "1m"`))
	w.Plan().Fails("update")
}

// The block ends an operation as max_wait does: what was under way may have happened, is kept so,
// and the error names the block. The shorter of the two counts.
func TestTimeoutsEndOperations(t *testing.T) {
	w, f, settings := newFrontedWorkspace(t)
	limits := impatient(settings, "1m")
	misbehave := func(operation string, how *misbehaviour) {
		f.behave(func(c frontCall) *misbehaviour {
			if c.operation == operation {
				return how
			}
			return nil
		})
	}
	w.MustApply(linkTerminal + settings)
	patient := []string{`create = "30s"`, `read = "30s"`, `delete = "30s"`}
	but := func(line string) []string { return append([]string{line}, without(patient, line)...) }

	misbehave("CreatePayment", worksAndHangs)
	w.Write(linkTerminal + withTimeouts(autoLink[len(linkTerminal):], but(`create = "1s"`)...) + limits)
	w.Apply().Fails("Cannot issue the payment link", "no answer came: the limit of 1s for one operation, with all its calls and pauses, was reached (timeouts.create)", "The payment may have been issued")
	w.StateHas(linkAddress, map[string]any{"status": ledger.StatusUnknown, "order_id": w.OnlyPayment().OrderID})
	w.MustExec("untaint", linkAddress)
	f.behave(nil)
	w.Apply().Succeeds()
	w.StateHas(linkAddress, map[string]any{"status": "init"})

	set := func(lines ...string) {
		f.behave(nil)
		w.Write(linkTerminal + withTimeouts(autoLink[len(linkTerminal):], lines...) + limits)
		w.Apply().Succeeds()
	}
	set(but(`read = "1s"`)...)
	misbehave("GetPayment", hangs)
	w.Plan().Fails("Cannot read payment", "no answer came: the limit of 1s for one operation", "(timeouts.read)")
	set(but(`delete = "1s"`)...)
	misbehave("ClosePayment", tellsToWait)
	w.Destroy().Fails("Cannot close payment", "the limit of 1s for one operation", "(timeouts.delete)")
	w.PaymentsAre("init")
	w.Write(linkTerminal + withTimeouts(autoLink[len(linkTerminal):], patient...) + impatient(settings, "1s"))
	f.behave(nil)
	w.Apply().Succeeds()
	misbehave("ClosePayment", tellsToWait)
	w.Destroy().Fails("Cannot close payment", "the limit of 1s for one operation", "(max_wait)")

	// A refund that ends without an answer is never sent again.
	f.behave(nil)
	id := payLink(w)
	misbehave("CreateRefund", worksAndHangs)
	w.Write(linkTerminal + withTimeouts(autoLink[len(linkTerminal):], patient...) + withTimeouts(refundConfig(id), `create = "1s"`) + limits)
	w.Apply().Fails("Cannot make the refund", "(timeouts.create)", "it may have been made")
	w.StateHas(refundAddress, map[string]any{"status": ledger.StatusUnknown})
	f.behave(nil)
	w.Apply().Fails("refund")
	w.Sent("CreateRefund", 1)
}

func without(lines []string, line string) (left []string) {
	for _, one := range lines {
		if strings.Fields(one)[0] != strings.Fields(line)[0] {
			left = append(left, one)
		}
	}
	return left
}

// The same for all four resources over the protocol, which needs no CLI: create, read in the short
// way, and delete.
func TestTimeoutsBoundEveryResource(t *testing.T) {
	for typeName, given := range map[string]func(*plugin6) map[string]tftypes.Value{
		"invoice_terminal": func(*plugin6) map[string]tftypes.Value {
			return map[string]tftypes.Value{"alias": text("b"), "name": text("n")}
		},
		"invoice_payment_link": func(p *plugin6) map[string]tftypes.Value {
			return map[string]tftypes.Value{"terminal_id": text("t"), "amount": text("10"), "currency": text("RUB"), "when_unpayable": text("keep"), "receipt": p.noReceipt()}
		},
		"invoice_invoice": func(p *plugin6) map[string]tftypes.Value {
			return map[string]tftypes.Value{"amount": text("7"), "currency": text("RUB"), "when_unpayable": text("keep"), "paykeeper": p.nested("invoice_invoice", "paykeeper", nil)}
		},
		"invoice_refund": func(p *plugin6) map[string]tftypes.Value {
			return map[string]tftypes.Value{"payment_id": text("p"), "amount": text("5"), "currency": text("RUB"), "receipt": p.noReceipt()}
		},
	} {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			gateway := before(t, clitest.OpenSandbox(t).Handler())
			gateway.behave(func(frontCall) *misbehaviour { return hangs })
			p := newPluginWith(t, testProvider(), gateway.URL, map[string]tftypes.Value{"max_wait": text("10s")})
			values := given(p)
			values["timeouts"] = p.nested(typeName, "timeouts", map[string]tftypes.Value{"create": text("50ms"), "read": text("60ms"), "delete": text("70ms")})
			planned := p.planNew(typeName, values)
			wantLimit := func(operation, limit string, diagnostics []*tfprotov6.Diagnostic, err error) {
				t.Helper()
				want := fmt.Sprintf("the limit of %s for one operation, with all its calls and pauses, was reached (timeouts.%s)", limit, operation)
				if said := diagnosticText(diagnostics); err != nil || !strings.Contains(said, want) {
					t.Errorf("%s: error %v, %q, want %q", operation, err, said, want)
				}
			}
			created, err := p.server.ApplyResourceChange(t.Context(), planned)
			wantLimit("create", "50ms", created.Diagnostics, err)

			of := p.schemas.ResourceSchemas[typeName].ValueType()
			values["id"], values["status"] = text("20260101000000001"), text("init")
			if typeName == "invoice_terminal" {
				delete(values, "status")
			}
			if typeName == "invoice_invoice" {
				values["gateway"] = text("paykeeper")
			}
			state := p.encode(filled(of, values))
			for _, private := range [][]byte{nil, []byte(`{}`)} { // the second may go the short way
				read, err := p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: typeName, CurrentState: state, Private: private})
				wantLimit("read", "60ms", read.Diagnostics, err)
			}
			if typeName == "invoice_terminal" || typeName == "invoice_refund" {
				return // a destroy of these calls nothing
			}
			none := p.encode(tftypes.NewValue(of, nil))
			destroyed, err := p.server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{TypeName: typeName, PriorState: state, PlannedState: none, Config: none})
			wantLimit("delete", "70ms", destroyed.Diagnostics, err)
		})
	}
}

// A wait because of requests_per_second is no reason to give up, as with max_wait.
func TestTimeoutsDoNotCountTurns(t *testing.T) {
	server := httptest.NewServer(clitest.OpenSandbox(t).Handler())
	defer server.Close()
	p := newPluginWith(t, testProvider(), server.URL, map[string]tftypes.Value{"requests_per_second": tftypes.NewValue(tftypes.Number, 4)})
	started := time.Now()
	p.create("invoice_terminal", map[string]tftypes.Value{
		"alias": text("a"), "name": text("n"), "timeouts": p.nested("invoice_terminal", "timeouts", map[string]tftypes.Value{"create": text("200ms")}),
	})
	if took := time.Since(started); took < 240*time.Millisecond {
		t.Errorf("it took %s: no call waited for its turn", took)
	}
}

func TestShorterLimit(t *testing.T) {
	short, long, none := timeLimit{time.Second, "short"}, timeLimit{time.Minute, "long"}, timeLimit{}
	for _, c := range [][3]timeLimit{{short, long, short}, {long, short, short}, {none, long, long}, {long, none, long}, {none, none, none}} {
		if got := c[0].shorter(c[1]); got != c[2] {
			t.Errorf("%v and %v: %v", c[0], c[1], got)
		}
	}
}
