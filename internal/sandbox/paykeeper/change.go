package paykeeper

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// success is the answer of send and revoke [P].
var success = map[string]string{"result": "success"}

// preview is /change/invoice/preview/ (document, section 3.4). Only pay_amount
// is required [V]. Every call makes a new invoice [I].
func (c *call) preview() (any, error) {
	amount, err := readAmount(c.form.Get("pay_amount"))
	if err != nil {
		return nil, err
	}
	expiry, err := c.expiry()
	if err != nil {
		return nil, err
	}
	email := c.form.Get("client_email")
	if address, err := mail.ParseAddress(email); email != "" && (err != nil || address.Address != email) {
		return nil, refuse("Неверный формат client_email.")
	}
	service := c.form.Get("service_name")
	if err := checkService(service, amount); err != nil {
		return nil, err
	}
	i, err := c.add(c.tx, Invoice{
		PayAmount: amount.StringFixed(2), ClientID: c.form.Get("clientid"), OrderID: c.form.Get("orderid"),
		ServiceName: service, ClientEmail: email, ClientPhone: c.form.Get("client_phone"), ExpiryDatetime: expiry,
	})
	if err != nil {
		return nil, err
	}
	var html bytes.Buffer
	if err := pages.Execute(&html, "ru", "mail", c.newMail(i, i.CreatedDatetime)); err != nil {
		return nil, err
	}
	answer := map[string]any{"invoice_id": i.ID, "invoice_url": c.billURL(i.ID), "invoice": html.String()}
	if c.Is(invoiceID, "number") {
		answer["invoice_id"] = json.Number(i.ID)
	}
	return answer, nil
}

func (c *call) billURL(id string) string { return c.base + billPath + id + "/" }

// expiry reads the first day on which an invoice can no longer be paid
// (document, section 3.4, «не включительно»). It returns the moment at which
// this day begins, which must be in the future [I]. Clients send a time, too,
// which is that moment [P]. "" means that the gateway picks the day.
func (c *call) expiry() (string, error) {
	sent := c.form.Get("expiry")
	if sent == "" {
		return "", nil
	}
	day, err := time.ParseInLocation(dateFormat, sent, c.zone())
	if err != nil && c.Is(checks, "clients") {
		day, err = time.ParseInLocation(timeFormat, sent, c.zone())
	}
	if err != nil {
		return "", refuse("Неверный формат expiry: ожидается YYYY-MM-DD.")
	}
	if !day.After(c.Now()) {
		return "", refuse("Срок действия счёта должен быть в будущем.")
	}
	return day.Format(timeFormat), nil
}

// named finds the invoice with the id of the request. The dialect may hide a
// revoked one.
func (c *call) named() (Invoice, error) {
	i, err := invoices.Get(c.tx, c.form.Get("id"))
	if errors.Is(err, sandbox.ErrNotFound) || err == nil && i.Status == "revoked" && c.Is(revoked, "missing") {
		return i, errMissing
	}
	return i, err
}

// send is /change/invoice/send/ (document, section 3.5). A sent invoice can be
// sent again. An invoice that can no longer be paid cannot be sent [I].
func (c *call) send() (any, error) {
	i, err := c.named()
	switch {
	case err != nil:
		return nil, err
	case i.Status != "created" && i.Status != "sent":
		return nil, refuse("Счёт в статусе " + i.statusAnswer() + " нельзя отправить.")
	case i.ClientEmail == "":
		return nil, refuse("Не указан e-mail клиента.")
	case c.Is(mailing, "failed"):
		return nil, refuse("Не удалось отправить письмо.")
	}
	i.Status = "sent"
	if err := invoices.Update(c.tx, i.ID, i); err != nil {
		return nil, err
	}
	return success, mails.Insert(c.tx, c.newMail(i, c.now()))
}

// newMail is the mail about an invoice.
func (c *call) newMail(i Invoice, now string) Mail {
	url := c.billURL(i.ID)
	var body strings.Builder
	fmt.Fprintf(&body, "Вам выставлен счёт № %s на сумму %s.\n", i.ID, sandbox.RussianMoney(i.PayAmount, "RUB"))
	if i.OrderID != "" {
		fmt.Fprintf(&body, "Заказ: %s\n", i.OrderID)
	}
	service := readService(i.ServiceName)
	if service.Name != "" {
		fmt.Fprintf(&body, "Услуга: %s\n", service.Name)
	}
	for _, item := range service.Cart {
		fmt.Fprintf(&body, "  %s — %s × %s = %s\n", item.Name, item.Quantity, sandbox.RussianMoney(item.Price, "RUB"), sandbox.RussianMoney(item.Sum, "RUB"))
	}
	fmt.Fprintf(&body, "Оплатить до %s: %s", sandbox.RussianMoment(c.asISO(i.ExpiryDatetime)), url)
	return Mail{InvoiceID: i.ID, To: i.ClientEmail, Subject: "Счёт № " + i.ID, Body: body.String(), URL: url, SentAt: now}
}

// revoke is /change/invoice/revoke/ (document, section 3.6). A paid invoice
// cannot be revoked [I].
func (c *call) revoke() (any, error) {
	i, err := c.named()
	switch {
	case err != nil:
		return nil, err
	case i.Status == "created" || i.Status == "sent":
		i.Status = "revoked"
		return success, invoices.Update(c.tx, i.ID, i)
	case i.Status == "revoked" || i.Status == "expired":
		if c.Is(repeatedRevoke, "fail") {
			return nil, refuse("Счёт уже отменён или просрочен.")
		}
		return success, nil
	}
	return nil, refuse("Счёт в статусе " + i.Status + " нельзя отменить.")
}
