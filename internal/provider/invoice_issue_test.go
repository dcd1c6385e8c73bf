package provider

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

func TestPayKeeperInvoiceSendsWhatTheDocumentSays(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(paykeeperInvoice("send = false"))
	got := w.PayKeeperInvoices()[0]
	want := `{"service_name":"Ремонт <окон> & дверей","cart":[` +
		`{"name":"Окно","price":500,"quantity":3,"sum":1500,"tax":"vat20"},{"name":"Ручка","price":5,"quantity":0.1,"sum":0.5,"tax":"none"}]}`
	if got.ServiceName != want || got.PayAmount != "1500.50" || got.OrderID != "order-1" || got.ClientID != "Иванов Иван" || got.ClientEmail != "buyer@example.com" ||
		got.ClientPhone != "+7 999 123-45-67" || got.ExpiryDatetime != dayFromNow(3)+" 00:00:00" {
		t.Errorf("got %+v\nwant service_name %s", got, want)
	}
}

func TestP2PInvoiceSendsWhatTheDocumentSays(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(p2pInvoice(`max_amount = "1010"`, `payment_option = "SBP"`, `cross_border_currency = "TJS"`, `allow_matching = false`))
	want := `{"type":"in","amount":"1000","maxAmount":"1010","currency":"RUB","notificationUrl":"https://shop.example.com/hook","notificationToken":"the-hook-token",` +
		`"internalId":"order-1","userId":"uid-1","paymentOption":"SBP","paymentMethod":"sberbank","startDeal":true,"crossBorderCurrency":"TJS","allowMatching":false}`
	if got := w.Sandbox.Requests("p2p.create")[0].Body; got != want {
		t.Errorf("sent\n%s, want\n%s", got, want)
	}
	w.Destroy().Succeeds()
	w.Sandbox.ResetRequests()
	w.MustApply(payoutConfig)
	want = `{"type":"out","amount":"700","currency":"RUB","notificationUrl":"https://shop.example.com/hook","notificationToken":"the-hook-token",` +
		`"internalId":"payout-1","paymentOption":"TO_CARD","paymentMethod":"sberbank","paymentRequisites":{"requisites":"2200000000000053","holder":"ИВАН ИВАНОВ"}}`
	if got := w.Sandbox.Requests("p2p.create")[0].Body; got != want {
		t.Errorf("sent\n%s, want\n%s", got, want)
	}
}

// A sum that the gateway made unique is no drift. The state shows what is to be paid.
func TestP2PUniqueSumIsNoDrift(t *testing.T) {
	w := newWorkspace(t)
	config := strings.ReplaceAll(p2pInvoice(`max_amount = "1000.05"`), `"order-1"`, `"order-${count.index}"`)
	w.MustApply(strings.Replace(config, "amount ", "count = 3\n  amount ", 1)).SaysNothing()
	for i, want := range []string{"1000.00", "1000.01", "1000.02"} {
		found := false
		for n := range 3 {
			state := w.Attributes(fmt.Sprintf("%s[%d]", invoiceAddress, n))
			block, _ := state["p2p"].(map[string]any)
			found = found || block["amount_to_pay"] == want && state["amount"] == "1000"
		}
		if !found {
			t.Errorf("no invoice %d is to be paid with %s", i, want)
		}
	}
}

// A write-only token reaches the gateway, but neither the plan nor the state. Another version
// issues another invoice.
func TestP2PWriteOnlyTokenReachesOnlyTheGateway(t *testing.T) {
	clitest.NeedCLI(t, clitest.WriteOnlyArguments)
	w := newWorkspace(t)
	config := strings.Replace(p2pInvoice("notification_token_wo_version = 1"), "notification_token ", "notification_token_wo ", 1)
	w.MustApply(config).SaysNothing()
	if got := w.P2PInvoices()[0].NotificationToken; got != "the-hook-token" {
		t.Errorf("token %q", got)
	}
	if state, _ := w.Exec("state", "pull"); strings.Contains(state, "the-hook-token") {
		t.Error("the write-only token is in the state")
	}
	config = strings.Replace(config, "the-hook-token", "another-token", 1)
	w.Write(config)
	w.Plan().Succeeds().ChangesNothing() // nobody can see that the token changed
	w.Write(strings.Replace(config, "version = 1", "version = 2", 1))
	w.Plan().Succeeds().Warns("A new invoice will be issued", "p2p.notification_token_wo_version changed").Changes(map[string]string{invoiceAddress: "replace"})
	w.MustExec("plan", "-out=saved")
	// After that key, the plan file repeats the configuration in plain text.
	plan, _ := w.Exec("show", "-json", "saved")
	if values, _, ok := strings.Cut(plan, `"configuration":`); !ok || strings.Contains(values, "another-token") {
		t.Errorf("the write-only token is in the plan, or there is no plan: %s", plan)
	}
	w.Apply().Succeeds()
	w.InvoicesAre("canceled new")
	if got := w.P2PInvoices()[1].NotificationToken; got != "another-token" {
		t.Errorf("token %q", got)
	}
}

// The gateway has an invoice of the order already. The same one is adopted, so a lost state
// costs nothing. Another one or a paid one is an error.
func TestP2PInvoiceOfAnExistingOrderIsAdopted(t *testing.T) {
	inDialects(t, [][]string{nil, {"p2p_answer=array", "p2p_repeated_internal_id=error", "p2p_requisites=none"}}, func(_ *testing.T, w *clitest.Workspace) {
		w.MustApply(p2pInvoice())
		id := w.P2PInvoices()[0].ID
		w.Forget(invoiceAddress)
		w.MustApply(p2pInvoice()).Warns("@order_id", "An existing object was adopted", "p2p/"+id, "adopted, not created; destroying it cancels it for whoever else manages it")
		w.StateHas(invoiceAddress, map[string]any{"id": id})
		w.Sent("p2p.create", 1)

		w.Forget(invoiceAddress)
		w.Write(withLine(p2pInvoice(), "amount", `amount = "1001"`))
		w.Apply().Fails("@order_id", "The order has another invoice", id, `amount: 1001 was sent, the gateway has 1000.00`, `id = "p2p/`+id+`"`)
		w.Must(w.Sandbox.P2P.SetStatus(id, "paid"))
		w.Write(p2pInvoice())
		w.Apply().Fails("@order_id", "The order is already paid", id, "nothing was created")
		w.Sent("p2p.create", 1)
		w.Must(w.Sandbox.P2P.SetStatus(id, "dispute"))
		w.Apply().Fails("@order_id", "The order has another invoice", "status: dispute")
		w.Sent("p2p.create", 1)
	})
}

// With create_before_destroy and one order id, the new resource would adopt the old invoice,
// and the change would never reach the gateway. The plan says so, and a new order id avoids it.
func TestP2PInvoiceChangedBeforeDestroyNeedsANewOrder(t *testing.T) {
	w := newWorkspace(t)
	config := strings.Replace(p2pInvoice(), "  order_id ", "  lifecycle {\n create_before_destroy = true\n}\n  order_id ", 1)
	w.MustApply(config)
	changed := strings.Replace(config, "the-hook-token", "another-token", 1)
	w.Write(changed)
	w.Plan().Succeeds().Warns("A new invoice will be issued", "kept as it is, without the change", "A new order_id avoids that")
	w.Write(strings.Replace(changed, `"order-1"`, `"order-2"`, 1))
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.InvoicesAre("canceled new")
}

// With create_before_destroy and one order id, the new resource adopts the invoice. The old
// resource's destroy does not cancel it.
func TestP2PInvoiceAdoptedBeforeDestroyIsNotCanceled(t *testing.T) {
	w := newWorkspace(t)
	config := strings.Replace(p2pInvoice(), "  order_id ", "  lifecycle {\n create_before_destroy = true\n}\n  order_id ", 1)
	w.MustApply(config)
	w.Apply("-replace=" + invoiceAddress).Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("p2p.create", 1)
	w.Sent("p2p.cancel", 0)
	w.Destroy().Succeeds()
	w.InvoicesAre("canceled")
}

// The answer to the creation is lost. The order id finds the invoice where the gateway looks it
// up. Elsewhere an error says what may have happened. There are never two.
func TestInvoiceWithALostAnswerIsIssuedOnce(t *testing.T) {
	for gatewayName, config := range map[string]string{"paykeeper.preview": paykeeperInvoice(), "p2p.create": p2pInvoice()} {
		for _, kind := range []sandbox.FaultKind{sandbox.FaultLostAnswer, sandbox.FaultHalfBody, sandbox.FaultStatusAfter} {
			t.Run(gatewayName+" "+string(kind), func(t *testing.T) {
				w := newWorkspace(t)
				w.FailOnce(gatewayName, sandbox.Fault{Kind: kind})
				w.MustApply(config).SaysNothing()
				if all := len(w.PayKeeperInvoices()) + len(w.P2PInvoices()); all != 1 {
					t.Errorf("%d invoices, want 1", all)
				}
			})
		}
	}
	t.Run("PayKeeper without search", func(t *testing.T) {
		w := newWorkspace(t, "paykeeper_search=false")
		w.FailOnce("paykeeper.preview", sandbox.Fault{Kind: sandbox.FaultLostAnswer})
		w.Write(paykeeperInvoice())
		w.Apply().Fails("Cannot issue the invoice", "PayKeeper, /change/invoice/preview/", "may have been created", "mailed to nobody", `order "order-1"`, "Terraform keeps the order id")
		w.Sent("paykeeper.preview", 1)
		w.StateHas(invoiceAddress, map[string]any{"id": nil, "status": "unknown"})
	})
	t.Run("P2P without a look-up", func(t *testing.T) {
		w := newWorkspace(t, "p2p_internal_id=false")
		w.FailOnce("p2p.create", sandbox.Fault{Kind: sandbox.FaultLostAnswer})
		w.Write(p2pInvoice())
		w.Apply().Fails("Cannot issue the invoice", "may have been created", `order "order-1"`, "expires by itself")
		w.Sent("p2p.create", 1)
		w.StateHas(invoiceAddress, map[string]any{"id": nil, "status": "unknown"})
	})
}

// PayKeeper's order ids need not be unique. An open invoice of the same order is pointed out,
// and another one is issued.
func TestPayKeeperInvoiceTwinIsPointedOut(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(paykeeperInvoice()).SaysNothing()
	first := w.PayKeeperInvoices()[0].ID
	w.Forget(invoiceAddress)
	w.Write(paykeeperInvoice())
	w.Apply().Succeeds().Warns("@order_id", "The order has another open invoice", first, "revoke it")
	w.InvoicesAre("created created")
}

// The state of a paid invoice was lost. Another one of the order is issued, which may be meant, and
// the warning says how to take that back.
func TestPayKeeperInvoiceOfAPaidOrderIsPointedOut(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(paykeeperInvoice())
	w.PayInvoices()
	paid := w.PayKeeperInvoices()[0].ID
	w.Forget(invoiceAddress)
	w.Apply().Succeeds().Warns("@order_id", "The order has been paid before", paid, "revoke invoice", `id = "paykeeper/`+paid+`"`).SaysOnly("The order has been paid before")
}

// The other invoice is found however old it is. Where the search holds something back, a
// warning says so.
func TestPayKeeperInvoiceOldTwinIsPointedOut(t *testing.T) {
	w := newWorkspace(t)
	old := time.Now().In(values.Moscow).AddDate(-1, 0, 0).Format(time.DateTime)
	twin, err := w.Sandbox.PayKeeper.Add(paykeeper.Invoice{PayAmount: "1500.50", OrderID: "order-1", CreatedDatetime: old, ExpiryDatetime: "2099-01-01 00:00:00"})
	w.Must(err)
	w.Write(paykeeperInvoice())
	w.Apply().Succeeds().Warns("@order_id", "The order has another open invoice", twin.ID, "revoke it").SaysOnly("The order has another open invoice")
	w.Destroy().Succeeds()
	for n := range 100 {
		_, err := w.Sandbox.PayKeeper.Add(paykeeper.Invoice{PayAmount: "1.00", OrderID: fmt.Sprintf("order-1%d", n), Status: "paid"})
		w.Must(err)
	}
	w.Apply().Succeeds().Warns("@order_id", "The order may have other open invoices", `for order "order-1"`, "If a run was killed")
}

// 200 invoices at once fetch the token once. A token that changes in their midst costs one more
// fetch and no error.
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
		w.Write(many)
		w.Apply().Succeeds().SaysNothing()
		w.Sent("paykeeper.token", 1)
		w.Sent("paykeeper.preview", 200)
		w.InvoicesAre(strings.TrimSpace(strings.Repeat("created ", 200)))
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
	})
	t.Run("rotated in the middle", func(t *testing.T) {
		w := newWorkspace(t, "paykeeper_token_kills=true")
		previews := make(chan struct{}, 1000)
		w.Write(many + w.GatewayThatAnswers(func(operation string) string {
			if operation == "preview" {
				previews <- struct{}{}
				if len(previews) == 100 {
					w.Sandbox.PayKeeper.RotateToken()
				}
			}
			return ""
		}))
		w.Apply().Succeeds().SaysNothing()
		w.Sent("paykeeper.token", 2)
		w.InvoicesAre(strings.TrimSpace(strings.Repeat("created ", 200)))
	})
}

// Servers answer a wrong login in three shapes. Each is one clear error, and the credentials go
// nowhere else.
func TestPayKeeperWrongLoginIsOneClearError(t *testing.T) {
	inDialects(t, [][]string{{"paykeeper_login=401"}, {"paykeeper_login=303"}, {"paykeeper_login=html"}}, func(t *testing.T, w *clitest.Workspace) {
		elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
			t.Errorf("%s %s with %v", req.Method, req.URL, req.Header)
		}))
		defer elsewhere.Close()
		w.Write(paykeeperInvoice("send = true") +
			strings.Replace(clitest.ProviderBlock(w.URL), fmt.Sprintf("password = %q", paykeeper.DemoPassword), `password = "wrong-password"`, 1))
		r := w.Apply().Fails("Cannot issue the invoice", "wrong login or server", "INVOICE_PAYKEEPER_PASSWORD")
		if len(r.Messages) != 1 || strings.Contains(r.Output, "wrong-password") {
			t.Errorf("not one clear error without the password: %s", r.Output)
		}
		w.Sent("paykeeper.preview", 0)
	})
}

// The error quotes the gateway's words and adds what to do.
func TestInvoiceRefusalQuotesTheGateway(t *testing.T) {
	w := newWorkspace(t)
	w.Write(paykeeperInvoice() + w.GatewayThatAnswers(func(operation string) string {
		if operation == "preview" {
			return `{"result":"fail","msg":"Сумма счёта больше допустимой.","error_code":17}`
		}
		return ""
	}))
	w.Apply().Fails("Cannot issue the invoice", "PayKeeper, /change/invoice/preview/: HTTP 200, error 17, «Сумма счёта больше допустимой.»")
	w.StateLacks(invoiceAddress)
	w.Write(p2pInvoice() + strings.Replace(clitest.ProviderBlock(w.URL), p2p.DemoSecretKey, "not-the-key", 1))
	w.Apply().Fails("HTTP 401", "api_key, secret_key and base_url")
}

func TestInvoiceNeedsItsGatewayConfigured(t *testing.T) {
	w := newWorkspace(t)
	block := fmt.Sprintf("provider \"invoice\" {\n  p2p = {\n    base_url = \"%s/p2p\"\n }\n}\n", w.URL)
	for config, says := range map[string][]string{
		paykeeperInvoice(): {"PayKeeper is not configured", "paykeeper.base_url (or INVOICE_PAYKEEPER_BASE_URL), paykeeper.login (or INVOICE_PAYKEEPER_LOGIN), paykeeper.password (or INVOICE_PAYKEEPER_PASSWORD)"},
		p2pInvoice():       {"Merchant invoices (P2P) is not configured", "some are missing: p2p.api_key (or INVOICE_P2P_API_KEY), p2p.secret_key (or INVOICE_P2P_SECRET_KEY)."},
	} {
		w.Write(config + block)
		w.Plan().Fails(says...)
	}
	w.SentNothing()
}
