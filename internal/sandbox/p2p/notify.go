package p2p

import (
	"database/sql"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// notify tells the merchants of invoices whose status changes in tx. They are told
// where the invoice says. A merchant takes a notification with a 2xx [I].
func (g *Gateway) notify(tx *sql.Tx, changed []Invoice) error {
	for _, i := range changed {
		if i.NotificationURL == "" {
			continue
		}
		body, err := sandbox.PHPJSON(map[string]any{"notificationType": "invoice", "invoice": g.dto(i, i.Base)})
		if err != nil {
			return err
		}
		headers := sandbox.JSONHeaders()
		headers["X-Notification-Token"] = i.NotificationToken
		n := sandbox.Notification{Object: i.ID, About: i.Status, Address: i.NotificationURL, Headers: headers, Body: string(body)}
		if err := g.Notify(tx, name, n); err != nil {
			return err
		}
	}
	return nil
}
