package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// withRefreshPaid is the provider block with a value of refresh_paid.
func withRefreshPaid(w *clitest.Workspace, value string) string {
	return strings.Replace(clitest.ProviderBlock(w.URL), "max_retries = 2", "max_retries = 2\n  refresh_paid = "+value, 1)
}

// shopOfPaid has twenty paid links, a paid invoice at each gateway, and one of each that is
// open. All are read by one operation of their gateway.
func shopOfPaid(t *testing.T) (w *clitest.Workspace, config string, paidIDs []string) {
	t.Helper()
	w = newWorkspace(t)
	named := func(config, name string) string {
		return strings.NewReplacer(`"one"`, `"`+name+`"`, `"order-1"`, `"`+name+`"`, `"payout-1"`, `"`+name+`"`).Replace(config)
	}
	config = linkTerminal + strings.Replace(withLine(linkBody, "order_id", `order_id = "order-${count.index}"`), "{\n", "{\n  count = 20\n", 1) +
		named(paykeeperInvoice(), "paykeeper") + named(p2pInvoice(), "p2p")
	w.Write(config)
	w.Apply().Succeeds()
	for _, one := range w.Payments() {
		w.Must(w.Sandbox.InvoiceAPI.Pay(one.ID, invoiceapi.TestCard))
		paidIDs = append(paidIDs, one.ID)
	}
	w.PayInvoices()
	paidIDs = append(paidIDs, w.PayKeeperInvoices()[0].ID, w.P2PInvoices()[0].ID)
	config += strings.Replace(withLine(linkBody, "order_id", `order_id = "open"`), `"order"`, `"open"`, 1) +
		named(paykeeperInvoice(), "paykeeper-open") + named(p2pInvoice(), "p2p-open") + named(payoutConfig, "payout")
	w.MustApply(config)
	for _, one := range w.P2PInvoices() {
		if one.Type == "out" {
			w.Must(w.Sandbox.P2P.SetStatus(one.ID, "paid"))
		}
	}
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing() // that of a new object reads it for the first time
	return w, config, paidIDs
}

// asked returns the operations of the calls, and which of the objects they were about.
func asked(w *clitest.Workspace, ids []string) (operations, about []string) {
	for _, request := range w.Sandbox.Requests() {
		operations = append(operations, request.Operation)
		for _, id := range ids {
			if strings.Contains(request.Path+"?"+request.Query+" "+request.Body, id) {
				about = append(about, id)
			}
		}
	}
	slices.Sort(operations)
	return operations, about
}

// storedObjects returns the attributes and the private data of all that is in the state.
func storedObjects(w *clitest.Workspace) (objects []string) {
	var state struct {
		Resources []struct {
			Name      string
			Instances []struct{ Attributes, Identity, Private any }
		}
	}
	w.Must(json.Unmarshal([]byte(w.MustExec("state", "pull")), &state))
	for _, one := range state.Resources {
		objects = append(objects, fmt.Sprint(one))
	}
	return objects
}

func TestRefreshPaidFalseAsksOnlyForWhatIsOpen(t *testing.T) {
	w, config, paid := shopOfPaid(t)
	stored := storedObjects(w)
	w.Write(config + withRefreshPaid(w, "false"))
	for _, run := range []func(...string) *clitest.Result{w.Plan, w.Apply} {
		w.Sandbox.ResetRequests()
		run().Succeeds().SaysNothing().ChangesNothing()
		// The payout is paid too, and its status is guarded.
		want := []string{"GetPayment", "GetTerminal", "p2p.read", "p2p.read", "paykeeper.byid"}
		if operations, about := asked(w, paid); !slices.Equal(operations, want) || len(about) > 0 {
			t.Errorf("%v were sent, want %v; about what is paid: %v", operations, want, about)
		}
	}
	if now := storedObjects(w); !slices.Equal(now, stored) {
		t.Errorf("what is stored, private data included, is\n%s\nand was\n%s", now, stored)
	}
	// Nothing that happens at the gateway to what is paid is noticed.
	for i, id := range paid[:20] {
		if w.Must(w.Sandbox.InvoiceAPI.SetPaymentStatus(id, "refunded", "")); i%2 == 0 {
			w.Must(w.Sandbox.InvoiceAPI.Payments.Delete(id))
		}
	}
	w.Must(w.Sandbox.P2P.SetStatus(paid[21], "dispute"))
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Write(config + withRefreshPaid(w, "true"))
	w.Sandbox.ResetRequests()
	w.Plan().Succeeds().ChangesNothing().Warns("A paid payment link is no longer shown as paid").Warns("A paid invoice is no longer shown as paid")
	if _, about := asked(w, paid); len(about) != len(paid) {
		t.Errorf("%d calls are about what is paid, want %d", len(about), len(paid))
	}
}

// What is guarded by "paid" stays so, without a call.
func TestRefreshPaidFalseGuardsWhatIsPaid(t *testing.T) {
	w := newWorkspace(t)
	block := withRefreshPaid(w, "false")
	w.MustApply(linkConfig + block)
	id := payLink(w)
	w.Sandbox.ResetRequests()
	w.Write(withLine(linkConfig, "amount", `amount = "10"`) + block)
	w.Plan().Fails("@amount", "A paid payment link cannot be changed", id)
	w.Write(linkConfig + block)
	w.Plan("-replace="+linkAddress).Fails("A paid payment link cannot be replaced", id)
	w.Destroy().Succeeds().Warns("A paid payment link is only removed from the state", id)
	w.Sent("GetPayment", 0)
	w.Sent("ClosePayment", 0)
	w.Sent("CreatePayment", 0)
}

// A destroy that was refused notes only that the invoice is paid. The next plan reads the rest, such
// as the payment's id, which a refund needs.
func TestRefreshPaidFalseReadsWhatADestroyFoundPaid(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(paykeeperInvoice() + withRefreshPaid(w, "false"))
	savePlan(w, "")
	w.PayInvoices()
	w.Apply("saved").Fails("A paid invoice cannot be replaced")
	w.StateHas(invoiceAddress, map[string]any{"paid": true, "status": "created", "payment_id": nil})
	w.Sandbox.ResetRequests()
	w.Apply().Succeeds()
	w.Sent("paykeeper.byid", 1)
	w.StateHas(invoiceAddress, map[string]any{"paid": true, "status": "paid"})
	if w.Attributes(invoiceAddress)["payment_id"] == nil {
		t.Error("the payment's id is not in the state")
	}
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("paykeeper.byid", 1)
	w.InvoicesAre("paid")
}

// What is imported is read, and so is what an older version stored, once.
func TestRefreshPaidFalseReadsWhatItDoesNotKnow(t *testing.T) {
	w := newWorkspace(t)
	block := withRefreshPaid(w, "false")
	w.MustApply(linkConfig + block)
	id := payLink(w)
	w.RewriteState(`"paid": true,`, "")
	w.Sandbox.ResetRequests()
	w.Apply().Succeeds().SaysNothing()
	w.Sent("GetPayment", 1)
	w.StateHas(linkAddress, map[string]any{"paid": true, "status": "successful"})
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("GetPayment", 1)

	w.Forget(linkAddress)
	w.MustExec("import", linkAddress, id)
	w.Sent("GetPayment", 2)
	w.StateHas(linkAddress, map[string]any{"paid": true, "amount": "1500.50", "id": id})
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("GetPayment", 2)
	w.Sent("CreatePayment", 0)
}

// The provider reads the environment, so this test runs alone.
func TestRefreshPaidComesFromTheEnvironmentToo(t *testing.T) {
	w := newWorkspaceBeside(t)
	w.MustApply(linkConfig)
	payLink(w)
	for _, c := range []struct {
		variable, block string
		reads           int
	}{
		{"", clitest.ProviderBlock(w.URL), 1},
		{"false", clitest.ProviderBlock(w.URL), 0},
		{"0", clitest.ProviderBlock(w.URL), 0},
		{"true", clitest.ProviderBlock(w.URL), 1},
		{"false", withRefreshPaid(w, "true"), 1},
		{"true", withRefreshPaid(w, "false"), 0},
		{"no", withRefreshPaid(w, "false"), 0}, // nobody asks for it
		// As long as it is unknown, everything is read.
		{"false", withRefreshPaid(w, "terraform_data.x.output") + "resource \"terraform_data\" \"x\" {\n  input = false\n}\n", 1},
	} {
		t.Setenv("INVOICE_REFRESH_PAID", c.variable)
		w.Sandbox.ResetRequests()
		w.Write(linkConfig + c.block)
		w.Plan().Succeeds().SaysNothing()
		w.Sent("GetPayment", c.reads)
	}
	for variable, setting := range map[string]string{"INVOICE_REFRESH_PAID": "refresh_paid", "INVOICE_ADOPT_EXISTING": "adopt_existing"} {
		t.Setenv("INVOICE_REFRESH_PAID", "")
		t.Setenv(variable, "no")
		w.Write(linkConfig)
		w.Plan().Fails("Invalid environment variable", variable+`="no": it must be true or false`, "set "+setting+" in the provider block")
	}
}

// Over the protocol, the answer is what was stored. A CLI that keeps no identity gets one.
func TestRefreshPaidFalseAnswersWithWhatIsStored(t *testing.T) {
	p := newPluginWith(t, testProvider(), "http://127.0.0.1:1", map[string]tftypes.Value{"refresh_paid": tftypes.NewValue(tftypes.Bool, false)})
	identities, err := p.server.GetResourceIdentitySchemas(context.Background(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	p.ok(err, identities.Diagnostics)
	paid := tftypes.NewValue(tftypes.Bool, true)
	incoming := p.nested("invoice_invoice", "p2p", map[string]tftypes.Value{"direction": text("in")})
	outgoing := p.nested("invoice_invoice", "p2p", map[string]tftypes.Value{"direction": text("out")})
	for name, c := range map[string]struct {
		typeName string
		state    map[string]tftypes.Value
		private  string
		isRead   bool
	}{
		"a link with answers":       {"invoice_payment_link", map[string]tftypes.Value{"id": text("7"), "paid": paid, "amount": text("5")}, `{"remote":"e30="}`, false},
		"a link with a mark":        {"invoice_payment_link", map[string]tftypes.Value{"id": text("7"), "paid": paid, "amount": text("5")}, `{"destroy":"dHJ1ZQ==","remote":"e30="}`, true},
		"a link with anything else": {"invoice_payment_link", map[string]tftypes.Value{"id": text("7"), "paid": paid, "amount": text("5")}, `{`, true},
		"a link without the mark":   {"invoice_payment_link", map[string]tftypes.Value{"id": text("7"), "paid": paid, "amount": text("5")}, `{"destroy":"ZmFsc2U="}`, false},
		"a terminal":                {"invoice_terminal", map[string]tftypes.Value{"id": text("7"), "alias": text("5"), "name": text("n")}, "", true},
		"a link":                    {"invoice_payment_link", map[string]tftypes.Value{"id": text("7"), "paid": paid, "amount": text("5")}, "", false},
		"an open link":              {"invoice_payment_link", map[string]tftypes.Value{"id": text("7"), "paid": tftypes.NewValue(tftypes.Bool, false), "amount": text("5")}, "", true},
		"a link of old":             {"invoice_payment_link", map[string]tftypes.Value{"id": text("7"), "status": text("successful"), "amount": text("5")}, "", true},
		"an unclear link":           {"invoice_payment_link", map[string]tftypes.Value{"order_id": text("7"), "status": text("unknown"), "paid": paid, "amount": text("5")}, "", true},
		"an invoice":                {"invoice_invoice", map[string]tftypes.Value{"id": text("7"), "gateway": text("p2p"), "paid": paid, "status": text("paid"), "amount": text("5"), "p2p": incoming}, "", false},
		"a disputed invoice":        {"invoice_invoice", map[string]tftypes.Value{"id": text("7"), "gateway": text("p2p"), "paid": paid, "status": text("disputed"), "amount": text("5"), "p2p": incoming}, "", false},
		"an invoice not read since": {"invoice_invoice", map[string]tftypes.Value{"id": text("7"), "gateway": text("p2p"), "paid": paid, "status": text("created"), "amount": text("5"), "p2p": incoming}, "", true},
		"a payout":                  {"invoice_invoice", map[string]tftypes.Value{"id": text("7"), "gateway": text("p2p"), "paid": paid, "status": text("paid"), "amount": text("5"), "p2p": outgoing}, "", true},
		"an invoice of none":        {"invoice_invoice", map[string]tftypes.Value{"id": text("7"), "gateway": text("paykeeper"), "paid": paid, "status": text("paid"), "amount": text("5")}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			of := p.schemas.ResourceSchemas[c.typeName].ValueType()
			for _, kept := range []*tfprotov6.ResourceIdentityData{nil, identityOf(p, identities.IdentitySchemas[c.typeName].ValueType(), "as it was")} {
				read, err := p.server.ReadResource(context.Background(), &tfprotov6.ReadResourceRequest{
					TypeName: c.typeName, CurrentState: p.encode(filled(of, c.state)), Private: []byte(c.private), CurrentIdentity: kept,
				})
				p.ok(err, nil)
				if c.isRead {
					if !hasError(read.Diagnostics) {
						t.Fatal("it was not read: nobody answers, and there is no error")
					}
					continue
				}
				if len(read.Diagnostics) > 0 || !filled(of, p.decode(read.NewState, of)).Equal(filled(of, c.state)) {
					t.Errorf("the state is %v, and there are %s", p.decode(read.NewState, of), describe(read.Diagnostics))
				}
				if got := string(read.Private); got != c.private {
					t.Errorf("the private data is %s", got)
				}
				want := "7"
				if kept != nil {
					want = "as it was"
				}
				if got := p.decode(read.NewIdentity.IdentityData, identities.IdentitySchemas[c.typeName].ValueType()); !got["id"].Equal(text(want)) {
					t.Errorf("the identity is %v, want %s", got, want)
				}
			}
		})
	}
}

// identityOf is an identity in which every attribute has one value.
func identityOf(p *plugin6, of tftypes.Type, value string) *tfprotov6.ResourceIdentityData {
	object, _ := of.(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name := range object.AttributeTypes {
		values[name] = text(value)
	}
	return &tfprotov6.ResourceIdentityData{IdentityData: p.encode(tftypes.NewValue(object, values))}
}
