package invoiceapi

import (
	"crypto/md5" //nolint:gosec // the gateway's recipe
	"database/sql"
	"encoding/hex"
	"encoding/json"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// notification has the fields that the models of vendor SDKs have, and no others:
// Java's can read none beyond [V].
type notification struct {
	Type              string `json:"notification_type"`
	ID                any    `json:"id"`
	Order             order  `json:"order"`
	Status            string `json:"status"`
	StatusDescription string `json:"status_description"`
	IP                string `json:"ip"`
	PaymentMethod     method `json:"payment_method"`
	CreatedAt         string `json:"create_date"`
	UpdatedAt         any    `json:"update_date"`
	ExpiresAt         any    `json:"expire_date"`
	CustomParameters  any    `json:"custom_parameters"`
	Signature         string `json:"signature"`
}

type order struct {
	Currency    string `json:"currency"`
	Amount      any    `json:"amount"`
	Description string `json:"description"`
	ID          string `json:"id"`
}

type method struct {
	TerminalID any `json:"terminal_id"`
	Type       any `json:"type"`
	// Account is the masked number of the card. Funds is what was paid without
	// bonuses.
	Account string `json:"account"`
	Funds   any    `json:"funds"`
	Bonuses int    `json:"bonuses"`
}

// notifyPayment tells the merchant that a payment has come to its end. Others than
// successful and failed ones are not told of [?].
func (g *Gateway) notifyPayment(tx *sql.Tx, p Payment) error {
	switch p.Status {
	case "successful":
		return g.notify(tx, p, "pay", p.Status)
	case "fail":
		return g.notify(tx, p, "pay", g.Value(notifyFailed))
	}
	return nil
}

// notifyRefund tells the merchant of a refund that has succeeded. Receivers look
// for the payment: they take the id of the order, or that of the payment [V].
func (g *Gateway) notifyRefund(tx *sql.Tx, r Refund, p Payment) error {
	if r.Status != "successful" {
		return nil
	}
	switch g.Value(notifyRefunds) {
	case "refund":
		return g.notify(tx, p, "refund", "successful")
	case "refunded":
		return g.notify(tx, p, "pay", "refunded")
	}
	return nil
}

// notify keeps a notification about a payment. Any 2xx takes it [I].
func (g *Gateway) notify(tx *sql.Tx, p Payment, kind, status string) error {
	body, err := json.Marshal(notification{
		Type: kind, ID: g.idAnswer(p.ID), Status: status, StatusDescription: p.StatusDescription, IP: "127.0.0.1",
		Order: order{p.Currency, sandbox.OrNull(json.Number(p.Amount)), p.Description, p.OrderID},
		PaymentMethod: method{
			TerminalID: g.idAnswer(p.TerminalID), Type: sandbox.OrNull(p.PaymentMethod), Account: p.Account, Funds: sandbox.OrNull(json.Number(p.Amount)),
		},
		CreatedAt: p.CreatedAt, UpdatedAt: sandbox.OrNull(p.UpdatedAt), ExpiresAt: sandbox.OrNull(p.ExpiresAt),
		CustomParameters: sandbox.OrNull(json.RawMessage(p.CustomParameters)), Signature: signature(p.ID, status, g.options.APIKey),
	})
	if err != nil {
		return err
	}
	return g.Notify(tx, name, sandbox.Notification{Object: p.ID, About: kind + " " + status, Headers: sandbox.JSONHeaders(), Body: string(body)})
}

// signature is md5(id + status + apiKey) [V].
func signature(id, status, key string) string {
	sum := md5.Sum([]byte(id + status + key)) //nolint:gosec // the gateway's recipe
	return hex.EncodeToString(sum[:])
}
