package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
)

// paykeeperSuccess is the answer of send and revoke [P].
var paykeeperSuccess = map[string]string{"result": "success"}

// preview is /change/invoice/preview/ (document, section 3.4). Only pay_amount
// is mandatory [V]. Every call makes a new invoice [I].
func (c *paykeeperCall) preview() (any, error) {
	amount, err := paykeeperAmount(c.form.Get("pay_amount"))
	if err != nil {
		return nil, err
	}
	expiry, err := c.expiry()
	if err != nil {
		return nil, err
	}
	email := c.form.Get("client_email")
	if address, err := mail.ParseAddress(email); email != "" && (err != nil || address.Address != email) {
		return nil, paykeeperRefuse("Неверный формат client_email.")
	}
	service := c.form.Get("service_name")
	if err := checkPayKeeperCart(service, amount); err != nil {
		return nil, err
	}
	i, err := c.sandbox.addPayKeeperInvoice(c.tx, PayKeeperInvoice{
		PayAmount: amount.StringFixed(2), ClientID: c.form.Get("clientid"), OrderID: c.form.Get("orderid"),
		ServiceName: service, ClientEmail: email, ClientPhone: c.form.Get("client_phone"), ExpiryDatetime: expiry,
	})
	if err != nil {
		return nil, err
	}
	var html bytes.Buffer
	if err := pages.ExecuteTemplate(&html, "paykeeper_mail", paykeeperMail(i, c.billURL(i.ID), i.CreatedDatetime)); err != nil {
		return nil, err
	}
	answer := map[string]any{"invoice_id": i.ID, "invoice_url": c.billURL(i.ID), "invoice": html.String()}
	if c.dialect.PayKeeperInvoiceID == "number" {
		answer["invoice_id"] = json.Number(i.ID)
	}
	return answer, nil
}

func (c *paykeeperCall) billURL(id string) string { return c.base + paykeeperBillPath + id + "/" }

// expiry reads the day on which an invoice can no longer be paid (document,
// section 3.4, «не включительно»), as the moment it begins. One that has begun
// is refused [I]. "" is what the gateway picks.
func (c *paykeeperCall) expiry() (string, error) {
	sent := c.form.Get("expiry")
	if sent == "" {
		return "", nil
	}
	day, err := time.ParseInLocation(paykeeperDate, sent, c.sandbox.paykeeperZone())
	if err != nil {
		return "", paykeeperRefuse("Неверный формат expiry: ожидается YYYY-MM-DD.")
	}
	if !day.After(c.sandbox.now()) {
		return "", paykeeperRefuse("Срок действия счёта должен быть в будущем.")
	}
	return day.Format(paykeeperTime), nil
}

// named finds the invoice that the field id names. A revoked one is missing
// if the dialect says so.
func (c *paykeeperCall) named() (PayKeeperInvoice, error) {
	i, err := findPayKeeperInvoice(c.tx, c.form.Get("id"))
	if errors.Is(err, errNotFound) || (err == nil && c.hidden(i)) {
		return i, errPayKeeperMissing
	}
	return i, err
}

// hidden says whether a revoked invoice is as good as deleted.
func (c *paykeeperCall) hidden(i PayKeeperInvoice) bool {
	return i.Status == "revoked" && c.dialect.PayKeeperRevoked == "missing"
}

// send is /change/invoice/send/ (document, section 3.5). A sent invoice can be
// sent again; one that can no longer be paid cannot [I].
func (c *paykeeperCall) send() (any, error) {
	i, err := c.named()
	switch {
	case err != nil:
		return nil, err
	case i.Status != "created" && i.Status != "sent":
		return nil, paykeeperRefuse("Счёт в статусе " + c.status(i) + " нельзя отправить.")
	case i.ClientEmail == "":
		return nil, paykeeperRefuse("Не указан e-mail клиента.")
	case c.dialect.PayKeeperMail == "failed":
		return nil, paykeeperRefuse("Не удалось отправить письмо.")
	}
	i.Status = "sent"
	if err := updatePayKeeperInvoice(c.tx, i.ID, i); err != nil {
		return nil, err
	}
	return paykeeperSuccess, insertPayKeeperMail(c.tx, paykeeperMail(i, c.billURL(i.ID), c.sandbox.paykeeperNow()))
}

// paykeeperMail is the mail about an invoice.
func paykeeperMail(i PayKeeperInvoice, url, now string) PayKeeperMail {
	var body strings.Builder
	fmt.Fprintf(&body, "Вам выставлен счёт № %s на сумму %s руб.\n", i.ID, i.PayAmount)
	if i.OrderID != "" {
		fmt.Fprintf(&body, "Заказ: %s\n", i.OrderID)
	}
	cart := readPayKeeperCart(i.ServiceName)
	if cart.ServiceName != "" {
		fmt.Fprintf(&body, "Услуга: %s\n", cart.ServiceName)
	}
	for _, item := range cart.Cart {
		fmt.Fprintf(&body, "  %s — %s × %s = %s\n", item.Name, item.Quantity, item.Price, item.Sum)
	}
	fmt.Fprintf(&body, "Оплатить до %s: %s", paykeeperMoment(i.ExpiryDatetime), url)
	return PayKeeperMail{InvoiceID: i.ID, To: i.ClientEmail, Subject: "Счёт № " + i.ID, Body: body.String(), URL: url, SentAt: now}
}

// revoke is /change/invoice/revoke/ (document, section 3.6). A paid invoice
// cannot be revoked [I].
func (c *paykeeperCall) revoke() (any, error) {
	i, err := c.named()
	switch {
	case err != nil:
		return nil, err
	case i.Status == "created" || i.Status == "sent":
		i.Status = "revoked"
		return paykeeperSuccess, updatePayKeeperInvoice(c.tx, i.ID, i)
	case i.Status == "revoked" || i.Status == "expired":
		if c.dialect.PayKeeperRepeatedRevoke == "fail" {
			return nil, paykeeperRefuse("Счёт уже отменён или просрочен.")
		}
		return paykeeperSuccess, nil
	}
	return nil, paykeeperRefuse("Счёт в статусе " + i.Status + " нельзя отменить.")
}
