package provider

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// Every change issues a new invoice, and the old one can no longer be paid.
func TestInvoiceChangeReplaces(t *testing.T) {
	paykeeper := paykeeperInvoice()
	p2p := p2pInvoice()
	for name, c := range map[string]struct{ before, after, changed string }{
		"amount":          {p2p, withLine(p2p, "amount", `amount = "1001"`), "amount changed"},
		"customer_id":     {p2p, withLine(p2p, "customer_id", `customer_id = "uid-2"`), "customer_id changed"},
		"payment_method":  {p2p, withLine(p2p, "payment_method", `payment_method = "tinkoff"`), "p2p.payment_method changed"},
		"token":           {p2p, withLine(p2p, "notification_token", `notification_token = "x"`), "p2p.notification_token changed"},
		"service_name":    {paykeeper, withLine(paykeeper, "service_name", `service_name = "x"`), "paykeeper.service_name changed"},
		"client_email":    {paykeeper, withLine(paykeeper, "client_email", `client_email = "x@example.com"`), "paykeeper.client_email changed"},
		"expiry_date":     {paykeeper, withLine(paykeeper, "expiry_date", fmt.Sprintf("expiry_date = %q", dayFromNow(4))), "paykeeper.expiry_date changed"},
		"cart":            {paykeeper, strings.Replace(paykeeper, "vat20", "vat10", 1), "paykeeper.cart changed"},
		"item_type":       {paykeeperKinds(), strings.Replace(paykeeperKinds(), "goods", "service", 1), "paykeeper.cart changed"},
		"measure":         {paykeeperKinds(), strings.Replace(paykeeperKinds(), `, measure = "шт"`, "", 1), "paykeeper.cart changed"},
		"language":        {paykeeperInEnglish(), strings.Replace(paykeeperInEnglish(), `"en"`, `"ru"`, 1), "paykeeper.language changed"},
		"result_url":      {paykeeperInEnglish(), withLine(paykeeperInEnglish(), "result_url", ""), "paykeeper.result_url changed"},
		"to p2p":          {paykeeper, p2p, "its gateway changes"},
		"to paykeeper":    {p2p, paykeeper, "its gateway changes"},
		"an address less": {paykeeper, withLine(paykeeper, "client_phone", ""), "paykeeper.client_phone changed"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(c.before)
			before := w.Attributes(invoiceAddress)
			w.Write(c.after)
			w.Plan().Succeeds().Warns("A new invoice will be issued", fmt.Sprint(before["gateway"], "/", before["id"]), c.changed).Changes(map[string]string{invoiceAddress: "replace"})
			w.Apply().Succeeds()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.InvoiceCountsAre(2, 1)
		})
	}
}

func TestInvoiceWrittenOtherwiseIsTheSame(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(paykeeperInvoice())
	w.Write(strings.NewReplacer(`"1500.50"`, `"1500.5"`, `price = "500"`, `price = "500.00"`, `quantity = "3"`, `quantity = "3.0"`, `sum = "0.50"`, `sum = 0.5`).Replace(paykeeperInvoice()))
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
}

// Terraform destroys an invoice that is paid meanwhile. It is only forgotten.
func TestInvoicePaidBeforeItIsDestroyedIsForgotten(t *testing.T) {
	for name, config := range invoiceKinds {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(config)
			pay := func() {
				if name == "paykeeper" {
					w.Must(w.Sandbox.PayKeeper.Pay(w.PayKeeperInvoices()[0].ID))
				} else {
					w.Must(w.Sandbox.P2P.SetStatus(w.P2PInvoices()[0].ID, "paid"))
				}
			}
			pay()
			w.Destroy("-refresh=false").Succeeds().Warns("A paid invoice is only removed from the state")
			w.InvoicesAre("paid")
			w.StateLacks(invoiceAddress)
		})
	}
}

// The gateway's whole object may be unknown while planning.
func TestInvoiceObjectMayBeUnknownInThePlan(t *testing.T) {
	const late = "\nresource \"terraform_data\" \"late\" {\n  input = %q\n}\n"
	config := strings.Replace(p2pInvoice(), "p2p = {", `p2p = terraform_data.late.output == "none" ? null : {`, 1)
	w := newWorkspace(t)
	w.MustApply(config + fmt.Sprintf(late, "1"))
	w.Write(config + fmt.Sprintf(late, "2"))
	w.Plan().Succeeds().Warns("A new invoice will be issued", "p2p is not known yet")
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Write(config + fmt.Sprintf(late, "3"))
	w.Destroy().Succeeds()

	payout := strings.Replace(payoutConfig, "p2p = {", `p2p = terraform_data.late.output == "none" ? null : {`, 1)
	w.MustApply(payout + fmt.Sprintf(late, "1"))
	w.Sandbox.ResetRequests()
	w.Write(payout + fmt.Sprintf(late, "2"))
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("p2p.create", 0)
}

// An invoice in dispute can be neither withdrawn nor forgotten. The error names the way out.
func TestInvoiceInDisputeIsNotDestroyed(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(p2pInvoice())
	w.Must(w.Sandbox.P2P.SetStatus(w.P2PInvoices()[0].ID, "dispute"))
	w.Apply().Succeeds()
	w.StateHas(invoiceAddress, map[string]any{"status": "disputed", "gateway_status": "dispute"})
	deals, _ := invoiceBlock(w, "p2p")["deals"].([]any)
	if deal, _ := deals[0].(map[string]any); deal["dispute_reason"] != "no_payment" || !strings.HasPrefix(fmt.Sprint(deal["dispute_attachment_url"]), w.URL+"/p2p/attachments/") {
		t.Errorf("deal: %v", deal)
	}
	w.Destroy().Fails("Cannot withdraw invoice p2p/", "нельзя отменить", `Its status is "dispute"`, "terraform state rm")
	w.StateHas(invoiceAddress, map[string]any{"status": "disputed"})
}

// Destroying an invoice that is gone, expired or revoked is no error. A gateway that cannot be
// asked is one.
func TestDestroyingAGoneInvoiceIsNoError(t *testing.T) {
	inDialects(t, [][]string{nil, {"paykeeper_repeated_revoke=fail", "p2p_repeated_cancel=error"}, {"paykeeper_revoked=missing", "p2p_cancel=empty"}}, func(_ *testing.T, w *clitest.Workspace) {
		end := func(status string, remove func(id string) error, set func(id, status string) error) {
			id := fmt.Sprint(w.Attributes(invoiceAddress)["id"])
			if status == "absent" {
				w.Must(remove(id))
			} else {
				w.Must(set(id, status))
			}
			w.Destroy("-refresh=false").Succeeds().SaysNothing()
		}
		for _, status := range []string{"revoked", "expired", "absent"} {
			w.MustApply(paykeeperInvoice())
			end(status, w.Sandbox.PayKeeper.Invoices.Delete, w.Sandbox.PayKeeper.SetStatus)
		}
		for _, status := range []string{"canceled", "expired", "absent"} {
			w.MustApply(p2pInvoice())
			end(status, w.Sandbox.P2P.Invoices.Delete, w.Sandbox.P2P.SetStatus)
		}
	})
	w := newWorkspaceBeside(t)
	w.MustApply(paykeeperInvoice())
	w.Sandbox.Inject(sandbox.Fault{Operation: "paykeeper.revoke", Kind: sandbox.FaultStatus, Status: 500})
	w.Destroy().Fails("Cannot withdraw invoice paykeeper/", "HTTP 500", `Its status is "created"`, "terraform state rm")
	w.StateHas(invoiceAddress, map[string]any{"status": "created"})
}

// An error, a page or an answer to a stranger never means that an invoice is gone.
func TestInvoiceIsNotGoneWhenAReadFails(t *testing.T) {
	for operation, config := range map[string]string{"paykeeper.byid": paykeeperInvoice(), "p2p.read": p2pInvoice()} {
		for name, fault := range map[string]sandbox.Fault{
			"500": {Kind: sandbox.FaultStatus, Status: 500}, "404 of a proxy": {Kind: sandbox.FaultStatus, Status: 404}, "page": {Kind: sandbox.FaultHTML}, "401": {Kind: sandbox.FaultStatus, Status: 401},
		} {
			t.Run(operation+" "+name, func(t *testing.T) {
				w := newWorkspace(t)
				w.MustApply(config)
				fault := fault
				fault.Operation = operation
				w.Sandbox.Inject(fault)
				w.Plan().Fails("Cannot read invoice ")
				w.Sandbox.ClearFaults()
				w.Plan().Succeeds().SaysNothing().ChangesNothing()
			})
		}
	}
}

func TestExpiredInvoiceIsKeptOrRenewed(t *testing.T) {
	expire := func(w *clitest.Workspace) {
		all := w.PayKeeperInvoices()
		for _, one := range all {
			w.Must(w.Sandbox.PayKeeper.Invoices.Update(one.ID, func(i *paykeeper.Invoice) {
				i.Status, i.ExpiryDatetime = "expired", time.Now().Add(-time.Hour).UTC().Format(time.DateTime)
			}))
		}
		for _, one := range w.P2PInvoices() {
			w.Must(w.Sandbox.P2P.Invoices.Update(one.ID, func(i *p2p.Invoice) {
				i.Status, i.ExpireAt = "expired", time.Now().Add(-time.Minute).UTC().Format("2006-01-02T15:04:05-07:00")
			}))
		}
	}
	t.Run("kept", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(p2pInvoice())
		expire(w)
		w.Apply().Succeeds().Warns("An invoice can no longer be paid", "when_unpayable").ChangesNothing()
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.StateHas(invoiceAddress, map[string]any{"status": "expired"})
		w.Sent("p2p.create", 1)
	})
	t.Run("renewed", func(t *testing.T) {
		w := newWorkspace(t)
		config := withLine(p2pInvoice(), "order_id", "order_id = \"order-1\"\n  when_unpayable = \"renew\"")
		w.MustApply(config)
		expire(w)
		w.Plan().Succeeds().Warns("A new invoice will be issued", "has expired").Changes(map[string]string{invoiceAddress: "replace"})
		w.Apply().Succeeds()
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.Sent("p2p.create", 2)
	})
	// PayKeeper shows a revoked invoice as expired. Before its time it was revoked, after its
	// time it has expired.
	for when, want := range map[string]map[string]string{"renew": {invoiceAddress: "replace"}, "keep": nil} {
		t.Run("PayKeeper "+when, func(t *testing.T) {
			w := newWorkspace(t)
			config := withLine(paykeeperInvoice(), "order_id", fmt.Sprintf("order_id = \"order-1\"\n  when_unpayable = %q", when))
			w.MustApply(withLine(config, "expiry_date", ""))
			id := w.PayKeeperInvoices()[0].ID
			w.Must(w.Sandbox.PayKeeper.Invoices.Update(id, func(i *paykeeper.Invoice) {
				i.ExpiryDatetime = time.Now().Add(5 * time.Minute).In(values.Moscow).Format(time.DateTime)
			}))
			w.Apply("-refresh-only").Succeeds()
			w.Must(w.Sandbox.PayKeeper.SetStatus(id, "expired"))
			w.Plan().Succeeds().Changes(want)
			w.Apply().Succeeds()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.InvoicesAre(map[string]string{"renew": "expired created", "keep": "expired"}[when])
		})
	}
	// A new invoice with the old date could never be paid. That is a warning, since an error
	// would block everything else.
	t.Run("PayKeeper renewed with a date that is over", func(t *testing.T) {
		w := newWorkspace(t)
		config := withLine(paykeeperInvoice(), "order_id", "order_id = \"order-1\"\n  when_unpayable = \"renew\"")
		w.Write(config)
		w.Apply().Succeeds()
		w.Apply().Succeeds() // the first read shows what the gateway makes of texts
		w.Must(w.Sandbox.PayKeeper.Invoices.Update(w.PayKeeperInvoices()[0].ID, func(i *paykeeper.Invoice) {
			i.Status, i.ExpiryDatetime = "expired", dayFromNow(0)+" 00:00:00"
		}))
		promised := func(day int) string { return fmt.Sprintf(`"expires_at": "%sT00:00:00+03:00"`, dayFromNow(day)) }
		w.RewriteState(regexp.QuoteMeta(promised(3)), promised(0))
		w.Write(strings.Replace(config, dayFromNow(3), dayFromNow(0), 1))
		w.Plan().Succeeds().Warns("An expired invoice is not renewed", "paykeeper.expiry_date is "+dayFromNow(0), "Give a later day").ChangesNothing()
		w.Write(config)
		w.Apply().Succeeds()
		w.InvoicesAre("expired created")
	})
}
