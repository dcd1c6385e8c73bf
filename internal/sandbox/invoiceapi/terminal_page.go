package invoiceapi

import (
	"database/sql"
	"encoding/json"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

func (g *Gateway) terminal(id string) (t Terminal, err error) {
	err = g.Transact(func(tx *sql.Tx) (err error) {
		t, err = terminals.Find(tx, "id", id)
		return err
	})
	return t, err
}

// price is the default price, and "" if there is none. Vendors' clients send zero
// for none [V].
func (t Terminal) price() string {
	price, err := decimal.NewFromString(t.DefaultPrice)
	if err != nil || price.IsZero() {
		return ""
	}
	return price.StringFixed(2)
}

// serveTerminalPage shows a terminal and a button that orders at it.
func (g *Gateway) serveTerminalPage(w http.ResponseWriter, r *http.Request) {
	t, err := g.terminal(r.PathValue("id"))
	if err != nil {
		sandbox.RenderMissing(w, r, err, "Терминал не найден")
		return
	}
	renderTerminal(w, r, http.StatusOK, t, filledOrder{Amount: t.price()}, nil)
}

// filledOrder is what a person fills in on a terminal's page.
type filledOrder struct{ Amount, Comment string }

// renderTerminal shows the form with what was filled in, and the problem with
// each field.
func renderTerminal(w http.ResponseWriter, r *http.Request, status int, t Terminal, filled filledOrder, problems map[string]string) {
	pages.Render(w, r, status, "terminal", map[string]any{
		"Terminal": t, "IsStatic": t.Type == "static", "Price": t.price(),
		"Amount": filled.Amount, "Comment": filled.Comment, "Problem": problems,
	})
}

// orderOnPage takes the terminal page's form. It creates a payment and leads to
// its page.
func (g *Gateway) orderOnPage(w http.ResponseWriter, r *http.Request) {
	if !sandbox.ReadForm(w, r) {
		return
	}
	t, err := g.terminal(r.PathValue("id"))
	if err != nil {
		sandbox.RenderMissing(w, r, err, "Терминал не найден")
		return
	}
	filled := filledOrder{r.PostFormValue("amount"), r.PostFormValue("comment")}
	p, problems := t.order(sandbox.ReadMoney(r, filled.Amount), filled.Comment)
	if len(problems) > 0 {
		renderTerminal(w, r, http.StatusUnprocessableEntity, t, filled, problems)
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

// order is the payment that the form asks for, or the problems with its fields. A
// static terminal always takes its default price.
func (t Terminal) order(amount, comment string) (p Payment, problems map[string]string) {
	problems = map[string]string{}
	if t.Type == "static" {
		amount = t.DefaultPrice
	}
	// The rules are those of the API.
	fields := &jsonObject{rules: &rules{}, fields: map[string]json.RawMessage{"amount": json.RawMessage(amount)}}
	amount = fields.amount("amount", sandbox.Required)
	if fields.rules.failure != nil {
		problems["amount"] = "Введите сумму больше нуля, не больше двух знаков после запятой. Пример: 1500,50"
	}
	if !t.CanComments {
		comment = ""
	}
	if utf8.RuneCountInString(comment) > 200 {
		problems["comment"] = "Комментарий длиннее 200 символов. Сократите его."
	}
	price := json.Number(amount)
	receipt, _ := json.Marshal([]receiptLine{{Name: t.Name, Price: price, ResultPrice: price, Quantity: "1"}}) // strings and numbers: it cannot fail
	return Payment{
		Amount: amount, Currency: "RUB", Description: comment, TerminalID: t.ID, Receipt: string(receipt), TransactionType: "1",
	}, problems
}
