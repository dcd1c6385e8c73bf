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

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// faultyFront stands before the sandbox. While isLosing, creations end without an
// answer, before their work or after it; while isBlind, nothing is found.
type faultyFront struct {
	isLosing, isBlind, isBefore atomic.Bool
	block                       string
}

func (w *workspace) faultyFront() *faultyFront {
	w.t.Helper()
	front := &faultyFront{}
	proxy := httptest.NewServer(http.HandlerFunc(func(resp http.ResponseWriter, req *http.Request) {
		operation := path.Base(req.URL.Path)
		isCreation := req.Method == http.MethodPost && (operation == "preview" || operation == "invoices")
		isLookUp := operation == "search" || strings.Contains(req.URL.Path, "internal-id")
		switch {
		case isCreation && front.isLosing.Load():
			if !front.isBefore.Load() {
				w.sandbox.Handler().ServeHTTP(httptest.NewRecorder(), req)
			}
			front.isBlind.Store(true)
			panic(http.ErrAbortHandler)
		case isLookUp && front.isBlind.Load():
			http.Error(resp, "down", http.StatusInternalServerError)
		default:
			w.sandbox.Handler().ServeHTTP(resp, req)
		}
	}))
	proxy.Config.ErrorLog = nil
	w.t.Cleanup(proxy.Close)
	front.block = providerBlock(proxy.URL)
	return front
}

// unclear applies a configuration whose creation is never answered, and checks that
// it is kept.
func (w *workspace) unclear(config string, isBefore bool) *faultyFront {
	w.t.Helper()
	w.settling(time.Hour)
	front := w.faultyFront()
	front.isLosing.Store(true)
	front.isBefore.Store(isBefore)
	w.write(config + front.block)
	w.apply().fails().errors("Cannot issue the invoice", "may have been created", `order "order-1"`, "Terraform keeps the order id")
	w.inState(invoiceAddress, map[string]any{"id": nil, "status": "unknown", "paid": false, "order_id": "order-1", "url": nil})
	if w.attributes(invoiceAddress)["created_at"] == nil {
		w.t.Error("created_at is null")
	}
	front.isLosing.Store(false)
	w.sandbox.ResetRequests()
	return front
}

// settling serves the provider with another time for gateways to go on working.
func (w *workspace) settling(settleTime time.Duration) {
	w.t.Helper()
	p := testProvider()
	p.settleTime = settleTime
	w.env = environmentWith(w.t, newServer(p))
}

var unclearConfigs = map[string]string{"paykeeper": paykeeperInvoice(), "p2p": p2pInvoice()}

// open counts the invoices of both gateways that can be paid.
func (w *workspace) open() (open int) {
	w.t.Helper()
	for _, one := range w.paykeeperInvoices() {
		if one.Status == "created" || one.Status == "sent" {
			open++
		}
	}
	for _, one := range w.p2pInvoices() {
		if one.Status == "new" {
			open++
		}
	}
	return open
}

// An unclear invoice that is there is withdrawn before another is issued, or kept
// by untaint. While nothing can be looked up, nothing is issued.
func TestUnclearInvoiceIsThere(t *testing.T) {
	for name, config := range unclearConfigs {
		t.Run(name+" withdrawn", func(t *testing.T) {
			w := newWorkspace(t)
			front := w.unclear(config, false)
			w.apply().fails().errors("Cannot look for the unclear invoice of", "HTTP 500", "Nothing was withdrawn or issued", "terraform state rm")
			w.run("apply", "-auto-approve", "-refresh=false").fails().errors("Cannot look for the unclear invoice of")
			w.changedNothing()
			front.isBlind.Store(false)
			w.plan().succeeds().warns("The unclear invoice was issued", `order "order-1"`, "terraform untaint").changes(map[string]string{invoiceAddress: "replace"})
			w.apply().succeeds()
			w.plan().succeeds().quiet().changes(nil)
			if len(w.paykeeperInvoices())+len(w.p2pInvoices()) != 2 || w.open() != 1 {
				t.Errorf("%v %v", w.paykeeperInvoices(), w.p2pInvoices())
			}
		})
		t.Run(name+" withdrawn without a refresh", func(t *testing.T) {
			w := newWorkspace(t)
			front := w.unclear(config, false)
			front.isBlind.Store(false)
			w.run("apply", "-auto-approve", "-refresh=false").succeeds()
			w.plan().succeeds().quiet().changes(nil)
			if len(w.paykeeperInvoices())+len(w.p2pInvoices()) != 2 || w.open() != 1 {
				t.Errorf("%v %v", w.paykeeperInvoices(), w.p2pInvoices())
			}
		})
		t.Run(name+" kept", func(t *testing.T) {
			w := newWorkspace(t)
			front := w.unclear(config, false)
			front.isBlind.Store(false)
			w.run("apply", "-auto-approve", "-refresh-only").succeeds().warns("The unclear invoice was issued", "terraform untaint")
			w.cli("untaint", invoiceAddress)
			w.plan().succeeds().quiet().changes(nil)
			w.changedNothing()
			w.destroy().succeeds()
			if w.open() != 0 {
				t.Error("it was not withdrawn")
			}
		})
		t.Run(name+" destroyed", func(t *testing.T) {
			w := newWorkspace(t)
			front := w.unclear(config, false)
			front.isBlind.Store(false)
			w.destroy("-refresh=false").succeeds().quiet()
			if w.open() != 0 || len(w.paykeeperInvoices())+len(w.p2pInvoices()) != 1 {
				t.Error("it was not withdrawn")
			}
		})
		t.Run(name+" before destroy", func(t *testing.T) {
			w := newWorkspace(t)
			front := w.unclear(beforeDestroy(config), false)
			front.isBlind.Store(false)
			w.run("apply", "-auto-approve", "-refresh=false").succeeds()
			w.plan().succeeds().quiet().changes(nil)
			if w.open() != 1 {
				t.Errorf("%v %v", w.paykeeperInvoices(), w.p2pInvoices())
			}
		})
	}
	// It is mailed once it is kept.
	t.Run("kept and sent", func(t *testing.T) {
		w := newWorkspace(t)
		front := w.unclear(paykeeperInvoice("send = true"), false)
		front.isBlind.Store(false)
		w.run("apply", "-auto-approve", "-refresh-only").succeeds()
		w.cli("untaint", invoiceAddress)
		w.apply().succeeds().changes(map[string]string{invoiceAddress: "update"})
		w.plan().succeeds().quiet().changes(nil)
		w.mails(1)
		w.sent("paykeeper.preview", 0)
	})
}

// An unclear invoice that has been paid is the order's: nothing more is issued.
func TestUnclearInvoiceIsPaid(t *testing.T) {
	for name, config := range unclearConfigs {
		for _, refresh := range []string{"-refresh=true", "-refresh=false"} {
			t.Run(name+" "+refresh, func(t *testing.T) {
				w := newWorkspace(t)
				front := w.unclear(config, false)
				front.isBlind.Store(false)
				w.payInvoices()
				for range 2 {
					w.run("apply", "-auto-approve", refresh).fails().errors("A paid invoice is not replaced", "Nothing was issued", "terraform untaint")
				}
				w.changedNothing()
				w.cli("untaint", invoiceAddress)
				w.plan().succeeds().quiet().changes(nil)
				w.inState(invoiceAddress, map[string]any{"paid": true, "status": "paid"})
				w.destroy().succeeds().warns("A paid invoice is only removed from the state")
			})
		}
	}
}

// An unclear invoice that is not there may still come: for a while nothing is
// issued. After that it is forgotten, and one is issued.
func TestUnclearInvoiceIsNotThere(t *testing.T) {
	for name, config := range unclearConfigs {
		for _, refresh := range []string{"-refresh=true", "-refresh=false"} {
			t.Run(name+" "+refresh, func(t *testing.T) {
				w := newWorkspace(t)
				front := w.unclear(config, true)
				front.isBlind.Store(false)
				r := w.run("apply", "-auto-approve", refresh).fails().errors("An invoice may still be issued", `order "order-1"`, "Apply again in 1h0m0s")
				if refresh == "-refresh=true" {
					r.warns("An invoice may still be issued")
				}
				w.changedNothing()
				w.settling(0)
				w.run("apply", "-auto-approve", refresh).succeeds().warns("An unclear invoice is forgotten", "the gateway shows no such invoice", `look for order "order-1"`)
				w.plan().succeeds().quiet().changes(nil)
				if len(w.paykeeperInvoices())+len(w.p2pInvoices()) != 1 {
					t.Error("not one invoice")
				}
			})
		}
	}
}

// With create_before_destroy the new one would be made first: the plan waits.
func TestUnclearInvoiceIsNotThereBeforeDestroy(t *testing.T) {
	for name, config := range unclearConfigs {
		for _, refresh := range []string{"-refresh=true", "-refresh=false"} {
			t.Run(name+" "+refresh, func(t *testing.T) {
				w := newWorkspace(t)
				w.unclear(beforeDestroy(config), true).isBlind.Store(false)
				w.run("apply", "-auto-approve", refresh).fails().errors("An invoice may still be issued", `order "order-1"`, "Apply again in 1h0m0s")
				w.changedNothing()
				w.settling(0)
				w.run("apply", "-auto-approve", refresh).succeeds()
				w.plan().succeeds().quiet().changes(nil)
				if len(w.paykeeperInvoices())+len(w.p2pInvoices()) != 1 {
					t.Error("not one invoice")
				}
			})
		}
	}
}

// A server that finds nothing by order ids: the invoice is forgotten, and the
// warning says where to look.
func TestUnclearInvoiceWithoutALookUp(t *testing.T) {
	t.Run("paykeeper", func(t *testing.T) {
		w := newWorkspace(t, "paykeeper_search=false")
		w.unclear(paykeeperInvoice(), false).isBlind.Store(false)
		w.apply().succeeds().warns("An unclear invoice is forgotten", "no call that finds an invoice", `look for order "order-1" in the merchant's account`)
		w.sent("paykeeper.preview", 1)
		w.plan().succeeds().quiet().changes(nil)
	})
	t.Run("p2p", func(t *testing.T) {
		w := newWorkspace(t, "p2p_internal_id=false")
		w.unclear(p2pInvoice(), false).isBlind.Store(false)
		w.apply().fails().errors("An invoice may still be issued")
		w.sent("p2p.create", 0)
		w.settling(0)
		w.apply().succeeds().warns("An unclear invoice is forgotten", `look for order "order-1" in the merchant's account`)
		w.sent("p2p.create", 1)
		w.plan().succeeds().quiet().changes(nil)
	})
}

// Without an order id nothing can be found again: nothing is kept.
func TestUnclearInvoiceWithoutAnOrderID(t *testing.T) {
	for name, config := range unclearConfigs {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			front := w.faultyFront()
			front.isLosing.Store(true)
			w.write(withLine(config, "order_id", "order_id = null") + front.block)
			w.apply().fails().errors("Cannot issue the invoice", "may have been created")
			w.notInState(invoiceAddress)
		})
	}
}

// Only what was sent is taken: another invoice of the same order is not ours.
func TestUnclearInvoiceAmongOthers(t *testing.T) {
	w := newWorkspace(t)
	other, err := w.sandbox.PayKeeper.Add(paykeeper.Invoice{PayAmount: "1500.50", OrderID: "order-1", ClientID: "Петров", ServiceName: "x", Status: "created"})
	w.check(err)
	front := w.unclear(paykeeperInvoice(), true)
	front.isBlind.Store(false)
	w.apply().fails().errors("Cannot look for the unclear invoice", other.ID, "not quite like this one", "terraform state rm")
	w.changedNothing()
	w.check(w.sandbox.PayKeeper.Invoices.Update(other.ID, func(i *paykeeper.Invoice) { i.PayAmount = "7.00" }))
	w.settling(0)
	w.apply().succeeds().warns("An unclear invoice is forgotten")
	w.sent("paykeeper.revoke", 0)
	w.invoiceStatuses("created created")
}

// The gateway's own word "unknown" is not the provider's mark.
func TestInvoiceThatTheGatewayCallsUnknown(t *testing.T) {
	for name, config := range unclearConfigs {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.mustApply(config)
			id := fmt.Sprint(w.attributes(invoiceAddress)["id"])
			if name == "p2p" {
				w.check(w.sandbox.P2P.Invoices.Update(id, func(i *p2p.Invoice) { i.Status = "unknown" }))
			} else {
				w.check(w.sandbox.PayKeeper.Invoices.Update(id, func(i *paykeeper.Invoice) { i.Status = "unknown" }))
			}
			for range 2 {
				w.apply().succeeds().quiet().changes(nil)
			}
			w.inState(invoiceAddress, map[string]any{"id": id, "status": "unknown"})
			w.destroy("-refresh=false").fails().errors("Cannot withdraw invoice "+name+"/"+id, `It is "unknown"`)
		})
	}
}
