package invoiceapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// statusWords are the statuses of guide section 9.1.
var statusWords = sandbox.Words{
	"init":       "Ожидает оплаты",
	"successful": "Оплачен",
	"fail":       "Не оплачен",
	"closed":     "Отменён",
}

// statusWord is the word for the status of a payment. A payment whose time is
// over has a word of its own.
func statusWord(p Payment, now string) string {
	if p.runOut(now) {
		return "Срок оплаты истёк"
	}
	return statusWords.Of(p.Status)
}

// receiptLine is one line of a receipt on a page.
type receiptLine struct {
	Name        string      `json:"name"`
	Price       json.Number `json:"price"`
	Discount    string      `json:"discount"`
	ResultPrice json.Number `json:"resultPrice"`
	Quantity    json.Number `json:"quantity"`
}

// cardFields are the values that the form of the page is filled in with.
type cardFields struct{ Number, Expiry, CVC, Code string }

func fieldsOf(number string) cardFields {
	return cardFields{groupDigits(number), testCardExpiry, testCardCVC, testCard3DS}
}

func groupDigits(number string) string {
	var grouped []byte
	for i := range len(number) {
		if i > 0 && i%4 == 0 {
			grouped = append(grouped, ' ')
		}
		grouped = append(grouped, number[i])
	}
	return string(grouped)
}

// servePayPage shows a payment and, while it can be paid, a form.
func (g *Gateway) servePayPage(w http.ResponseWriter, r *http.Request) {
	p, err := g.Payments.Get(r.PathValue("id"))
	if err != nil {
		sandbox.RenderMissing(w, r, err, "Платёж не найден")
		return
	}
	t, err := g.terminal(p.TerminalID)
	if err != nil && !errors.Is(err, sandbox.ErrNotFound) {
		sandbox.Fail(w, err)
		return
	}
	var receipt []receiptLine
	_ = json.Unmarshal([]byte(p.Receipt), &receipt)
	now := g.now()
	pages.Render(w, r, http.StatusOK, "payment", map[string]any{
		"Title": "Оплата заказа", "Merchant": t.Name, "Payment": p, "Amount": sandbox.Money(p.Amount), "Status": statusWord(p, now),
		"Receipt": receipt, "Payable": p.payable(now), "Expired": p.runOut(now),
		"Card": fieldsOf(TestCard), "Declined": fieldsOf(DeclinedCard),
	})
}

// payOnPage takes the page's form.
func (g *Gateway) payOnPage(r *http.Request) (next string, err error) {
	id := r.PathValue("id")
	_, err = g.pay(id, card{
		number: r.PostFormValue("card"), expiry: r.PostFormValue("expiry"),
		cvc: r.PostFormValue("cvc"), code: r.PostFormValue("code"),
	})
	return payPath + url.PathEscape(id), err
}
