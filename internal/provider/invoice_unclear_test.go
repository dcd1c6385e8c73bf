package provider

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// faultyFront stands before the sandbox. While isLosing is set, creations get no answer, before
// their work or after it. While isBlind is set, nothing is found.
type faultyFront struct {
	isLosing, isBlind, isBefore atomic.Bool
	block                       string
}

func newFaultyFront(w *clitest.Workspace) *faultyFront {
	w.T.Helper()
	front := &faultyFront{}
	proxy := httptest.NewServer(http.HandlerFunc(func(resp http.ResponseWriter, req *http.Request) {
		operation := path.Base(req.URL.Path)
		isCreation := req.Method == http.MethodPost && (operation == "preview" || operation == "invoices")
		isLookUp := operation == "search" || strings.Contains(req.URL.Path, "internal-id")
		switch {
		case isCreation && front.isLosing.Load():
			if !front.isBefore.Load() {
				w.Sandbox.Handler().ServeHTTP(httptest.NewRecorder(), req)
			}
			front.isBlind.Store(true)
			panic(http.ErrAbortHandler)
		case isLookUp && front.isBlind.Load():
			http.Error(resp, "down", http.StatusInternalServerError)
		default:
			w.Sandbox.Handler().ServeHTTP(resp, req)
		}
	}))
	proxy.Config.ErrorLog = nil
	w.T.Cleanup(proxy.Close)
	front.block = clitest.ProviderBlock(proxy.URL)
	return front
}

// leaveInvoiceUnknown applies a configuration whose creation gets no answer, and checks that
// the invoice is kept.
func leaveInvoiceUnknown(w *clitest.Workspace, config string, isBefore bool) *faultyFront {
	w.T.Helper()
	serveSettling(w, time.Hour)
	front := newFaultyFront(w)
	front.isLosing.Store(true)
	front.isBefore.Store(isBefore)
	w.Write(config + front.block)
	w.Apply().Fails("Cannot issue the invoice", "may have been created", `order "order-1"`, "Terraform keeps the order id")
	w.StateHas(invoiceAddress, map[string]any{"id": nil, "status": "unknown", "paid": false, "order_id": "order-1", "url": nil})
	if w.Attributes(invoiceAddress)["created_at"] == nil {
		w.T.Error("created_at is null")
	}
	front.isLosing.Store(false)
	w.Sandbox.ResetRequests()
	return front
}

// An unclear invoice that exists is withdrawn before another is issued, or kept by untaint.
// While nothing can be looked up, nothing is issued.
func TestUnclearInvoiceThatExistsIsWithdrawnFirst(t *testing.T) {
	for name, config := range invoiceKinds {
		t.Run(name+" withdrawn", func(t *testing.T) {
			w := newWorkspace(t)
			front := leaveInvoiceUnknown(w, config, false)
			w.Apply().Fails("Cannot look for unclear invoice of", "HTTP 500", "Nothing was withdrawn or issued", "terraform state rm")
			w.Apply("-refresh=false").Fails("Cannot look for unclear invoice of")
			w.SentNoChange()
			front.isBlind.Store(false)
			w.Plan().Succeeds().Warns("The earlier invoice was issued", `order "order-1"`, "terraform untaint").Changes(map[string]string{invoiceAddress: "replace"})
			w.Apply().Succeeds()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.InvoiceCountsAre(2, 1)
		})
		t.Run(name+" withdrawn without a refresh", func(t *testing.T) {
			w := newWorkspace(t)
			leaveInvoiceUnknown(w, config, false).isBlind.Store(false)
			w.Apply("-refresh=false").Succeeds()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.InvoiceCountsAre(2, 1)
		})
		t.Run(name+" kept", func(t *testing.T) {
			w := newWorkspace(t)
			leaveInvoiceUnknown(w, config, false).isBlind.Store(false)
			w.Apply("-refresh-only").Succeeds().Warns("The earlier invoice was issued", "terraform untaint")
			w.MustExec("untaint", invoiceAddress)
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.SentNoChange()
			w.Destroy().Succeeds()
			if w.OpenInvoices() != 0 {
				t.Error("it was not withdrawn")
			}
		})
		t.Run(name+" destroyed", func(t *testing.T) {
			w := newWorkspace(t)
			leaveInvoiceUnknown(w, config, false).isBlind.Store(false)
			w.Destroy("-refresh=false").Succeeds().SaysNothing()
			w.InvoiceCountsAre(1, 0)
		})
		t.Run(name+" before destroy", func(t *testing.T) {
			w := newWorkspace(t)
			leaveInvoiceUnknown(w, createFirst(config), false).isBlind.Store(false)
			w.Apply("-refresh=false").Succeeds()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			if w.OpenInvoices() != 1 {
				t.Errorf("%v %v", w.PayKeeperInvoices(), w.P2PInvoices())
			}
		})
	}
	// Once it is kept, it is mailed.
	t.Run("kept and sent", func(t *testing.T) {
		w := newWorkspace(t)
		leaveInvoiceUnknown(w, paykeeperInvoice("send = true"), false).isBlind.Store(false)
		w.Apply("-refresh-only").Succeeds()
		w.MustExec("untaint", invoiceAddress)
		w.Apply().Succeeds().Changes(map[string]string{invoiceAddress: "update"})
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.Mailed(1)
		w.Sent("paykeeper.preview", 0)
	})
}

// An unclear invoice was paid, so it is the order's invoice. No other is issued.
func TestUnclearInvoiceThatWasPaidIsNotIssuedAgain(t *testing.T) {
	for name, config := range invoiceKinds {
		for _, refresh := range refreshes {
			t.Run(name+" "+refresh, func(t *testing.T) {
				w := newWorkspace(t)
				leaveInvoiceUnknown(w, config, false).isBlind.Store(false)
				w.PayInvoices()
				for range 2 {
					w.Apply(refresh).Fails("A paid invoice cannot be replaced", "Nothing was issued", "terraform untaint")
				}
				w.SentNoChange()
				w.MustExec("untaint", invoiceAddress)
				w.Plan().Succeeds().SaysNothing().ChangesNothing()
				w.StateHas(invoiceAddress, map[string]any{"paid": true, "status": "paid"})
				w.Destroy().Succeeds().Warns("A paid invoice is only removed from the state")
			})
		}
	}
}

// An unclear invoice that is missing may still come, so nothing is issued for a while. Then it
// is forgotten, and another one is issued.
func TestUnclearInvoiceThatIsMissingIsAwaited(t *testing.T) {
	for name, config := range invoiceKinds {
		for _, refresh := range refreshes {
			t.Run(name+" "+refresh, func(t *testing.T) {
				w := newWorkspace(t)
				leaveInvoiceUnknown(w, config, true).isBlind.Store(false)
				r := w.Apply(refresh).Fails("An invoice may still be issued", `order "order-1"`, "Apply again in 1h0m0s")
				if refresh == "-refresh=true" {
					r.Warns("An invoice may still be issued")
				}
				w.SentNoChange()
				serveSettling(w, 0)
				w.Apply(refresh).Succeeds().Warns("An unclear invoice is forgotten", "the gateway shows no such invoice", `look for order "order-1"`)
				w.Plan().Succeeds().SaysNothing().ChangesNothing()
				w.InvoiceCountsAre(1, 1)
			})
		}
	}
}

// With create_before_destroy the new invoice would be made first. The plan waits instead.
func TestUnclearInvoiceIsAwaitedBeforeDestroy(t *testing.T) {
	for name, config := range invoiceKinds {
		for _, refresh := range refreshes {
			t.Run(name+" "+refresh, func(t *testing.T) {
				w := newWorkspace(t)
				leaveInvoiceUnknown(w, createFirst(config), true).isBlind.Store(false)
				w.Apply(refresh).Fails("An invoice may still be issued", `order "order-1"`, "Apply again in 1h0m0s")
				w.SentNoChange()
				serveSettling(w, 0)
				w.Apply(refresh).Succeeds()
				w.Plan().Succeeds().SaysNothing().ChangesNothing()
				w.InvoiceCountsAre(1, 1)
			})
		}
	}
}

// The server cannot look up order ids. The invoice is forgotten, and the warning says where to
// look.
func TestUnclearInvoiceWithoutALookUpIsForgotten(t *testing.T) {
	t.Run("paykeeper", func(t *testing.T) {
		w := newWorkspace(t, "paykeeper_search=false")
		leaveInvoiceUnknown(w, paykeeperInvoice(), false).isBlind.Store(false)
		w.Apply().Succeeds().Warns("An unclear invoice is forgotten", "no call that finds an invoice", `look for order "order-1" in the merchant's account`)
		w.Sent("paykeeper.preview", 1)
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
	})
	t.Run("p2p", func(t *testing.T) {
		w := newWorkspace(t, "p2p_internal_id=false")
		leaveInvoiceUnknown(w, p2pInvoice(), false).isBlind.Store(false)
		w.Apply().Fails("An invoice may still be issued")
		w.Sent("p2p.create", 0)
		serveSettling(w, 0)
		w.Apply().Succeeds().Warns("An unclear invoice is forgotten", `look for order "order-1" in the merchant's account`)
		w.Sent("p2p.create", 1)
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
	})
}

// Without an order id nothing can be found again, so nothing is kept.
func TestUnclearInvoiceWithoutAnOrderIDIsNotKept(t *testing.T) {
	for name, config := range invoiceKinds {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			front := newFaultyFront(w)
			front.isLosing.Store(true)
			w.Write(withLine(config, "order_id", "order_id = null") + front.block)
			w.Apply().Fails("Cannot issue the invoice", "may have been created")
			w.StateLacks(invoiceAddress)
		})
	}
}

// Only the invoice that was sent is taken. Another invoice of the same order is not ours.
func TestUnclearInvoiceIsNotTakenForAnother(t *testing.T) {
	w := newWorkspace(t)
	other, err := w.Sandbox.PayKeeper.Add(paykeeper.Invoice{PayAmount: "1500.50", OrderID: "order-1", ClientID: "Петров", ServiceName: "x", Status: "created"})
	w.Must(err)
	leaveInvoiceUnknown(w, paykeeperInvoice(), true).isBlind.Store(false)
	w.Apply().Fails("Cannot look for unclear invoice", other.ID, "not quite like this one", "terraform state rm")
	w.SentNoChange()
	w.Must(w.Sandbox.PayKeeper.Invoices.Update(other.ID, func(i *paykeeper.Invoice) { i.PayAmount = "7.00" }))
	serveSettling(w, 0)
	w.Apply().Succeeds().Warns("An unclear invoice is forgotten")
	w.Sent("paykeeper.revoke", 0)
	w.InvoicesAre("created created")
}

// The gateway's own status "unknown" is not the provider's mark.
func TestInvoiceStatusUnknownIsTheGatewaysWord(t *testing.T) {
	for name, config := range invoiceKinds {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(config)
			id := fmt.Sprint(w.Attributes(invoiceAddress)["id"])
			if name == "p2p" {
				w.Must(w.Sandbox.P2P.Invoices.Update(id, func(i *p2p.Invoice) { i.Status = "unknown" }))
			} else {
				w.Must(w.Sandbox.PayKeeper.Invoices.Update(id, func(i *paykeeper.Invoice) { i.Status = "unknown" }))
			}
			for range 2 {
				w.Apply().Succeeds().SaysNothing().ChangesNothing()
			}
			w.StateHas(invoiceAddress, map[string]any{"id": id, "status": "unknown"})
			w.Destroy("-refresh=false").Fails("Cannot withdraw invoice "+name+"/"+id, `Its status is "unknown"`)
		})
	}
}
