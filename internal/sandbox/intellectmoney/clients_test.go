package intellectmoney

import (
	"net/http"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// What public clients send and the document does not have.
var clients = sandbox.Dialect{"intellectmoney_checks": "clients"}

func TestDatesWithoutATime(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: clients}) // It is 12:30 on 1 March in Moscow.
	yesterday, today := b.imAdd(13, nil), b.imAdd(12, nil)
	for query, want := range map[string]string{"DateFrom=2026-03-01": today, "DateTo=2026-03-01": yesterday, "ChangeDateFrom=2026-03-01": today, "ChangeDateTo=2026-03-01": yesterday} {
		name, value, _ := strings.Cut(query, "=")
		equal(t, query, imIDs(b.imList(name, value)), []string{want})
	}
	imFails(t, "no day", b.imAsk("DateFrom", "2026-02-30"), "DateFrom")
	imFails(t, "half a time", b.imAsk("DateFrom", "2026-03-01 12"), "DateFrom")
}

func TestStateByName(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: clients})
	created, paid := b.imAdd(2, nil), b.imAdd(1, nil)
	must(t, b.SetState(paid, "Paid"))
	equal(t, "name", imIDs(b.imList("State", "Paid")), []string{paid})
	equal(t, "number", imIDs(b.imList("State", "0")), []string{created})
	imFails(t, "no name", b.imAsk("State", "paid"), "State")
	imFails(t, "no number", b.imAsk("State", "5"), "State")
}

func TestTokenByQuery(t *testing.T) {
	b := start(t, sandbox.Options{})
	address := "user/getUserToken?Login=demo%40example.com&Password="
	bare := func(r *http.Request) {
		for _, name := range []string{"Authorization", "Sign", "Accept", "Content-Type"} {
			r.Header.Del(name)
		}
	}
	signed := sha("::demo@example.com::demo::::demo-sign-secret-key")
	_, answer := b.imPost(address+"demo", "", signed)
	contains(t, answer, `"UserToken":"demo/user+token"`)
	_, answer = b.imPost(address+"demo", "", "", bare)
	contains(t, answer, "<Code>2</Code>")
	absent(t, answer, "demo/user+token")
	b.SetDialect(clients)
	_, answer = b.imPost(address+"demo", "", "", bare)
	contains(t, answer, "<Result><State>", "<UserToken>demo/user+token</UserToken></Result>")
	_, answer = b.imPost(address+"wrong", "", "", bare)
	absent(t, answer, "demo/user+token")
	// The history stays signed.
	imFails(t, "unsigned", decodeBody(b.imPost("payment/getInvoicesHistory", imForm(imValues()), "")), "подпись")
	imFails(t, "no bearer", decodeBody(b.imPost("payment/getInvoicesHistory", imForm(imValues()), imSign(imValues(), "demo-sign-secret-key"),
		func(r *http.Request) { r.Header.Del("Authorization") })), "Bearer")
}

func decodeBody(_ *http.Response, body string) string { return body }

func TestComment(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.imAdd(1, nil)
	if got, shown := b.imList()[0]["Comment"]; shown {
		t.Errorf("Comment %v", got)
	}
	b.SetDialect(sandbox.Dialect{"intellectmoney_comment": "shown"})
	equal(t, "Comment", b.imList()[0]["Comment"], "Оплата счета "+id)
}
