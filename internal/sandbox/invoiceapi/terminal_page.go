package invoiceapi

import (
	"database/sql"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

func (g *Gateway) terminal(id string) (t Terminal, err error) {
	err = g.Transact(func(tx *sql.Tx) (err error) {
		t, err = terminals.Find(tx, "id", id)
		return err
	})
	return t, err
}

// serveTerminalPage shows a terminal and a button that orders at it.
func (g *Gateway) serveTerminalPage(w http.ResponseWriter, r *http.Request) {
	t, err := g.terminal(r.PathValue("id"))
	if err != nil {
		sandbox.RenderMissing(w, r, err, "Терминал не найден")
		return
	}
	renderTerminal(w, r, http.StatusOK, t, "")
}

func renderTerminal(w http.ResponseWriter, r *http.Request, status int, t Terminal, problem string) {
	pages.Render(w, r, status, "terminal", map[string]any{
		"Title": t.Name, "Terminal": t, "Price": sandbox.Money(t.DefaultPrice), "Problem": problem,
	})
}

// orderOnPage takes the terminal page's form. It creates a payment and leads to
// its page.
func (g *Gateway) orderOnPage(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, sandbox.MaxRequestBody)
	t, err := g.terminal(r.PathValue("id"))
	if err != nil {
		sandbox.RenderMissing(w, r, err, "Терминал не найден")
		return
	}
	p, problem := t.order(r)
	if problem != "" {
		renderTerminal(w, r, http.StatusUnprocessableEntity, t, problem)
		return
	}
	err = g.Transact(func(tx *sql.Tx) (err error) {
		p, err = g.addPayment(tx, p)
		return err
	})
	if err != nil {
		sandbox.Fail(w, err)
		return
	}
	http.Redirect(w, r, payPath+url.PathEscape(p.ID), http.StatusSeeOther)
}

// order is the payment that the form asks for, or the problem with the form. A
// static terminal always takes its default price.
func (t Terminal) order(r *http.Request) (p Payment, problem string) {
	amount := t.DefaultPrice
	if t.Type != "static" {
		amount = strings.ReplaceAll(strings.TrimSpace(r.PostFormValue("amount")), ",", ".")
	}
	// The rules are those of the API.
	order := &jsonObject{rules: &rules{}, fields: map[string]json.RawMessage{"amount": json.RawMessage(amount)}}
	amount = order.amount("amount", sandbox.Required)
	comment := r.PostFormValue("comment")
	if !t.CanComments {
		comment = ""
	}
	switch failure := order.rules.failure; {
	case failure != nil && t.Type == "static":
		return p, "У терминала нет фиксированной суммы"
	case failure != nil:
		return p, failure.additions["amount"][0]
	case utf8.RuneCountInString(comment) > 200:
		return p, "Комментарий длиннее 200 символов"
	}
	price := json.Number(amount)
	receipt, _ := json.Marshal([]receiptLine{{Name: t.Name, Price: price, ResultPrice: price, Quantity: "1"}}) // strings and numbers: it cannot fail
	return Payment{
		Amount: amount, Currency: "RUB", Description: comment, TerminalID: t.ID, Receipt: string(receipt), TransactionType: "1",
	}, ""
}
