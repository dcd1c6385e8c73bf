// Package paykeeper is PayKeeper, as Terraform sees it: invoices and their history, payments and refunds.
package paykeeper

import (
	"errors"
	"time"
	_ "time/tzdata" // a machine without zones of its own must not read times otherwise

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

var (
	_ gateway.Sender           = (*Gateway)(nil)
	_ gateway.InvoiceRefresher = (*Gateway)(nil)
	_ gateway.ObjectShower     = (*Gateway)(nil)
	_ gateway.InvoiceLister    = (*Gateway)(nil)
	_ gateway.RefundSeeker     = (*Gateway)(nil)
)

// Gateway issues invoices: previewed, mailed to the client if wanted, revoked
// («JSON API PayKeeper», section 3).
type Gateway struct {
	gateway.Configured[paykeeper.Client]
	run      *ledger.Run
	adoption ledger.Adoption
}

// New returns the gateway before it is configured.
func New() gateway.Gateway {
	return &Gateway{Configured: gateway.New[paykeeper.Client]("paykeeper", paykeeper.Name)}
}

// Settings describes the block paykeeper of the provider.
func (*Gateway) Settings() (about string, settings []gateway.Setting) {
	return "PayKeeper: invoices, payments, refunds.", []gateway.Setting{
		{
			Name: "base_url", Check: attributes.IsBaseURL(),
			About: "The address of the merchant's own server, such as `https://demo.server.paykeeper.ru`, https, or http on a loopback host.",
		},
		{Name: "login", Check: attributes.IsCredential(), About: "The login of the merchant's account."},
		{Name: "password", IsSecret: true, Check: attributes.IsNotBlank(), About: "The password of that account."},
		{
			Name: "timezone", IsOptional: true, Check: isTimezone(),
			About: "The server's time zone, a name of the IANA database such as `Asia/Yekaterinburg` (default `Europe/Moscow`). It applies to its times, " +
				"which it writes without an offset, and to all days, such as `expiry_date` and those of a history.",
		},
	}
}

// Configure makes the client.
func (g *Gateway) Configure(settings *gateway.Settings, run gateway.Run) {
	g.run, g.adoption = run.Ledger, run.Adoption
	g.Connect(settings, func() *paykeeper.Client {
		client := paykeeper.New(settings.Value("base_url"), settings.Value("login"), settings.Value("password"), run.Transport)
		if zone, err := time.LoadLocation(settings.Value("timezone")); err == nil && settings.Value("timezone") != "" {
			client.SetZone(zone)
		}
		return client
	})
}

// Zone is that of the server's times and days, Moscow's unless it is set.
func (g *Gateway) Zone() *time.Location {
	if g.Client == nil {
		return values.Moscow
	}
	return g.Client.Zone()
}

// isTimezone also refuses "Local", which is another zone on every machine.
func isTimezone() attributes.TextValidator {
	return attributes.Only(`must be the name of a time zone of the IANA database, such as "Europe/Moscow" or "Asia/Yekaterinburg"`, "is not a time zone",
		func(name string) bool {
			_, err := time.LoadLocation(name)
			return err == nil && name != "" && name != "Local"
		})
}

// Explain knows a wrong login, and an answer that holds nothing. All else is a text alone.
func (*Gateway) Explain(e *transport.Error) (attribute, advice string) {
	switch {
	case errors.Is(e, paykeeper.ErrWrongLogin):
		return "", "Check login, password and base_url of the provider's paykeeper block " +
			"(INVOICE_PAYKEEPER_LOGIN, INVOICE_PAYKEEPER_PASSWORD, INVOICE_PAYKEEPER_BASE_URL)."
	case errors.Is(e, paykeeper.ErrEmptyAnswer):
		return "", "Some servers answer so where there is no such payment, or no refund of it, and others when they fail. " +
			"Check the number: that of a payment is short, and not its invoice's. If it is right, try again later, or look into the PayKeeper account."
	}
	return "", ""
}
