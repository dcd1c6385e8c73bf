package provider

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

func TestPayKeeperInvoiceSendsWhatTheDocumentSays(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(paykeeperInvoice("send = false"))
	got := w.paykeeperInvoices()[0]
	want := `{"service_name":"Ремонт <окон> & дверей","cart":[` +
		`{"name":"Окно","price":500,"quantity":3,"sum":1500,"tax":"vat20"},{"name":"Ручка","price":5,"quantity":0.1,"sum":0.5,"tax":"none"}]}`
	if got.ServiceName != want || got.PayAmount != "1500.50" || got.OrderID != "order-1" || got.ClientID != "Иванов Иван" || got.ClientEmail != "buyer@example.com" ||
		got.ClientPhone != "+7 999 123-45-67" || got.ExpiryDatetime != dayFromNow(3)+" 00:00:00" {
		t.Errorf("got %+v\nwant service_name %s", got, want)
	}
}

func TestP2PInvoiceSendsWhatTheDocumentSays(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(p2pInvoice(`max_amount = "1010"`, `payment_option = "SBP"`, `cross_border_currency = "TJS"`, `allow_matching = false`))
	want := `{"type":"in","amount":"1000","maxAmount":"1010","currency":"RUB","notificationUrl":"https://shop.example.com/hook","notificationToken":"the-hook-token",` +
		`"internalId":"order-1","userId":"uid-1","paymentOption":"SBP","paymentMethod":"sberbank","startDeal":true,"crossBorderCurrency":"TJS","allowMatching":false}`
	if got := w.sandbox.Requests("p2p.create")[0].Body; got != want {
		t.Errorf("sent\n%s, want\n%s", got, want)
	}
	w.destroy().succeeds()
	w.sandbox.ResetRequests()
	w.mustApply(payoutConfig)
	want = `{"type":"out","amount":"700","currency":"RUB","notificationUrl":"https://shop.example.com/hook","notificationToken":"the-hook-token",` +
		`"internalId":"payout-1","paymentOption":"TO_CARD","paymentMethod":"sberbank","paymentRequisites":{"requisites":"2200000000000053","holder":"ИВАН ИВАНОВ"}}`
	if got := w.sandbox.Requests("p2p.create")[0].Body; got != want {
		t.Errorf("sent\n%s, want\n%s", got, want)
	}
}

// A sum that the gateway made unique is no drift, and what is to be paid is told.
func TestP2PInvoiceUniqueSums(t *testing.T) {
	w := newWorkspace(t)
	config := strings.ReplaceAll(p2pInvoice(`max_amount = "1000.05"`), `"order-1"`, `"order-${count.index}"`)
	w.mustApply(strings.Replace(config, "amount ", "count = 3\n  amount ", 1)).quiet()
	for i, want := range []string{"1000.00", "1000.01", "1000.02"} {
		found := false
		for n := range 3 {
			state := w.attributes(fmt.Sprintf("%s[%d]", invoiceAddress, n))
			block, _ := state["p2p"].(map[string]any)
			found = found || block["amount_to_pay"] == want && state["amount"] == "1000"
		}
		if !found {
			t.Errorf("no invoice %d is to be paid with %s", i, want)
		}
	}
}

// A write-only token reaches the gateway, and neither the plan nor the state.
// Another version issues another invoice.
func TestP2PInvoiceWriteOnlyToken(t *testing.T) {
	w := newWorkspace(t)
	config := strings.Replace(p2pInvoice("notification_token_wo_version = 1"), "notification_token ", "notification_token_wo ", 1)
	w.mustApply(config).quiet()
	if got := w.p2pInvoices()[0].NotificationToken; got != "the-hook-token" {
		t.Errorf("token %q", got)
	}
	if state, _ := w.exec("state", "pull"); strings.Contains(state, "the-hook-token") {
		t.Error("the write-only token is in the state")
	}
	config = strings.Replace(config, "the-hook-token", "another-token", 1)
	w.write(config)
	w.plan().succeeds().changes(nil) // nobody can see that it changed
	w.write(strings.Replace(config, "version = 1", "version = 2", 1))
	w.plan().succeeds().warns("A new invoice will be issued", "p2p.notification_token_wo_version changed").changes(map[string]string{invoiceAddress: "replace"})
	if text, ok := w.exec("plan", "-out=saved"); !ok {
		t.Fatal(text)
	}
	// Behind that key the document repeats the configuration, where it is written out.
	plan, _ := w.exec("show", "-json", "saved")
	if values, _, ok := strings.Cut(plan, `"configuration":`); !ok || strings.Contains(values, "another-token") {
		t.Errorf("the write-only token is in the plan, or there is no plan: %s", plan)
	}
	w.apply().succeeds()
	w.invoiceStatuses("canceled new")
	if got := w.p2pInvoices()[1].NotificationToken; got != "another-token" {
		t.Errorf("token %q", got)
	}
}

// An invoice of a P2P order that is there already: the same is adopted, so that
// a lost state costs nothing, another one or a paid one is an error.
func TestP2PInvoiceOfAnOrderThatIsThere(t *testing.T) {
	inDialects(t, [][]string{nil, {"p2p_answer=array", "p2p_repeated_internal_id=error", "p2p_requisites=none"}}, func(_ *testing.T, w *workspace) {
		w.mustApply(p2pInvoice())
		id := w.p2pInvoices()[0].ID
		w.exec("state", "rm", invoiceAddress)
		w.mustApply(p2pInvoice()).warns("@order_id", "An existing object was adopted", "p2p/"+id, "adopted, not created; destroying it cancels it for whoever else manages it")
		w.inState(invoiceAddress, map[string]any{"id": id})
		w.sent("p2p.create", 1)

		w.exec("state", "rm", invoiceAddress)
		w.write(withLine(p2pInvoice(), "amount", `amount = "1001"`))
		w.apply().fails().errors("@order_id", "The order has another invoice", id, `amount: 1001 was sent, the gateway has 1000.00`, `id = "p2p/`+id+`"`)
		w.check(w.sandbox.SetP2PInvoiceStatus(id, "paid"))
		w.write(p2pInvoice())
		w.apply().fails().errors("@order_id", "The order is already paid", id, "nothing was created")
		w.sent("p2p.create", 1)
		w.check(w.sandbox.SetP2PInvoiceStatus(id, "dispute"))
		w.apply().fails().errors("@order_id", "The order has another invoice", "status: dispute")
		w.sent("p2p.create", 1)
	})
}

// create_before_destroy on one order: what changed and does not come back would
// never reach the gateway. The plan says so, and a new order id avoids it.
func TestP2PInvoiceChangedBeforeDestroy(t *testing.T) {
	w := newWorkspace(t)
	config := strings.Replace(p2pInvoice(), "  order_id ", "  lifecycle {\n create_before_destroy = true\n}\n  order_id ", 1)
	w.mustApply(config)
	changed := strings.Replace(config, "the-hook-token", "another-token", 1)
	w.write(changed)
	w.plan().succeeds().warns("A new invoice will be issued", "kept as it is, without the change", "A new order_id avoids that")
	w.write(strings.Replace(changed, `"order-1"`, `"order-2"`, 1))
	w.apply().succeeds()
	w.plan().succeeds().quiet().changes(nil)
	w.invoiceStatuses("canceled new")
}

// create_before_destroy on one order: what the new resource adopted is not
// canceled by the old one.
func TestP2PInvoiceReplacedBeforeDestroy(t *testing.T) {
	w := newWorkspace(t)
	config := strings.Replace(p2pInvoice(), "  order_id ", "  lifecycle {\n create_before_destroy = true\n}\n  order_id ", 1)
	w.mustApply(config)
	w.run("apply", "-auto-approve", "-replace="+invoiceAddress).succeeds()
	w.plan().succeeds().quiet().changes(nil)
	w.sent("p2p.create", 1)
	w.sent("p2p.cancel", 0)
	w.destroy().succeeds()
	w.invoiceStatuses("canceled")
}

// A lost answer: found by the order id where the gateway can, else an error that
// says what may have happened. Never two of one.
func TestInvoiceAnswerLost(t *testing.T) {
	for gatewayName, config := range map[string]string{"paykeeper.preview": paykeeperInvoice(), "p2p.create": p2pInvoice()} {
		for _, kind := range []sandbox.FaultKind{sandbox.FaultLostAnswer, sandbox.FaultHalfBody, sandbox.FaultStatusAfter} {
			t.Run(gatewayName+" "+string(kind), func(t *testing.T) {
				w := newWorkspace(t)
				w.sandbox.Inject(sandbox.Fault{Operation: gatewayName, Kind: kind, Times: 1})
				w.mustApply(config).quiet()
				if all := len(w.paykeeperInvoices()) + len(w.p2pInvoices()); all != 1 {
					t.Errorf("%d invoices, want 1", all)
				}
			})
		}
	}
	t.Run("PayKeeper without search", func(t *testing.T) {
		w := newWorkspace(t, "paykeeper_search=false")
		w.sandbox.Inject(sandbox.Fault{Operation: "paykeeper.preview", Kind: sandbox.FaultLostAnswer, Times: 1})
		w.write(paykeeperInvoice())
		w.apply().fails().errors("Cannot issue the invoice", "PayKeeper, /change/invoice/preview/", "may have been created", "mailed to nobody", `order "order-1"`, "Terraform keeps the order id")
		w.sent("paykeeper.preview", 1)
		w.inState(invoiceAddress, map[string]any{"id": nil, "status": "unknown"})
	})
	t.Run("P2P without a look-up", func(t *testing.T) {
		w := newWorkspace(t, "p2p_internal_id=false")
		w.sandbox.Inject(sandbox.Fault{Operation: "p2p.create", Kind: sandbox.FaultLostAnswer, Times: 1})
		w.write(p2pInvoice())
		w.apply().fails().errors("Cannot issue the invoice", "may have been created", `order "order-1"`, "expires by itself")
		w.sent("p2p.create", 1)
		w.inState(invoiceAddress, map[string]any{"id": nil, "status": "unknown"})
	})
}

// An open PayKeeper invoice of the same order was there before: order ids need
// not be unique there, so another is issued, and the first is pointed out.
func TestPayKeeperInvoiceTwin(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(paykeeperInvoice()).quiet()
	first := w.paykeeperInvoices()[0].ID
	w.exec("state", "rm", invoiceAddress)
	w.write(paykeeperInvoice())
	w.apply().succeeds().warns("@order_id", "The order has another open invoice", first, "revoke it")
	w.invoiceStatuses("created created")
}

// However old the other one is; and where the search holds something back, it is said.
func TestPayKeeperInvoiceOldTwin(t *testing.T) {
	w := newWorkspace(t)
	old := time.Now().In(values.Moscow).AddDate(-1, 0, 0).Format(time.DateTime)
	twin, err := w.sandbox.AddPayKeeperInvoice(sandbox.PayKeeperInvoice{PayAmount: "1500.50", OrderID: "order-1", CreatedDatetime: old, ExpiryDatetime: "2099-01-01 00:00:00"})
	w.check(err)
	w.write(paykeeperInvoice())
	w.apply().succeeds().warns("@order_id", "The order has another open invoice", twin.ID, "revoke it").quietBut("The order has another open invoice")
	w.destroy().succeeds()
	for n := range 100 {
		_, err := w.sandbox.AddPayKeeperInvoice(sandbox.PayKeeperInvoice{PayAmount: "1.00", OrderID: fmt.Sprintf("order-1%d", n), Status: "paid"})
		w.check(err)
	}
	w.apply().succeeds().warns("@order_id", "The order may have other open invoices", `for order "order-1"`, "If a run was killed")
}

// 200 invoices at once fetch the token once; one that is rotated in the middle
// costs one more fetch, and no error.
func TestManyPayKeeperInvoicesShareOneToken(t *testing.T) {
	const many = `
resource "invoice_invoice" "many" {
  count     = 200
  amount    = "100"
  order_id  = format("order-%03d", count.index) # the search for none finds the others
  paykeeper = { service_name = "Заказ ${count.index}" }
}
`
	t.Run("one token", func(t *testing.T) {
		w := newWorkspace(t)
		w.write(many)
		w.apply().succeeds().quiet()
		w.sent("paykeeper.token", 1)
		w.sent("paykeeper.preview", 200)
		w.invoiceStatuses(strings.TrimSpace(strings.Repeat("created ", 200)))
		w.plan().succeeds().quiet().changes(nil)
	})
	t.Run("rotated in the middle", func(t *testing.T) {
		w := newWorkspace(t, "paykeeper_token_kills=true")
		previews := make(chan struct{}, 1000)
		w.write(many + w.through(func(operation string) string {
			if operation == "preview" {
				previews <- struct{}{}
				if len(previews) == 100 {
					w.sandbox.RotatePayKeeperToken()
				}
			}
			return ""
		}))
		w.apply().succeeds().quiet()
		w.sent("paykeeper.token", 2)
		w.invoiceStatuses(strings.TrimSpace(strings.Repeat("created ", 200)))
	})
}

// A wrong login, in the three shapes that servers give it: one clear error, and
// the credentials go nowhere else.
func TestPayKeeperWrongLogin(t *testing.T) {
	inDialects(t, [][]string{{"paykeeper_login=401"}, {"paykeeper_login=303"}, {"paykeeper_login=html"}}, func(t *testing.T, w *workspace) {
		elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
			t.Errorf("%s %s with %v", req.Method, req.URL, req.Header)
		}))
		defer elsewhere.Close()
		w.write(paykeeperInvoice("send = true") +
			strings.Replace(providerBlock(w.server.URL), fmt.Sprintf("password = %q", sandbox.DemoPayKeeperPassword), `password = "wrong-password"`, 1))
		r := w.apply().fails().errors("Cannot issue the invoice", "wrong login or server", "INVOICE_PAYKEEPER_PASSWORD")
		if len(r.Diagnostics) != 1 || strings.Contains(r.output, "wrong-password") {
			t.Errorf("not one clear error without the password: %s", r.output)
		}
		w.sent("paykeeper.preview", 0)
	})
}

// The gateway's own refusals come back in its words, with ours beside them.
func TestInvoiceRefused(t *testing.T) {
	w := newWorkspace(t)
	w.write(paykeeperInvoice() + w.through(func(operation string) string {
		if operation == "preview" {
			return `{"result":"fail","msg":"Сумма счёта больше допустимой.","error_code":17}`
		}
		return ""
	}))
	w.apply().fails().errors("Cannot issue the invoice", "PayKeeper, /change/invoice/preview/: HTTP 200, error 17, «Сумма счёта больше допустимой.»")
	w.notInState(invoiceAddress)
	w.write(p2pInvoice() + strings.Replace(providerBlock(w.server.URL), sandbox.DemoP2PSecretKey, "not-the-key", 1))
	w.apply().fails().errors("HTTP 401", "api_key, secret_key and base_url")
}

func TestInvoiceGatewayIsNotConfigured(t *testing.T) {
	w := newWorkspace(t)
	block := fmt.Sprintf("provider \"invoice\" {\n  p2p = {\n    base_url = \"%s/p2p\"\n }\n}\n", w.server.URL)
	for config, says := range map[string][]string{
		paykeeperInvoice(): {"PayKeeper is not configured", "paykeeper.base_url (or INVOICE_PAYKEEPER_BASE_URL), paykeeper.login (or INVOICE_PAYKEEPER_LOGIN), paykeeper.password (or INVOICE_PAYKEEPER_PASSWORD)"},
		p2pInvoice():       {"Merchant invoices (P2P) is not configured", "some are missing: p2p.api_key (or INVOICE_P2P_API_KEY), p2p.secret_key (or INVOICE_P2P_SECRET_KEY)."},
	} {
		w.write(config + block)
		w.plan().fails().errors(says...)
	}
	w.nothingSent()
}
