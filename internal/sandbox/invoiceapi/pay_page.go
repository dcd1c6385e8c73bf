package invoiceapi

import (
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// receiptLine is one line of a receipt on a page.
type receiptLine struct {
	Name        string      `json:"name"`
	Price       json.Number `json:"price"`
	Discount    discount    `json:"discount"`
	ResultPrice json.Number `json:"resultPrice"`
	Quantity    json.Number `json:"quantity"`
}

// discount is a text such as "10%". Vendor SDKs send a number [V].
type discount string

// UnmarshalJSON takes a text or a number. A discount of zero is none.
func (d *discount) UnmarshalJSON(data []byte) error {
	text := strings.Trim(string(data), `"`)
	if data[0] == '"' {
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
	}
	if text == "0" || text == "0%" || text == "null" {
		text = ""
	}
	*d = discount(text)
	return nil
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

// paymentEnd is how a payment has ended, as its page says it: paid, declined,
// late or closed, and "" before.
func paymentEnd(p Payment, now string) string {
	isLate := strings.HasPrefix(p.StatusDescription, tooLateCode) && now >= p.ExpiresAt
	switch {
	case p.runOut(now) || p.Status == "fail" && isLate:
		return "late"
	case p.Status == "successful":
		return "paid"
	case p.Status == "fail" || p.Status == "failed" || p.Status == "error":
		return "declined"
	case p.Status == "closed":
		return "closed"
	}
	return ""
}

// statusWord is the word for the status of a payment. A payment whose time is
// over has a word of its own.
func statusWord(p Payment, now string) string {
	if paymentEnd(p, now) == "late" {
		return "Срок оплаты истёк"
	}
	return statusWords.Of(p.Status)
}

// back is where the payer returns to, and "" if that is not known.
func back(p Payment, end string) string {
	address := map[string]string{"paid": p.SuccessURL, "declined": p.FailURL, "late": p.FailURL, "closed": p.FailURL}[end]
	if !sandbox.IsPageAddress(address) {
		return ""
	}
	return address
}

// shownRefund is a refund on the page.
type shownRefund struct {
	Refund
	Word string
}

// paidFor is what belongs to a payment: its terminal, which may be deleted, and
// its refunds.
func (g *Gateway) paidFor(p Payment) (t Terminal, shown []shownRefund, err error) {
	err = g.Transact(func(tx *sql.Tx) error {
		if t, err = terminals.Find(tx, "id", p.TerminalID); err != nil && !errors.Is(err, sandbox.ErrNotFound) {
			return err
		}
		all, err := refunds.Select(tx, `WHERE payment_id = ? ORDER BY number`, p.ID)
		for _, r := range all {
			shown = append(shown, shownRefund{r, refundWords.Of(r.Status)})
		}
		return err
	})
	return t, shown, err
}

// servePayPage shows a payment and, while it can be paid, a form.
func (g *Gateway) servePayPage(w http.ResponseWriter, r *http.Request) {
	p, err := g.Payments.Get(r.PathValue("id"))
	if err != nil {
		sandbox.RenderMissing(w, r, err, "Платёж не найден")
		return
	}
	t, refunds, err := g.paidFor(p)
	if err != nil {
		sandbox.Fail(w, err)
		return
	}
	var receipt []receiptLine
	_ = json.Unmarshal([]byte(p.Receipt), &receipt)
	now := g.now()
	end, terminalPage := paymentEnd(p, now), ""
	if t.ID != "" {
		terminalPage = terminalPath + url.PathEscape(t.ID)
	}
	pages.Render(w, r, http.StatusOK, "payment", map[string]any{
		"Title": "Оплата заказа", "Merchant": t.Name, "TerminalPage": terminalPage, "Payment": p, "Status": statusWord(p, now), "StatusAnswer": g.statusAnswer(p.Status),
		"End": end, "Back": back(p, end), "Refusal": refusalOf(p.StatusDescription), "Again": !p.payable(now) && r.URL.Query().Has("again"),
		"Receipt": receipt, "Refunds": refunds, "Payable": p.payable(now), "Closable": p.Status == "init",
		"Method": methodWords.Of(p.PaymentMethod), "Transaction": transactionWords.Of(p.TransactionType),
		"Card": fieldsOf(TestCard), "Declined": fieldsOf(DeclinedCard),
	})
}

// pressOnPage takes the page's forms: the payer's card, or the seller's close.
// What changes nothing leads to a page that says so.
func (g *Gateway) pressOnPage(r *http.Request) (next string, err error) {
	id := r.PathValue("id")
	p, err := g.Payments.Get(id)
	if err != nil {
		return "", err
	}
	isDone := false
	switch r.PostFormValue("action") {
	case "", "pay":
		isDone = p.payable(g.now())
		_, err = g.pay(id, card{
			number: r.PostFormValue("card"), expiry: r.PostFormValue("expiry"),
			cvc: r.PostFormValue("cvc"), code: r.PostFormValue("code"),
		})
	case "close":
		isDone, err = g.closeOnPage(id)
	}
	next = payPath + url.PathEscape(id)
	if !isDone {
		next += "?again"
	}
	return next, err
}

// closeOnPage closes a payment as ClosePayment does, and reports whether it could
// be closed.
func (g *Gateway) closeOnPage(id string) (isClosed bool, err error) {
	err = g.Transact(func(tx *sql.Tx) error {
		p, err := payments.Get(tx, id)
		if err == nil {
			_, err = g.close(tx, p)
		}
		return err
	})
	var refused *apiError
	if errors.As(err, &refused) {
		return false, nil
	}
	return err == nil, err
}
