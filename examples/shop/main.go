// Command shop delivers what is paid. Gateways tell it, and it believes what is signed.
package main

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // the gateways sign with it
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"
)

func main() {
	if !strings.HasPrefix(os.Getenv("INVOICE_BASE_URL"), "http") || os.Getenv("INVOICE_API_KEY") == "" || os.Getenv("SECRET_WORD") == "" {
		log.Fatal("shop: set INVOICE_BASE_URL, INVOICE_API_KEY and SECRET_WORD") // Anybody can sign with an empty one.
	}
	http.HandleFunc("POST /invoice", invoice)
	http.HandleFunc("POST /paykeeper", payKeeper)
	log.Fatal(http.ListenAndServe("127.0.0.1:9000", nil)) //nolint:gosec // nobody else reaches it
}

func invoice(w http.ResponseWriter, r *http.Request) {
	var told, known struct { // The signature covers id and status alone, so the gateway is asked for the order.
		ID, Status, Signature, Notification_Type string //nolint:revive // the gateway's name
		Order                                    struct{ ID string }
	}
	if json.NewDecoder(r.Body).Decode(&told) != nil || !hmac.Equal([]byte(told.Signature), sign(told.ID+told.Status+os.Getenv("INVOICE_API_KEY"))) {
		http.Error(w, "wrong signature", http.StatusForbidden)
		return
	}
	ask, _ := http.NewRequestWithContext(r.Context(), http.MethodPost, os.Getenv("INVOICE_BASE_URL")+"/GetPayment", strings.NewReader(`{"id":"`+told.ID+`"}`)) //nolint:gosec // our own setting
	ask.Header.Set("Content-Type", "application/json")
	ask.SetBasicAuth(os.Getenv("INVOICE_MERCHANT_ID"), os.Getenv("INVOICE_API_KEY"))
	if answer, err := http.DefaultClient.Do(ask); err != nil || json.NewDecoder(answer.Body).Decode(&known) != nil || known.ID != told.ID || known.Order.ID == "" { //nolint:gosec,bodyclose // its context ends with r
		http.Error(w, fmt.Sprint("the gateway does not say which order it is of: ", err), http.StatusBadGateway) // It is sent again.
	} else if told.Notification_Type == "pay" && told.Status == "successful" && known.Status == "successful" {
		deliver(w, known.Order.ID, "OK")
	}
}

func payKeeper(w http.ResponseWriter, r *http.Request) {
	if is := r.PostFormValue; is("orderid") == "" || !hmac.Equal([]byte(is("key")), sign(is("id")+is("sum")+is("clientid")+is("orderid")+os.Getenv("SECRET_WORD"))) {
		http.Error(w, "no order, or a wrong signature", http.StatusForbidden)
	} else {
		deliver(w, is("orderid"), fmt.Sprintf("OK %s", sign(is("id")+os.Getenv("SECRET_WORD")))) // After any other answer it is sent again.
	}
}

func deliver(w http.ResponseWriter, order, answer string) {
	if err := os.Mkdir("delivered-"+string(sign(order)), 0o700); err == nil { // That works once for each order.
		log.Printf("order %s is paid", order)
	} else if !os.IsExist(err) {
		log.Panic(err) // Without an answer it is sent again.
	}
	_, _ = fmt.Fprint(w, answer)
}

func sign(text string) []byte { return fmt.Appendf(nil, "%x", md5.Sum([]byte(text))) } //nolint:gosec // see above
