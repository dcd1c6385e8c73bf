package paykeeper

import (
	"path"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

const (
	login     = "admin"
	password  = "s3cr3t+word"
	invoiceID = "20140402085214805" // the id in the document's request (section 3.1)

	// Servers write «Счёт не найден.» and «Токен безопасности не верен.» so.
	notFound   = `{"result":"fail","msg":"\u0421\u0447\u0451\u0442 \u043d\u0435 \u043d\u0430\u0439\u0434\u0435\u043d."}`
	staleToken = `{"result":"fail","msg":"\u0422\u043e\u043a\u0435\u043d \u0431\u0435\u0437\u043e\u043f\u0430\u0441\u043d\u043e\u0441\u0442\u0438 \u043d\u0435 \u0432\u0435\u0440\u0435\u043d."}`
	success    = `{"result":"success"}`
)

// sample is one invoice with the fields of section 3.1.1.
const sample = `{
  "id": "20140402085214805",
  "status": "created",
  "pay_amount": "1500.00",
  "clientid": "Иванов Иван",
  "orderid": "A-1",
  "service_name": "Услуга",
  "client_email": "ivanov@example.com",
  "client_phone": "+7 900 000-00-00",
  "expiry_datetime": "2014-04-12 00:00:00",
  "created_datetime": "2014-04-02 08:52:14",
  "paid_datetime": null,
  "paymentid": null,
  "user_id": "7",
  "user_login": "admin"
}`

const preview = `{"invoice_id":"20140402085214805","invoice_url":"https:\/\/demo.server.paykeeper.ru\/bill\/20140402085214805\/","invoice":"<html>letter<\/html>"}`

// fresh is the sample as a server would show it now. The changes are pairs of old and new text.
func fresh(changes ...string) string {
	now := time.Now().In(values.Moscow)
	pairs := append([]string{
		"2014-04-12 00:00:00", now.Add(48 * time.Hour).Format(time.DateTime),
		"2014-04-02 08:52:14", now.Format(time.DateTime),
	}, changes...)
	return strings.NewReplacer(pairs...).Replace(sample)
}

func listOf(invoices ...string) reply { return ok("[" + strings.Join(invoices, ",") + "]") }

type reply = clienttest.Reply

var (
	ok   = clienttest.OK
	cut  = reply{Cut: true}
	none = ok("[]")
)

// newServer answers each path with its replies. Without replies, the token call answers one
// token. Like real servers, it calls everything text/html.
func newServer(t *testing.T, replies map[string][]reply) *clienttest.Server {
	t.Helper()
	if replies == nil {
		replies = map[string][]reply{}
	}
	if replies[pathToken] == nil {
		replies[pathToken] = []reply{ok(`{"token":"token-one"}`)}
	}
	return clienttest.Start(t, &clienttest.Server{
		Replies: replies,
		Step:    func(r clienttest.Request) string { return r.Path },
		Name:    path.Base, // "token preview"
		Header:  []string{"Content-Type", "text/html; charset=utf-8"},
	})
}

func clientOf(s *clienttest.Server) *Client { return loggingClientOf(s, nil) }

func loggingClientOf(s *clienttest.Server, log transport.LogFunc) *Client {
	return New(s.URL, login, password, clienttest.Quick(log))
}
