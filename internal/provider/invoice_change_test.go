package provider

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// Whatever changes, a new invoice is issued, and the old one can no longer be
// paid.
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
		"to p2p":          {paykeeper, p2p, "its gateway changes"},
		"to paykeeper":    {p2p, paykeeper, "its gateway changes"},
		"an address less": {paykeeper, withLine(paykeeper, "client_phone", ""), "paykeeper.client_phone changed"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.mustApply(c.before)
			before := w.attributes(invoiceAddress)
			w.write(c.after)
			w.plan().succeeds().warns("A new invoice will be issued", fmt.Sprint(before["gateway"], "/", before["id"]), c.changed).changes(map[string]string{invoiceAddress: "replace"})
			w.apply().succeeds()
			w.plan().succeeds().quiet().changes(nil)
			open := 0
			for _, one := range w.paykeeperInvoices() {
				if one.Status == "created" {
					open++
				}
			}
			for _, one := range w.p2pInvoices() {
				if one.Status == "new" {
					open++
				}
			}
			if all := len(w.paykeeperInvoices()) + len(w.p2pInvoices()); all != 2 || open != 1 {
				t.Errorf("%d invoices, %d of them open; want 2 and 1", all, open)
			}
		})
	}
}

func TestInvoiceSameWrittenOtherwise(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(paykeeperInvoice())
	w.write(strings.NewReplacer(`"1500.50"`, `"1500.5"`, `price = "500"`, `price = "500.00"`, `quantity = "3"`, `quantity = "3.0"`, `sum = "0.50"`, `sum = 0.5`).Replace(paykeeperInvoice()))
	w.plan().succeeds().quiet().changes(nil)
}

// What becomes paid while it is being destroyed is only forgotten.
func TestInvoicePaidBeforeItIsDestroyed(t *testing.T) {
	for name, config := range map[string]string{"paykeeper": paykeeperInvoice(), "p2p": p2pInvoice()} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.mustApply(config)
			pay := func() {
				if name == "paykeeper" {
					w.check(w.sandbox.PayPayKeeperInvoice(w.paykeeperInvoices()[0].ID))
				} else {
					w.check(w.sandbox.SetP2PInvoiceStatus(w.p2pInvoices()[0].ID, "paid"))
				}
			}
			pay()
			w.destroy("-refresh=false").succeeds().warns("A paid invoice is only removed from the state")
			w.invoiceStatuses("paid")
			w.notInState(invoiceAddress)
		})
	}
}

// A whole object that is not known while planning.
func TestInvoiceObjectNotKnownYet(t *testing.T) {
	const late = "\nresource \"terraform_data\" \"late\" {\n  input = %q\n}\n"
	config := strings.Replace(p2pInvoice(), "p2p = {", `p2p = terraform_data.late.output == "none" ? null : {`, 1)
	w := newWorkspace(t)
	w.mustApply(config + fmt.Sprintf(late, "1"))
	w.write(config + fmt.Sprintf(late, "2"))
	w.plan().succeeds().warns("A new invoice will be issued", "p2p is not known yet")
	w.apply().succeeds()
	w.plan().succeeds().quiet().changes(nil)
	w.write(config + fmt.Sprintf(late, "3"))
	w.destroy().succeeds()

	payout := strings.Replace(payoutConfig, "p2p = {", `p2p = terraform_data.late.output == "none" ? null : {`, 1)
	w.mustApply(payout + fmt.Sprintf(late, "1"))
	w.sandbox.ResetRequests()
	w.write(payout + fmt.Sprintf(late, "2"))
	w.apply().succeeds()
	w.plan().succeeds().quiet().changes(nil)
	w.sent("p2p.create", 0)
}

// What can neither be withdrawn nor forgotten is an error that names the way out.
func TestInvoiceInDisputeIsNotDestroyed(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(p2pInvoice())
	w.check(w.sandbox.SetP2PInvoiceStatus(w.p2pInvoices()[0].ID, "dispute"))
	w.apply().succeeds()
	w.inState(invoiceAddress, map[string]any{"status": "disputed", "gateway_status": "dispute"})
	w.destroy().fails().errors("Cannot withdraw invoice p2p/", "нельзя отменить", `It is "dispute"`, "terraform state rm")
	w.inState(invoiceAddress, map[string]any{"status": "disputed"})
}

// Destroying what is gone, expired or revoked already is no error; a gateway
// that cannot be asked is one.
func TestInvoiceDestroyedWhenGone(t *testing.T) {
	inDialects(t, [][]string{nil, {"paykeeper_repeated_revoke=fail", "p2p_repeated_cancel=error"}, {"paykeeper_revoked=missing", "p2p_cancel=empty"}}, func(_ *testing.T, w *workspace) {
		for _, status := range []string{"revoked", "expired", "absent"} {
			w.mustApply(paykeeperInvoice())
			all := w.paykeeperInvoices()
			if id := all[len(all)-1].ID; status == "absent" {
				w.check(w.sandbox.DeletePayKeeperInvoice(id))
			} else {
				w.check(w.sandbox.SetPayKeeperInvoiceStatus(id, status))
			}
			w.destroy("-refresh=false").succeeds().quiet()
		}
		for _, status := range []string{"canceled", "expired", "absent"} {
			w.mustApply(p2pInvoice())
			all := w.p2pInvoices()
			if id := all[len(all)-1].ID; status == "absent" {
				w.check(w.sandbox.DeleteP2PInvoice(id))
			} else {
				w.check(w.sandbox.SetP2PInvoiceStatus(id, status))
			}
			w.destroy("-refresh=false").succeeds().quiet()
		}
	})
	w := newWorkspaceBeside(t)
	w.mustApply(paykeeperInvoice())
	w.sandbox.Inject(sandbox.Fault{Operation: "paykeeper.revoke", Kind: sandbox.FaultStatus, Status: 500})
	w.destroy().fails().errors("Cannot withdraw invoice paykeeper/", "HTTP 500", `It is "created"`, "terraform state rm")
	w.inState(invoiceAddress, map[string]any{"status": "created"})
}

// A gateway that answers with errors, pages or to a stranger never makes an
// invoice "gone".
func TestInvoiceReadFailsIsNotGone(t *testing.T) {
	for operation, config := range map[string]string{"paykeeper.byid": paykeeperInvoice(), "p2p.read": p2pInvoice()} {
		for name, fault := range map[string]sandbox.Fault{
			"500": {Kind: sandbox.FaultStatus, Status: 500}, "404 of a proxy": {Kind: sandbox.FaultStatus, Status: 404}, "page": {Kind: sandbox.FaultHTML}, "401": {Kind: sandbox.FaultStatus, Status: 401},
		} {
			t.Run(operation+" "+name, func(t *testing.T) {
				w := newWorkspace(t)
				w.mustApply(config)
				fault := fault
				fault.Operation = operation
				w.sandbox.Inject(fault)
				w.plan().fails().errors("Cannot read invoice ")
				w.sandbox.ClearFaults()
				w.plan().succeeds().quiet().changes(nil)
			})
		}
	}
}

func TestInvoiceExpired(t *testing.T) {
	expire := func(w *workspace) {
		all := w.paykeeperInvoices()
		for _, one := range all {
			w.check(w.sandbox.UpdatePayKeeperInvoice(one.ID, func(i *sandbox.PayKeeperInvoice) {
				i.Status, i.ExpiryDatetime = "expired", time.Now().Add(-time.Hour).UTC().Format(time.DateTime)
			}))
		}
		for _, one := range w.p2pInvoices() {
			w.check(w.sandbox.UpdateP2PInvoice(one.ID, func(i *sandbox.P2PInvoice) {
				i.Status, i.ExpireAt = "expired", time.Now().Add(-time.Minute).UTC().Format("2006-01-02T15:04:05-07:00")
			}))
		}
	}
	t.Run("kept", func(t *testing.T) {
		w := newWorkspace(t)
		w.mustApply(p2pInvoice())
		expire(w)
		w.apply().succeeds().warns("An invoice can no longer be paid", "when_unpayable").changes(nil)
		w.plan().succeeds().quiet().changes(nil)
		w.inState(invoiceAddress, map[string]any{"status": "expired"})
		w.sent("p2p.create", 1)
	})
	t.Run("renewed", func(t *testing.T) {
		w := newWorkspace(t)
		config := withLine(p2pInvoice(), "order_id", "order_id = \"order-1\"\n  when_unpayable = \"renew\"")
		w.mustApply(config)
		expire(w)
		w.plan().succeeds().warns("A new invoice will be issued", "has expired").changes(map[string]string{invoiceAddress: "replace"})
		w.apply().succeeds()
		w.plan().succeeds().quiet().changes(nil)
		w.sent("p2p.create", 2)
	})
	// An invoice of PayKeeper that shows as expired before its time was revoked;
	// one whose time had come has expired.
	for when, want := range map[string]map[string]string{"renew": {invoiceAddress: "replace"}, "keep": nil} {
		t.Run("PayKeeper "+when, func(t *testing.T) {
			w := newWorkspace(t)
			config := withLine(paykeeperInvoice(), "order_id", fmt.Sprintf("order_id = \"order-1\"\n  when_unpayable = %q", when))
			w.mustApply(withLine(config, "expiry_date", ""))
			id := w.paykeeperInvoices()[0].ID
			w.check(w.sandbox.UpdatePayKeeperInvoice(id, func(i *sandbox.PayKeeperInvoice) {
				i.ExpiryDatetime = time.Now().Add(5 * time.Minute).In(values.Moscow).Format(time.DateTime)
			}))
			w.run("apply", "-auto-approve", "-refresh-only").succeeds()
			w.check(w.sandbox.SetPayKeeperInvoiceStatus(id, "expired"))
			w.plan().succeeds().changes(want)
			w.apply().succeeds()
			w.plan().succeeds().quiet().changes(nil)
			w.invoiceStatuses(map[string]string{"renew": "expired created", "keep": "expired"}[when])
		})
	}
	// A new invoice with the old date could never be paid: that is no reason for
	// an error in the way of everything else.
	t.Run("PayKeeper renewed with a date that is over", func(t *testing.T) {
		w := newWorkspace(t)
		config := withLine(paykeeperInvoice(), "order_id", "order_id = \"order-1\"\n  when_unpayable = \"renew\"")
		w.write(config)
		w.apply().succeeds()
		w.apply().succeeds() // the first read settles what the gateway makes of texts
		w.check(w.sandbox.UpdatePayKeeperInvoice(w.paykeeperInvoices()[0].ID, func(i *sandbox.PayKeeperInvoice) {
			i.Status, i.ExpiryDatetime = "expired", dayFromNow(0)+" 00:00:00"
		}))
		file := filepath.Join(w.dir, "terraform.tfstate")
		state, err := os.ReadFile(file)
		w.check(err)
		promised := func(day int) string { return fmt.Sprintf(`"expires_at": "%sT00:00:00+03:00"`, dayFromNow(day)) }
		w.check(os.WriteFile(file, bytes.Replace(state, []byte(promised(3)), []byte(promised(0)), 1), 0o600))
		w.write(strings.Replace(config, dayFromNow(3), dayFromNow(0), 1))
		w.plan().succeeds().warns("An expired invoice is not renewed", "paykeeper.expiry_date is "+dayFromNow(0), "Give a later day").changes(nil)
		w.write(config)
		w.apply().succeeds()
		w.invoiceStatuses("expired created")
	})
}
