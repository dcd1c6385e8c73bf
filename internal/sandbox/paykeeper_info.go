package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// paykeeperInvoiceAnswer is an invoice as the API shows it (document, table
// 3.1.1), with the two fields that servers add [P]. All values are strings or
// null [P].
type paykeeperInvoiceAnswer struct {
	ID              string  `json:"id"`
	UserID          string  `json:"user_id"`
	UserLogin       string  `json:"user_login"`
	Status          string  `json:"status"`
	PayAmount       string  `json:"pay_amount"`
	ClientID        string  `json:"clientid"`
	OrderID         string  `json:"orderid"`
	PaymentID       *string `json:"paymentid"`
	ServiceName     string  `json:"service_name"`
	ClientEmail     string  `json:"client_email"`
	ClientPhone     string  `json:"client_phone"`
	ExpiryDatetime  string  `json:"expiry_datetime"`
	CreatedDatetime string  `json:"created_datetime"`
	PaidDatetime    *string `json:"paid_datetime"`
}

func (c *paykeeperCall) answer(i PayKeeperInvoice) paykeeperInvoiceAnswer {
	a := paykeeperInvoiceAnswer{
		ID: i.ID, UserID: "1", UserLogin: c.sandbox.options.PayKeeperLogin, Status: c.status(i), PayAmount: i.PayAmount,
		ClientID: i.ClientID, OrderID: i.OrderID, ServiceName: i.ServiceName, ClientEmail: i.ClientEmail, ClientPhone: i.ClientPhone,
		ExpiryDatetime: i.ExpiryDatetime, CreatedDatetime: i.CreatedDatetime,
	}
	if i.PaymentID != "" {
		a.PaymentID = &i.PaymentID
	}
	if i.PaidDatetime != "" {
		a.PaidDatetime = &i.PaidDatetime
	}
	if amount, err := decimal.NewFromString(i.PayAmount); err == nil && c.dialect.PayKeeperAmount == "plain" {
		a.PayAmount = amount.String()
	}
	if c.dialect.PayKeeperServiceName == "text" {
		a.ServiceName = readPayKeeperCart(i.ServiceName).ServiceName
	}
	return a
}

// status is an invoice's status in answers, where a revoked one that shows at
// all shows as expired.
func (c *paykeeperCall) status(i PayKeeperInvoice) string {
	if i.Status == "revoked" {
		return "expired"
	}
	return i.Status
}

// byID is /info/invoice/byid/ (document, section 3.1). It shows created
// invoices.
func (c *paykeeperCall) byID() (any, error) {
	i, err := c.named()
	if err != nil {
		return nil, err
	}
	if c.dialect.PayKeeperByID == "array" {
		return []any{c.answer(i)}, nil
	}
	return c.answer(i), nil
}

// list is /info/invoice/list/ (document, section 3.2), newest first.
func (c *paykeeperCall) list() (any, error) {
	invoices, err := c.history()
	if err != nil {
		return nil, err
	}
	from, err := c.count("from", 0)
	if err != nil {
		return nil, err
	}
	limit, err := c.count("limit", c.dialect.PayKeeperMaxPage)
	if err != nil {
		return nil, err
	}
	invoices = invoices[min(from, len(invoices)):]
	return c.answers(invoices[:min(limit, c.dialect.PayKeeperMaxPage, len(invoices))]), nil
}

// listCount is /info/invoice/listcount/ (document, section 3.3). A status that
// no invoice has is left out, as SQL's GROUP BY does [I], and fullcount counts
// what the statuses select [I].
func (c *paykeeperCall) listCount() (any, error) {
	invoices, err := c.history()
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, i := range invoices {
		counts[c.status(i)]++
	}
	statuses := []map[string]string{}
	for _, status := range paykeeperHistory {
		if counts[status] > 0 {
			statuses = append(statuses, map[string]string{"status": status, "count": strconv.Itoa(counts[status])})
		}
	}
	var full any = []map[string]string{{"count": strconv.Itoa(len(invoices))}}
	if c.dialect.PayKeeperFullCount == "number" {
		full = len(invoices)
	}
	return map[string]any{"statuses": statuses, "fullcount": full}, nil
}

// search is /info/invoice/search/ [V]. It includes created invoices [P]. Which
// fields it looks at is not known: here all that people remember, for any part
// of them, whatever its case [?].
func (c *paykeeperCall) search() (any, error) {
	invoices, err := c.period()
	if err != nil {
		return nil, err
	}
	query := strings.ToLower(c.form.Get("query"))
	return c.answers(slices.DeleteFunc(invoices, func(i PayKeeperInvoice) bool {
		return !slices.ContainsFunc([]string{i.ID, i.ClientID, i.OrderID, i.ServiceName, i.ClientEmail, i.ClientPhone},
			func(field string) bool { return strings.Contains(strings.ToLower(field), query) })
	})), nil
}

func (c *paykeeperCall) answers(invoices []PayKeeperInvoice) []paykeeperInvoiceAnswer {
	answers := make([]paykeeperInvoiceAnswer, 0, len(invoices))
	for _, i := range invoices {
		answers = append(answers, c.answer(i))
	}
	return answers
}

// paykeeperHistory are the statuses that the history shows: created ones are
// left out (document, section 3.4).
var paykeeperHistory = []string{"sent", "paid", "expired"}

// history are the invoices that list and listcount select.
func (c *paykeeperCall) history() ([]PayKeeperInvoice, error) {
	wanted := c.form["status[]"]
	for _, status := range wanted {
		if !slices.Contains(paykeeperHistory, status) {
			return nil, paykeeperRefuse("Неверный статус " + status + ".")
		}
	}
	if len(wanted) == 0 {
		wanted = paykeeperHistory
	}
	invoices, err := c.period()
	return slices.DeleteFunc(invoices, func(i PayKeeperInvoice) bool { return !slices.Contains(wanted, c.status(i)) }), err
}

// period are the invoices of the days asked for, newest first. Either end may
// be left out [?].
func (c *paykeeperCall) period() ([]PayKeeperInvoice, error) {
	after, err := c.day("start_date")
	if err != nil {
		return nil, err
	}
	before, err := c.day("end_date")
	if err != nil {
		return nil, err
	}
	invoices, err := collect(c.tx, scanPayKeeperInvoice, selectPayKeeperInvoices+`ORDER BY created_datetime DESC, number DESC`)
	inclusive := c.dialect.PayKeeperDates == "inclusive"
	return slices.DeleteFunc(invoices, func(i PayKeeperInvoice) bool {
		day, _, _ := strings.Cut(i.CreatedDatetime, " ")
		inside := (after == "" || day > after || (inclusive && day == after)) &&
			(before == "" || day < before || (inclusive && day == before))
		return !inside || c.hidden(i)
	}), err
}

func (c *paykeeperCall) day(name string) (string, error) {
	sent := c.form.Get(name)
	if sent == "" {
		return "", nil
	}
	if _, err := time.Parse(paykeeperDate, sent); err != nil {
		return "", paykeeperRefuse("Неверный формат " + name + ": ожидается YYYY-MM-DD.")
	}
	return sent, nil
}

// count reads a whole number that is not negative.
func (c *paykeeperCall) count(name string, fallback int) (int, error) {
	sent := c.form.Get(name)
	if sent == "" {
		return fallback, nil
	}
	count, err := strconv.Atoi(sent)
	if err != nil || count < 0 {
		return 0, paykeeperRefuse("Неверное значение " + name + ".")
	}
	return count, nil
}
