package provider

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// Each end of a link, as a payer brings it about on its page or the clock does, with a plan in
// between. A paid one stays. A declined or expired one is kept or renewed.

var linkEnds = map[string]func(*clitest.Workspace){
	"declined by the card": func(w *clitest.Workspace) {
		openPage(w, linkAddress).press("card", invoiceapi.DeclinedCard).offersNothing()
	},
	"declined by a fault": func(w *clitest.Workspace) {
		declineNext(w, "invoice.pay")
		openPage(w, linkAddress).press("card", invoiceapi.TestCard).offersNothing()
	},
	"expired": func(w *clitest.Workspace) {
		advance(w, "23h")
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		advance(w, "2h")
		openPage(w, linkAddress).offersNothing()
	},
}

// linkThat is a link that is kept or renewed.
func linkThat(when string) string {
	return withLine(linkConfig, "when_unpayable", `when_unpayable = "`+when+`"`)
}

func TestEndsOfALink(t *testing.T) {
	for _, when := range []string{"keep", "renew"} {
		t.Run("paid "+when, func(t *testing.T) {
			w := newWorkspace(t, "expired=fail")
			w.MustApply(linkThat(when))
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			openPage(w, linkAddress).press("card", invoiceapi.TestCard).offersNothing()
			advance(w, "48h")
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.Apply().Succeeds()
			w.StateHas(linkAddress, map[string]any{"status": "successful", "paid": true})
			w.Sent("CreatePayment", 1)
		})
		for end, bring := range linkEnds {
			t.Run(end+" "+when, func(t *testing.T) {
				w := newWorkspace(t, "expired=fail")
				w.MustApply(linkThat(when))
				w.Plan().Succeeds().SaysNothing().ChangesNothing()
				bring(w)
				if when == "keep" {
					w.Plan().Succeeds().Warns("A payment link can no longer be paid", `when_unpayable = "renew"`).ChangesNothing()
					w.Apply().Succeeds()
					w.StateHas(linkAddress, map[string]any{"status": "fail", "paid": false})
					w.PaymentsAre("fail")
					return
				}
				w.Plan().Succeeds().Warns("A new payment link will be issued").Changes(map[string]string{linkAddress: "replace"})
				w.Apply().Succeeds()
				w.Plan().Succeeds().SaysNothing().ChangesNothing()
				w.PaymentsAre("fail init")
				openPage(w, linkAddress).press("card", invoiceapi.TestCard)
				w.Plan().Succeeds().SaysNothing().ChangesNothing()
				w.PaymentsAre("fail successful")
			})
		}
	}
}

// A gateway may leave the status as it was. Then the clock of the provider's own machine counts,
// which nobody moved.
func TestExpiredLinkThatShowsAsOpen(t *testing.T) {
	w := newWorkspace(t, "expired=init")
	w.MustApply(linkThat("renew"))
	advance(w, "25h")
	openPage(w, linkAddress).offersNothing()
	w.Apply().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("CreatePayment", 1)
}

// invoiceThat is an invoice that is kept or renewed.
func invoiceThat(config, when string) string {
	return withLine(config, "order_id", "order_id = \"order-1\"\n  when_unpayable = \""+when+"\"")
}

func TestEndsOfAPayKeeperInvoice(t *testing.T) {
	for _, when := range []string{"keep", "renew"} {
		config := invoiceThat(withLine(paykeeperInvoice(), "expiry_date", ""), when)
		t.Run("declined, then paid "+when, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(config)
			w.Apply().Succeeds() // the first read shows what the gateway makes of texts
			// A bank that declines leaves the invoice open.
			declineNext(w, "paykeeper.pay")
			declined := openPage(w, invoiceAddress).press("", "")
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.InvoicesAre("created")
			declined.press("", "").offersNothing()
			advance(w, "960h")
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.Apply().Succeeds()
			w.StateHas(invoiceAddress, map[string]any{"status": "paid", "paid": true})
			w.InvoicesAre("paid")
		})
		t.Run("expired "+when, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(config)
			expireSoon(w)
			w.Apply().Succeeds()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			advance(w, "5m")
			openPage(w, invoiceAddress).offersNothing()
			checkExpired(w, when, "created")
		})
		// PayKeeper shows a revoked invoice as expired, too. If only the sandbox's clock says that
		// its time is over, it was revoked for the provider: another one is issued, whatever
		// when_unpayable says.
		t.Run("expired by the sandbox's clock alone "+when, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(config)
			advance(w, "960h")
			openPage(w, invoiceAddress).offersNothing()
			w.Plan().Succeeds().Warns("shows as expired before its time").Changes(map[string]string{invoiceAddress: "create"})
			w.Apply().Succeeds()
			w.InvoicesAre("expired created")
		})
	}
}

// expireSoon lets the only invoice of PayKeeper expire in some minutes, by fixtures: its API
// knows days only.
func expireSoon(w *clitest.Workspace) {
	w.T.Helper()
	before := w.PayKeeperInvoices()[0].ExpiryDatetime
	soon := time.Now().Add(4 * time.Minute).In(values.Moscow).Format(time.DateTime)
	fixtures := ask(w, http.MethodGet, w.URL+"/sandbox/fixtures", "", "").body
	ask(w, http.MethodPost, w.URL+"/sandbox/fixtures", "application/json", strings.ReplaceAll(fixtures, before, soon))
}

// checkExpired looks at the plan and the apply after the only invoice has expired.
func checkExpired(w *clitest.Workspace, when, open string) {
	w.T.Helper()
	if when == "keep" {
		w.Plan().Succeeds().Warns("An invoice can no longer be paid", "when_unpayable").ChangesNothing()
		w.Apply().Succeeds()
		w.StateHas(invoiceAddress, map[string]any{"status": "expired", "paid": false})
		w.InvoicesAre("expired")
		return
	}
	w.Plan().Succeeds().Warns("A new invoice will be issued", "has expired").Changes(map[string]string{invoiceAddress: "replace"})
	w.Apply().Succeeds()
	w.InvoicesAre("expired " + open)
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
}

func TestEndsOfAP2PInvoice(t *testing.T) {
	for _, when := range []string{"keep", "renew"} {
		for action, status := range map[string]string{"paid": "paid", "dispute": "disputed"} {
			t.Run(action+" "+when, func(t *testing.T) {
				w := newWorkspace(t)
				w.MustApply(invoiceThat(p2pInvoice(), when))
				w.Plan().Succeeds().SaysNothing().ChangesNothing()
				openPage(w, invoiceAddress).press("action", action).offersNothing()
				advance(w, "2h")
				w.Plan().Succeeds().ChangesNothing()
				w.Apply().Succeeds()
				w.StateHas(invoiceAddress, map[string]any{"status": status, "paid": action == "paid"})
				w.InvoicesAre(action)
				w.Sent("p2p.create", 1)
			})
		}
		t.Run("expired "+when, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(invoiceThat(p2pInvoice(), when))
			advance(w, "59m")
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			advance(w, "2m")
			openPage(w, invoiceAddress).offersNothing()
			checkExpired(w, when, "new")
		})
	}
}
