package provider

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// generateForgotten forgets an applied invoice and returns the configuration that the CLI
// generates for it, which is not written yet, and the import block.
func generateForgotten(w *clitest.Workspace) (config, block string) {
	w.T.Helper()
	block = importing(invoiceAddress, forgetInvoice(w))
	w.Write(strings.Replace(block, "import {", "import {\n  provider = invoice", 1))
	planned := w.Plan("-generate-config-out=generated.tf")
	withoutWriteOnly(w, planned)
	file := filepath.Join(w.Dir, "generated.tf")
	text, err := os.ReadFile(file)
	if err != nil {
		w.T.Fatalf("%v: %s", err, planned)
	}
	w.Must(os.Remove(file))
	if strings.Contains(string(text), "2200000000000053") {
		w.T.Errorf("the receiver is in the generated configuration: %s", text)
	}
	return string(text), block
}

// withoutWriteOnly takes the write-only object out of what a CLI without write-only arguments has
// generated: it writes the object, and the framework refuses it there. The docs say so.
func withoutWriteOnly(w *clitest.Workspace, planned *clitest.Result) {
	w.T.Helper()
	if !strings.Contains(planned.String(), "WriteOnly Attribute Not Allowed") {
		return
	}
	file := filepath.Join(w.Dir, "generated.tf")
	text, err := os.ReadFile(file)
	w.Must(err)
	w.Must(os.WriteFile(file, []byte(withLine(string(text), "payment_requisites_wo", "")), 0o600))
}

// What the gateway never gives back may be added later, one by one. Each goes into the state and
// nothing is sent, even if something else was changed before.
func TestGeneratedP2PConfigurationIsCompletedInPlace(t *testing.T) {
	for name, c := range map[string]struct{ config, protection, otherAddress string }{
		"in":     {p2pInvoice(), "true", "A new invoice will be issued"},
		"payout": {payoutConfig, "false", "A payout cannot be changed"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(c.config)
			config, block := generateForgotten(w)
			w.Write(config + block)
			w.Plan().Succeeds().Changes(map[string]string{invoiceAddress: "import"})
			w.MustApply(config + block)
			inPlace := func(name, value string) {
				t.Helper()
				config = withLine(config, name, name+" = "+value)
				w.Write(config)
				w.Plan().Succeeds().Changes(map[string]string{invoiceAddress: "update"})
				w.Apply().Succeeds()
				w.Plan().Succeeds().SaysNothing().ChangesNothing()
			}
			inPlace("deletion_protection", c.protection)
			inPlace("notification_url", `"https://shop.example.com/hook"`)
			inPlace("notification_token", `"the-hook-token"`)
			w.SentNoChange()
			if name == "payout" {
				// The right requisites are no change, and others are refused.
				w.Write(withLine(config, "payment_requisites", `payment_requisites = { requisites = "2200000000000053" }`))
				w.Plan().Fails("A payout cannot be changed", "p2p.payment_requisites")
				w.Write(withLine(config, "payment_requisites", `payment_requisites = { requisites = "2200000000000053", holder = "ИВАН ИВАНОВ" }`))
				w.Plan().Succeeds().SaysNothing().ChangesNothing()
			}
			// From now on it is an invoice like those that Terraform has issued.
			w.Write(withLine(config, "notification_url", `notification_url = "https://other.example.com"`))
			planned := w.Plan()
			if !strings.Contains(planned.String(), c.otherAddress) {
				t.Errorf("the plan does not say %q: %s", c.otherAddress, planned)
			}
			w.Write(withLine(config, "notification_url", `notification_url = ""`))
			w.Plan().Fails()
			w.SentNoChange()
		})
	}
}

// Generated configuration makes nothing new: neither after the state was lost, nor in place of
// what it was generated for.
func TestGeneratedP2PConfigurationIssuesNothing(t *testing.T) {
	const noAddress, noToken = `p2p.notification_url: the value "" does not begin with http`, "one (and only one) of [p2p.notification_token,p2p.notification_token_wo] is required"
	for name, c := range map[string]struct{ config, replaced, tainted string }{
		"in":     {p2pInvoice(), noAddress, noToken},
		"payout": {payoutConfig, "A payout cannot be replaced", payoutInState},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(c.config)
			config, block := generateForgotten(w)
			w.Write(config)
			w.Plan().Fails(noAddress).Fails(noToken)
			if name == "payout" {
				w.Plan().Fails("A payout needs to know where the money goes", "p2p.payment_requisites, or p2p.payment_requisites_wo, is missing")
			}
			w.Apply().Fails()
			w.StateLacks(invoiceAddress)
			w.MustApply(config + block)
			w.Write(config)
			w.Apply("-replace=" + invoiceAddress).Fails(c.replaced)
			w.MustExec("taint", invoiceAddress)
			w.Apply().Fails(c.tainted)
			w.MustExec("untaint", invoiceAddress)
			w.Write(withLine(config, "amount", `amount = "5"`))
			w.Apply().Fails("The imported object cannot be changed", "amount")
			w.Write(config)
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.SentNoChange()
		})
	}
}

// An expired invoice cannot be renewed from a configuration that lacks what a new one needs.
func TestGeneratedP2PConfigurationRenewsNothing(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(p2pInvoice())
	config, block := generateForgotten(w)
	w.MustApply(config + block)
	w.Must(w.Sandbox.P2P.SetStatus(w.P2PInvoices()[0].ID, "expired"))
	config = withLine(config, "when_unpayable", `when_unpayable = "renew"`)
	w.MustApply(config)
	w.Plan().Succeeds().ChangesNothing().Warns("An expired invoice is not renewed", "p2p.notification_url")
	config = withLine(withLine(config, "notification_url", `notification_url = "https://shop.example.com/hook"`), "notification_token", `notification_token = "t"`)
	w.Write(config)
	w.Apply().Succeeds().Changes(map[string]string{invoiceAddress: "update"})
	w.SentNoChange()
	w.Plan().Succeeds().Warns("A new invoice will be issued")
}

// incompletePayouts are what the configuration of a new payout lacks, by the attribute at which
// the error is.
func incompletePayouts(requisites tftypes.Type) map[string]struct {
	attribute string
	value     tftypes.Value
} {
	return map[string]struct {
		attribute string
		value     tftypes.Value
	}{
		"no receiver":       {"payment_requisites", tftypes.NewValue(requisites, nil)},
		"an empty receiver": {"payment_requisites", filled(requisites, nil)},
		"a blank receiver":  {"payment_requisites", filled(requisites, map[string]tftypes.Value{"requisites": text(" ")})},
		"no token":          {"notification_token", tftypes.NewValue(tftypes.String, nil)},
		"no address":        {"notification_url", text("")},
	}
}

// A payout that exists needs less than a new one. Whether it is new is decided over the plugin
// protocol: the plan of a new one fails at the attribute, and so does the apply of one that was
// planned while its values were unknown.
func TestOnlyANewPayoutNeedsEverything(t *testing.T) {
	box := clitest.OpenSandbox(t)
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	p := newPlugin(t, server.URL)
	kind := p.schemas.ResourceSchemas["invoice_invoice"].ValueType()
	requisites := attributeType(attributeType(kind, "p2p"), "payment_requisites")
	payout := func(orderID string, attribute string, value tftypes.Value) map[string]tftypes.Value {
		block := map[string]tftypes.Value{
			"direction": text("out"), "notification_url": text("https://shop.example.com/hook"), "notification_token": text("token"),
			"payment_option": text("TO_CARD"), "payment_method": text("sberbank"),
			"payment_requisites": filled(requisites, map[string]tftypes.Value{"requisites": text("2200000000000053")}),
		}
		if attribute != "" {
			block[attribute] = value
		}
		return map[string]tftypes.Value{
			"amount": text("700"), "order_id": text(orderID), "currency": text("RUB"), "when_unpayable": text("keep"), "p2p": p.nested("invoice_invoice", "p2p", block),
		}
	}
	made := p.create("invoice_invoice", payout("payout-1", "", tftypes.Value{}))
	p = newPlugin(t, server.URL) // another run
	imported, _ := p.importByIdentity(t, "invoice_invoice", map[string]tftypes.Value{"gateway": text("p2p"), "id": made["id"]})
	generated := p.inside(imported["p2p"])
	generated["payment_requisites"] = filled(requisites, nil)
	if url := generated["notification_url"]; !url.Equal(text("")) {
		t.Errorf("the address of an imported payout is %s", url)
	}
	config := map[string]tftypes.Value{}
	for name, value := range imported {
		config[name] = value
	}
	config["p2p"] = tftypes.NewValue(imported["p2p"].Type(), generated)
	planned := p.planFrom("invoice_invoice", imported, config)
	p.ok(nil, planned.Diagnostics)
	if got := p.decode(planned.PlannedState, kind); !tftypes.NewValue(kind, got).Equal(tftypes.NewValue(kind, imported)) {
		t.Errorf("planned %v, not %v", got, imported)
	}
	for name, c := range incompletePayouts(requisites) {
		t.Run(name, func(t *testing.T) {
			at := tftypes.NewAttributePath().WithAttributeName("p2p").WithAttributeName(c.attribute)
			isRefused := func(found []*tfprotov6.Diagnostic) {
				t.Helper()
				for _, one := range found {
					if one.Severity == tfprotov6.DiagnosticSeverityError && one.Attribute.Equal(at) {
						return
					}
				}
				t.Errorf("no error at %s: %v", at, found)
			}
			isRefused(p.planFrom("invoice_invoice", nil, payout(name, c.attribute, c.value)).Diagnostics)
			// The plan did not know it.
			incomplete := payout("late, "+name, c.attribute, c.value)
			request := p.planNew("invoice_invoice", payout("late, "+name, "", tftypes.Value{}))
			late := p.decode(request.PlannedState, kind)
			inside := p.inside(late["p2p"])
			inside[c.attribute] = c.value
			late["p2p"] = tftypes.NewValue(late["p2p"].Type(), inside)
			request.PlannedState, request.Config = p.encode(tftypes.NewValue(kind, late)), p.encode(filled(kind, incomplete))
			applied, err := p.server.ApplyResourceChange(t.Context(), request)
			p.ok(err, nil)
			isRefused(applied.Diagnostics)
		})
	}
	if sent := len(box.Requests("p2p.create")); sent != 1 {
		t.Errorf("%d payouts were sent", sent)
	}
}
