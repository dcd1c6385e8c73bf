package sandbox

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// invoiceStatusWords are the statuses of guide section 9.1 for a person.
var invoiceStatusWords = map[string]string{
	"init":       "Ожидает оплаты",
	"successful": "Оплачен",
	"fail":       "Не оплачен",
	"closed":     "Отменён",
}

// invoiceStatusWord says how a payment stands; whether its time is over is
// told apart, as its status may not say so.
func invoiceStatusWord(p InvoicePayment, now string) string {
	if p.Status == "init" && p.expired(now) {
		return "Срок оплаты истёк"
	}
	if word, ok := invoiceStatusWords[p.Status]; ok {
		return word
	}
	return p.Status
}

// money writes a decimal with two digits for a person.
func money(value string) string {
	number, err := decimal.NewFromString(value)
	if err != nil {
		return value
	}
	return number.StringFixed(2)
}

// receiptLine is one line of a receipt on a page.
type receiptLine struct {
	Name        string      `json:"name"`
	Price       json.Number `json:"price"`
	Discount    string      `json:"discount"`
	ResultPrice json.Number `json:"resultPrice"`
	Quantity    json.Number `json:"quantity"`
}

// invoicePaymentData is what pages/invoice_payment.html shows.
type invoicePaymentData struct {
	Title, Merchant string
	Payment         InvoicePayment
	Amount, Status  string
	Receipt         []receiptLine
	Payable         bool
	Expired         bool
	Card            invoiceCardFields
	Declined        invoiceCardFields
}

type invoiceCardFields struct{ Number, Expiry, CVC, Code string }

func cardFields(number string) invoiceCardFields {
	return invoiceCardFields{groupDigits(number), testCardExpiry, testCardCVC, testCard3DS}
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

// invoicePaymentPage shows a payment and, while it can be paid, a form.
func (s *Sandbox) invoicePaymentPage(w http.ResponseWriter, r *http.Request) {
	p, err := s.invoicePayment(r.PathValue("id"))
	if err != nil {
		s.noPage(w, err, "Платёж не найден")
		return
	}
	merchant := ""
	switch t, err := s.invoiceTerminal(`WHERE id = ?`, p.TerminalID); {
	case err == nil:
		merchant = t.Name
	case !errors.Is(err, errNotFound):
		s.noPage(w, err, "")
		return
	}
	now := s.invoiceNow()
	data := invoicePaymentData{
		Title: "Оплата заказа", Merchant: merchant, Payment: p, Amount: money(p.Amount),
		Status:  invoiceStatusWord(p, now),
		Payable: p.Status == "init" && !p.expired(now), Expired: p.Status == "init" && p.expired(now),
		Card: cardFields(TestCard), Declined: cardFields(DeclinedCard),
	}
	_ = json.Unmarshal([]byte(p.Receipt), &data.Receipt)
	render(w, http.StatusOK, "invoice_payment", data)
}

// invoicePay takes the payment page's form. It answers with a redirect to the
// page, which shows the outcome: reloading that does not send the form again.
func (s *Sandbox) invoicePay(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequestBody)
	id := r.PathValue("id")
	_, err := s.payInvoice(id, invoiceCard{
		number: r.PostFormValue("card"), expiry: r.PostFormValue("expiry"),
		cvc: r.PostFormValue("cvc"), code: r.PostFormValue("code"),
	})
	if err != nil {
		s.noPage(w, err, "Платёж не найден")
		return
	}
	http.Redirect(w, r, invoicePayPath+url.PathEscape(id), http.StatusSeeOther)
}

// invoiceTerminalPage shows a terminal and a button that orders at it.
func (s *Sandbox) invoiceTerminalPage(w http.ResponseWriter, r *http.Request) {
	t, err := s.invoiceTerminal(`WHERE id = ?`, r.PathValue("id"))
	if err != nil {
		s.noPage(w, err, "Терминал не найден")
		return
	}
	s.renderInvoiceTerminal(w, http.StatusOK, t, "")
}

func (s *Sandbox) renderInvoiceTerminal(w http.ResponseWriter, status int, t InvoiceTerminal, problem string) {
	price := ""
	if t.DefaultPrice != "" {
		price = money(t.DefaultPrice)
	}
	render(w, status, "invoice_terminal", map[string]any{
		"Title": t.Name, "Terminal": t, "Price": price, "Problem": problem,
	})
}

// invoiceOrder takes the terminal page's form: it creates a payment and leads
// to its page. A static terminal takes its default price and nothing else.
func (s *Sandbox) invoiceOrder(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequestBody)
	t, err := s.invoiceTerminal(`WHERE id = ?`, r.PathValue("id"))
	if err != nil {
		s.noPage(w, err, "Терминал не найден")
		return
	}
	amount := t.DefaultPrice
	if t.Type != "static" {
		amount = strings.ReplaceAll(strings.TrimSpace(r.PostFormValue("amount")), ",", ".")
	}
	// The form goes by the rules of the API's order.
	rules := &invoiceRules{}
	order := &invoiceObject{rules: rules, fields: map[string]json.RawMessage{"amount": json.RawMessage(amount)}}
	amount = order.amount("amount", required)
	comment := r.PostFormValue("comment")
	if !t.CanComments {
		comment = ""
	}
	switch {
	case rules.failure != nil && t.Type == "static":
		s.renderInvoiceTerminal(w, http.StatusUnprocessableEntity, t, "У терминала нет фиксированной суммы")
		return
	case rules.failure != nil:
		s.renderInvoiceTerminal(w, http.StatusUnprocessableEntity, t, rules.failure.additions["amount"][0])
		return
	case utf8.RuneCountInString(comment) > 200:
		s.renderInvoiceTerminal(w, http.StatusUnprocessableEntity, t, "Комментарий длиннее 200 символов")
		return
	}
	price := json.Number(amount)
	receipt, err := json.Marshal([]receiptLine{{Name: t.Name, Price: price, ResultPrice: price, Quantity: "1"}})
	if err != nil {
		s.noPage(w, err, "")
		return
	}
	var p InvoicePayment
	err = s.transact(func(tx *sql.Tx) (err error) {
		p, err = s.addInvoicePayment(tx, s.currentDialect(), InvoicePayment{
			Amount: amount, Currency: "RUB", Description: comment, TerminalID: t.ID,
			Receipt: string(receipt), TransactionType: "1",
		})
		return err
	})
	if err != nil {
		s.noPage(w, err, "")
		return
	}
	http.Redirect(w, r, invoicePayPath+url.PathEscape(p.ID), http.StatusSeeOther)
}

// noPage answers that there is no such page, or that the sandbox is broken.
func (s *Sandbox) noPage(w http.ResponseWriter, err error, missing string) {
	if errors.Is(err, errNotFound) {
		render(w, http.StatusNotFound, "missing", map[string]any{"Title": missing})
		return
	}
	http.Error(w, "sandbox: "+err.Error(), http.StatusInternalServerError)
}

// invoiceOverview lists terminals, payments and refunds on the index page.
func (s *Sandbox) invoiceOverview(base string) (overview, error) {
	terminals, err := s.InvoiceTerminals()
	if err != nil {
		return overview{}, err
	}
	payments, err := s.InvoicePayments()
	if err != nil {
		return overview{}, err
	}
	refunds, err := s.InvoiceRefunds()
	if err != nil {
		return overview{}, err
	}
	now := s.invoiceNow()
	terminalTable := overviewTable{Title: "Терминалы", Columns: []string{"Название", "Обозначение", "Тип", "Сумма"}}
	for _, t := range terminals {
		terminalTable.Rows = append(terminalTable.Rows, overviewRow{base + invoiceTerminalPath + t.ID,
			[]string{t.Name, t.Alias, t.Type, money(t.DefaultPrice)}})
	}
	paymentTable := overviewTable{Title: "Платежи", Columns: []string{"Платёж", "Заказ", "Сумма", "Статус", "Оплатить до"}}
	for _, p := range payments {
		paymentTable.Rows = append(paymentTable.Rows, overviewRow{base + invoicePayPath + p.ID,
			[]string{p.ID, p.OrderID, money(p.Amount) + " " + p.Currency, invoiceStatusWord(p, now) + " (" + p.Status + ")", moment(p.ExpiresAt)}})
	}
	refundTable := overviewTable{Title: "Возвраты", Columns: []string{"Возврат", "Платёж", "Сумма", "Статус"}}
	for _, r := range refunds {
		refundTable.Rows = append(refundTable.Rows, overviewRow{"", []string{r.ID, r.PaymentID, money(r.Amount) + " " + r.Currency, r.Status}})
	}
	return overview{
		Title:  "Invoice API v2",
		Tables: []overviewTable{terminalTable, paymentTable, refundTable},
		Notes: []string{
			fmt.Sprintf("Карта %s оплачивает, карта %s отклоняется ([2, 51]). Срок действия %s, CVC %s, код 3DS %s.",
				groupDigits(TestCard), groupDigits(DeclinedCard), testCardExpiry, testCardCVC, testCard3DS),
		},
	}, nil
}
