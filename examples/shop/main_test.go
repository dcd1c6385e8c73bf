package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// street is a shop, and a sandbox that notifies it.
type street struct {
	*sandboxtest.Box
	shop string
	// isDown makes the shop answer 500.
	isDown atomic.Bool
	mu     sync.Mutex
	// printed is what the shop has printed, came the bodies that have come to it.
	printed bytes.Buffer
	came    []string
}

func (st *street) Write(line []byte) (int, error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.printed.Write(line)
}

// open opens the shop, and a sandbox whose clock stands until a test moves it.
func open(t *testing.T) *street {
	t.Helper()
	t.Chdir(t.TempDir())
	st := &street{}
	log.SetOutput(st)
	log.SetFlags(0)
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	mux := http.NewServeMux()
	mux.HandleFunc("POST /invoice", invoice)
	mux.HandleFunc("POST /paykeeper", payKeeper)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		st.mu.Lock()
		st.came = append(st.came, string(body))
		st.mu.Unlock()
		if st.isDown.Load() {
			http.Error(w, "the shop is down", http.StatusInternalServerError)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	st.shop = server.URL
	s, err := gateways.Open(gateways.Options{
		Options:    sandboxtest.Options(sandbox.Options{}),
		InvoiceAPI: invoiceapi.Options{NotifyAddress: st.shop + "/invoice"},
		PayKeeper:  paykeeper.Options{NotifyAddress: st.shop + "/paykeeper"},
	})
	sandboxtest.Must(t, err)
	st.Box = sandboxtest.Serve(t, s.Sandbox, err)
	t.Setenv("INVOICE_BASE_URL", st.URL+"/invoice/api/v2")
	t.Setenv("INVOICE_MERCHANT_ID", invoiceapi.TestMerchantID)
	t.Setenv("INVOICE_API_KEY", invoiceapi.TestAPIKey)
	t.Setenv("SECRET_WORD", paykeeper.DemoSecretWord)
	return st
}

// pay issues an order at a gateway, and pays it on its page.
var pay = map[string]func(st *street, order string){
	"invoice": func(st *street, order string) {
		t := st.OK("CreateTerminal", strings.Replace(sandboxtest.TerminalSample, "N1", "A-"+order, 1))
		p := st.OK("CreatePayment", fmt.Sprintf(`{"order":{"currency":"RUB","amount":1500.5,"description":"Кольцо","id":%q},
			"settings":{"terminal_id":%q,"payment_method":"card"},"receipt":[]}`, order, t["id"]))
		page := strings.TrimPrefix(p["payment_url"].(string), st.URL)
		st.submit(page, url.Values{"card": {invoiceapi.TestCard}, "expiry": {"01/22"}, "cvc": {"852"}, "code": {"123456"}})
	},
	"paykeeper": func(st *street, order string) {
		_, token := st.call(http.MethodGet, "/info/settings/token/", "")
		_, made := st.call(http.MethodPost, "/change/invoice/preview/", url.Values{
			"token": {token["token"].(string)}, "pay_amount": {"1500.5"}, "orderid": {order}, "clientid": {"Анна Иванова"},
		}.Encode())
		st.submit(strings.TrimPrefix(made["invoice_url"].(string), st.URL), nil)
	},
}

// call calls PayKeeper.
func (st *street) call(method, path, form string) (int, sandboxtest.Object) {
	st.T.Helper()
	response, body, err := st.Send(method, "/paykeeper"+path, form, func(r *http.Request) {
		r.SetBasicAuth(paykeeper.DemoLogin, paykeeper.DemoPassword)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	})
	sandboxtest.Must(st.T, err)
	return response.StatusCode, sandboxtest.Decode(st.T, body)
}

func (st *street) submit(page string, form url.Values) {
	st.T.Helper()
	if status, body := st.Submit(page, form); status != http.StatusOK || !strings.Contains(body, "Оплачен") {
		st.T.Fatalf("the page %s: %d %s", page, status, body)
	}
}

// steer sends a command to the sandbox.
func (st *street) steer(path, body string) sandboxtest.Object {
	st.T.Helper()
	response, answer, err := st.Send(http.MethodPost, path, body, func(*http.Request) {})
	sandboxtest.Must(st.T, err)
	if response.StatusCode != http.StatusOK {
		st.T.Fatalf("POST %s: %d %s", path, response.StatusCode, answer)
	}
	return sandboxtest.Decode(st.T, answer)
}

// delivery waits until the only notification has been tried so often, and returns
// it as the sandbox shows it.
func (st *street) delivery(tries int) sandboxtest.Object {
	st.T.Helper()
	for range 500 {
		_, body := st.Browse("/sandbox/notifications")
		var all []sandboxtest.Object
		if err := json.Unmarshal([]byte(body), &all); err != nil || len(all) > 1 {
			st.T.Fatalf("want one notification: %s %v", body, err)
		}
		if len(all) == 1 && len(all[0]["tries"].([]any)) == tries {
			return all[0]
		}
		time.Sleep(10 * time.Millisecond)
	}
	st.T.Fatalf("the notification was not tried %d times", tries)
	return nil
}

// want wants the notification to be in a state, and the shop to have printed a text.
func (st *street) want(d sandboxtest.Object, state, printed string) {
	st.T.Helper()
	st.mu.Lock()
	defer st.mu.Unlock()
	sandboxtest.Equal(st.T, "state", d["state"], any(state))
	sandboxtest.Equal(st.T, "printed", st.printed.String(), printed)
}

func lastTry(d sandboxtest.Object) sandboxtest.Object {
	tries := d["tries"].([]any)
	return tries[len(tries)-1].(sandboxtest.Object)
}

const aPaid = "order A-1 is paid\n"

// What the shop has missed comes again by the sandbox's clock, and what has come
// before delivers nothing more.
func TestShopMissesANotification(t *testing.T) {
	for gateway, payOrder := range pay {
		t.Run(gateway, func(t *testing.T) {
			st := open(t)
			st.isDown.Store(true)
			payOrder(st, "A-1")
			d := st.delivery(1)
			st.want(d, "pending", "")
			sandboxtest.Equal(t, "answer", fmt.Sprintln(lastTry(d)["status"], lastTry(d)["problem"]), "500 status\n")

			st.isDown.Store(false)
			st.steer("/sandbox/clock", `{"advance":"59s"}`)
			st.want(st.delivery(1), "pending", "")
			st.steer("/sandbox/clock", `{"advance":"1s"}`)
			d = st.delivery(2)
			st.want(d, "delivered", aPaid)
			sandboxtest.Equal(t, "gateway", d["gateway"], any(gateway))

			d = st.steer("/sandbox/notifications/"+d["id"].(string)+"/replay", "")
			st.want(d, "delivered", aPaid)
			sandboxtest.Equal(t, "answer", fmt.Sprintln(lastTry(d)["status"], lastTry(d)["problem"]), "200 \n")
			sandboxtest.Equal(t, "bytes", st.came[2], st.came[0])
		})
	}
}

// What was given up comes again by a replay.
func TestShopGetsAReplay(t *testing.T) {
	for gateway, payOrder := range pay {
		t.Run(gateway, func(t *testing.T) {
			st := open(t)
			st.isDown.Store(true)
			payOrder(st, "A-1")
			st.delivery(1)
			for tries := 2; tries <= 3; tries++ {
				st.steer("/sandbox/clock", `{"advance":"1m"}`)
				st.delivery(tries)
			}
			d := st.delivery(3)
			st.want(d, "failed", "")
			st.isDown.Store(false)
			st.want(st.steer("/sandbox/notifications/"+d["id"].(string)+"/replay", ""), "delivered", aPaid)
		})
	}
}

// What somebody else has signed, or changed, is refused and delivers nothing.
func TestShopRefusesForged(t *testing.T) {
	for gateway, payOrder := range pay {
		t.Run(gateway, func(t *testing.T) {
			st := open(t)
			payOrder(st, "A-1")
			st.want(st.delivery(1), "delivered", aPaid)
			for _, forge := range forgeries[gateway] {
				forged := strings.NewReplacer(forge...).Replace(st.came[0])
				if forged == st.came[0] {
					t.Fatalf("%q changes nothing in %s", forge, forged)
				}
				sandboxtest.Must(t, os.RemoveAll("delivered-"+string(sign("A-1"))))
				response, err := http.Post(st.shop+"/"+gateway, contentTypes[gateway], strings.NewReader(forged))
				sandboxtest.Must(t, err)
				_ = response.Body.Close()
				if response.StatusCode != http.StatusForbidden {
					t.Errorf("%q: %s", forge, response.Status)
				}
			}
			st.want(st.delivery(1), "delivered", aPaid)
		})
	}
}

var contentTypes = map[string]string{"invoice": "application/json", "paykeeper": "application/x-www-form-urlencoded"}

// forgeries replace something in a notification.
var forgeries = map[string][][]string{
	"invoice":   {{`"signature":"`, `"signature":"0`}, {`"signature"`, `"x"`}, {`"id":"`, `"id":"0`}, {`"status":"successful"`, `"status":"fail"`}},
	"paykeeper": {{"key=", "key=0"}, {"key=", "x="}, {"orderid=A-1", "orderid=A-2"}, {"sum=1500.50", "sum=1.00"}, {"clientid=", "clientid=x"}, {"id=", "id=0"}},
}

// Only the gateway says which order a payment of Invoice API v2 is of, and whether it
// is paid.
func TestShopAsksForTheOrder(t *testing.T) {
	st := open(t)
	pay["invoice"](st, "A-1")
	st.want(st.delivery(1), "delivered", aPaid)
	response, err := http.Post(st.shop+"/invoice", "application/json", strings.NewReader(strings.Replace(st.came[0], `"A-1"`, `"A-2"`, 1)))
	sandboxtest.Must(t, err)
	_ = response.Body.Close()
	st.want(st.delivery(1), "delivered", aPaid)

	// Signed, but of a payment that is not paid, or that nobody has heard of.
	p := st.OK("CreatePayment", `{"order":{"currency":"RUB","amount":10,"description":"Кольцо","id":"A-3"},"settings":{"terminal_id":"`+
		st.OK("GetTerminal", `{"alias":"A-A-1"}`)["id"].(string)+`"},"receipt":[]}`)
	// A refund of what is paid is no payment.
	refund := strings.Replace(st.came[0], `"notification_type":"pay"`, `"notification_type":"refund"`, 1)
	sandboxtest.Must(t, os.RemoveAll("delivered-"+string(sign("A-1"))))
	response, err = http.Post(st.shop+"/invoice", "application/json", strings.NewReader(refund))
	sandboxtest.Must(t, err)
	_ = response.Body.Close()
	for id, status := range map[string]int{p["id"].(string): http.StatusOK, strings.Repeat("0", 32): http.StatusBadGateway} {
		body := fmt.Sprintf(`{"notification_type":"pay","id":%q,"status":"successful","order":{"id":"A-3"},"signature":%q}`, id, sign(id+"successful"+invoiceapi.TestAPIKey))
		response, err := http.Post(st.shop+"/invoice", "application/json", strings.NewReader(body))
		sandboxtest.Must(t, err)
		_ = response.Body.Close()
		sandboxtest.Equal(t, "status", response.StatusCode, status)
	}
	st.want(st.delivery(1), "delivered", aPaid)
}

// Payments without an order are not all the same order.
func TestShopRefusesNoOrder(t *testing.T) {
	st := open(t)
	form := url.Values{"id": {"1"}, "sum": {"10.00"}, "key": {string(sign("110.00" + paykeeper.DemoSecretWord))}}
	response, err := http.PostForm(st.shop+"/paykeeper", form)
	sandboxtest.Must(t, err)
	_ = response.Body.Close()
	sandboxtest.Equal(t, "status", response.StatusCode, http.StatusForbidden)
}

// The example stays about as short as its README says.
func TestShopIsShort(t *testing.T) {
	source, err := os.ReadFile("main.go")
	sandboxtest.Must(t, err)
	if lines := bytes.Count(source, []byte("\n")); lines > 60 {
		t.Errorf("%d lines", lines)
	}
}
