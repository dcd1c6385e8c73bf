package provider

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// paykeeperInvoices are invoices of PayKeeper: previewed, mailed to the client
// if wanted, revoked («JSON API PayKeeper», section 3).
type paykeeperInvoices struct {
	gateway.Configured[paykeeper.Client]
	run *ledger.Run
}

func (*paykeeperInvoices) Name() string { return "paykeeper" }

func (*paykeeperInvoices) Object(m *gateway.Invoice) *types.Object { return &m.PayKeeper }

func (g *paykeeperInvoices) Check(ctx context.Context, planned *gateway.Invoice, creating bool, diags *diag.Diagnostics) {
	at := path.Root("paykeeper").AtName
	if currency := planned.Currency.ValueString(); currency != "" && currency != defaultCurrency {
		diags.AddAttributeError(path.Root("currency"), "PayKeeper takes roubles only",
			fmt.Sprintf("The currency is %q. An invoice of PayKeeper is always in RUB: leave currency out.", currency))
	}
	block := attributes.ReadObject[paykeeperBlock](ctx, planned.PayKeeper, diags)
	if block.Send.ValueBool() && block.ClientEmail.IsNull() {
		diags.AddAttributeError(at("send"), "An invoice without an e-mail address cannot be sent",
			"Attribute paykeeper.send is true, so paykeeper.client_email is needed.")
	}
	if sum := sumOfCart(ctx, block.Cart); sum != nil && planned.Amount.Number() != nil && !sum.Equal(planned.Amount.Number().Decimal) {
		diags.AddAttributeError(at("cart"), "The cart does not add up",
			fmt.Sprintf("The sum values of paykeeper.cart add up to %s, and amount is %s. They must be equal (54-FZ).", sum.Money(), planned.Amount.Number().Money()))
	}
	if expiry := block.ExpiryDate.ValueString(); creating && expiry != "" && expiry <= g.today() {
		diags.AddAttributeError(at("expiry_date"), "The invoice could never be paid",
			fmt.Sprintf("Attribute paykeeper.expiry_date is %s, the first day on which the invoice can no longer be paid, and in %s it is %s. Give a later day.", expiry, g.place(), g.today()))
	}
}

// zone is Moscow's while there is no client.
func (g *paykeeperInvoices) Zone() *time.Location { return paykeeperZone(g.Client) }

func paykeeperZone(client *paykeeper.Client) *time.Location {
	if client == nil {
		return values.Moscow
	}
	return client.Zone()
}

func (g *paykeeperInvoices) today() string { return time.Now().In(g.Zone()).Format(time.DateOnly) }

// place is what the zone is called.
func (g *paykeeperInvoices) place() string {
	if zone := g.Zone(); zone != values.Moscow {
		return zone.String()
	}
	return "Moscow"
}

// sumOfCart is nil when there is nothing to add up, or not all of it is known.
func sumOfCart(ctx context.Context, cart types.List) *values.Decimal {
	var lines []cartItemModel
	if cart.IsNull() || cart.IsUnknown() || cart.ElementsAs(ctx, &lines, true).HasError() || len(lines) == 0 {
		return nil
	}
	sum := new(values.Decimal)
	for _, line := range lines {
		one := line.Sum.Number()
		if one == nil {
			return nil
		}
		sum.Decimal = sum.Add(one.Decimal)
	}
	return sum
}

// Order ids need not be unique here (section 3.4).
func (*paykeeperInvoices) FindsByOrder() bool { return false }

func (*paykeeperInvoices) IsPayout(*gateway.Invoice) bool { return false }

func (g *paykeeperInvoices) Issue(ctx context.Context, planned, _ *gateway.Invoice, diags *diag.Diagnostics) *gateway.ShownInvoice {
	request := paykeeperRequest(ctx, planned, diags)
	if diags.HasError() {
		return nil
	}
	sent := time.Now()
	created, err := g.Client.CreateInvoice(ctx, request)
	if err != nil {
		unclear := "The invoice may have been created. It was mailed to nobody. To find out, look at the invoices in the PayKeeper account"
		if request.OrderID != "" {
			unclear += fmt.Sprintf(", for order %q. Terraform keeps the order id: the next apply looks for the invoice, and revokes it if it is there, before it issues another.", request.OrderID)
		} else {
			unclear += ". If it is there, import it, or revoke it; otherwise apply again."
		}
		gateway.FailedCall{Attempt: "issue the invoice", Unclear: unclear}.Report(diags, err)
		if request.OrderID != "" && transport.OutcomeOf(err) == transport.Unclear {
			return gateway.UnclearInvoice(sent)
		}
		return nil
	}
	g.run.NoteIssued(g.Name(), string(created.ID))
	if len(created.Twins) > 0 {
		diags.AddAttributeWarning(path.Root("order_id"), "The order has another open invoice",
			fmt.Sprintf("Invoice %s was issued, and before it order %q already had the same invoice, which can be paid: %s. "+
				"If this invoice does not replace it, it may be left from a run that was killed: revoke it in the PayKeeper account.",
				created.ID, request.OrderID, strings.Join(created.Twins, ", ")))
	}
	if created.TwinsCut {
		diags.AddAttributeWarning(path.Root("order_id"), "The order may have other open invoices",
			fmt.Sprintf("Invoice %s was issued. The gateway's search holds back some of what it finds for order %q, so an older invoice of this order, "+
				"left from a run that was killed, may not have been seen. If a run was killed, look for the order in the PayKeeper account.", created.ID, request.OrderID))
	}
	return &gateway.ShownInvoice{
		ID: string(created.ID), URL: created.URL, Status: gateway.StatusCreated, GatewayStatus: paykeeper.StatusCreated, Brief: true,
	}
}

func paykeeperRequest(ctx context.Context, planned *gateway.Invoice, diags *diag.Diagnostics) paykeeper.CreateInvoiceRequest {
	block := attributes.ReadObject[paykeeperBlock](ctx, planned.PayKeeper, diags)
	request := paykeeper.CreateInvoiceRequest{
		Amount:      attributes.OrZero(planned.Amount.Number()),
		ClientID:    planned.CustomerID.ValueString(),
		OrderID:     planned.OrderID.ValueString(),
		ServiceName: block.ServiceName.ValueString(),
		ClientEmail: block.ClientEmail.ValueString(),
		ClientPhone: block.ClientPhone.ValueString(),
		Expiry:      block.ExpiryDate.ValueString(),
	}
	var lines []cartItemModel
	diags.Append(block.Cart.ElementsAs(ctx, &lines, true)...)
	for _, line := range lines {
		request.Cart = append(request.Cart, paykeeper.CartItem{
			Name:     values.Text(line.Name.ValueString()),
			Price:    attributes.OrZero(line.Price.Number()),
			Quantity: attributes.OrZero(line.Quantity.Number()),
			Sum:      attributes.OrZero(line.Sum.Number()),
			Tax:      values.Text(line.Tax.ValueString()),
		})
	}
	return request
}

func (g *paykeeperInvoices) ToSend(m *gateway.Invoice) bool {
	send, _ := m.PayKeeper.Attributes()["send"].(types.Bool)
	return send.ValueBool() && m.GatewayStatus.ValueString() == paykeeper.StatusCreated
}

func (g *paykeeperInvoices) Send(ctx context.Context, id string) error {
	return g.Client.SendInvoice(ctx, id)
}

func (g *paykeeperInvoices) Withdraw(ctx context.Context, id string) error {
	return g.Client.RevokeInvoice(ctx, id)
}

func (g *paykeeperInvoices) Find(ctx context.Context, known *gateway.Invoice) (*gateway.ShownInvoice, error) {
	invoice, err := g.Client.FindInvoice(ctx, known.ID.ValueString())
	if invoice == nil || err != nil {
		return nil, err
	}
	return g.shown(invoice, known), nil
}

func (g *paykeeperInvoices) shown(i *paykeeper.Invoice, known *gateway.Invoice) *gateway.ShownInvoice {
	name, cart := paykeeper.ParseServiceName(string(i.ServiceName))
	shown := &gateway.ShownInvoice{
		ID:            string(i.ID),
		URL:           known.URL.ValueString(), // only preview answers it
		Status:        i.Status,                // the same words
		GatewayStatus: i.Status,
		PaymentID:     string(i.PaymentID),
		Amount:        paykeeperAmount(i),
		Currency:      defaultCurrency,
		OrderID:       string(i.OrderID),
		CustomerID:    string(i.ClientID),
		Created:       i.Created,
		Expires:       i.Expires,
		Paid:          i.Paid,
		IsExpired:     i.IsExpired(time.Now()),
		Arguments: map[string]attr.Value{
			"service_name": attributes.StringOrNull(name),
			"client_email": attributes.StringOrNull(string(i.ClientEmail)),
			"client_phone": attributes.StringOrNull(string(i.ClientPhone)),
			"expiry_date":  attributes.StringOrNull(expiryDate(i.Expires.Time, g.Zone())),
			"send":         types.BoolNull(),
			"cart":         cartList(cart),
		},
	}
	if shown.URL == "" {
		shown.URL = g.Client.InvoiceURL(shown.ID)
	}
	if i.Status == paykeeper.StatusCreated {
		// One that was to be sent has not been: the next plan sends it.
		shown.Arguments["send"] = types.BoolValue(false)
	}
	if promised := promisedExpiry(i, known, g.Zone()); i.Status == paykeeper.StatusExpired && (promised.IsZero() || time.Until(promised) > values.ClockTolerance) {
		shown.Gone = "it shows as expired before its time, so it was revoked"
	}
	return shown
}

// paykeeperAmount is null where an answer has none: no invoice is about nothing.
func paykeeperAmount(i *paykeeper.Invoice) attributes.Decimal {
	if i.Amount.IsZero() {
		return attributes.NullDecimal()
	}
	return attributes.NewMoney(&i.Amount)
}

// promisedExpiry is until when the invoice was to be payable, zero for ever.
// What was known before counts: revoking may have changed it.
func promisedExpiry(i *paykeeper.Invoice, known *gateway.Invoice, zone *time.Location) time.Time {
	if before, err := time.Parse(time.RFC3339, known.ExpiresAt.ValueString()); err == nil {
		if before.Format(time.DateTime) == i.Expires.Format(time.DateTime) {
			return i.Expires.Time // another zone may have been set since
		}
		return before
	}
	configured, _ := known.PayKeeper.Attributes()["expiry_date"].(types.String)
	if day, err := time.ParseInLocation(time.DateOnly, configured.ValueString(), zone); err == nil {
		return day
	}
	return i.Expires.Time
}

// expiryDate is the first day, in a zone, that is wholly after the expiry:
// "2026-12-01 00:00:00" and "2026-11-30 23:59:59" both mean the first of December.
func expiryDate(expires time.Time, zone *time.Location) string {
	if expires.IsZero() {
		return ""
	}
	local := expires.In(zone)
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone)
	if day.Before(local) {
		day = day.AddDate(0, 0, 1)
	}
	return day.Format(time.DateOnly)
}

var cartItemType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"name": types.StringType, "price": attributes.DecimalType{}, "quantity": attributes.DecimalType{}, "sum": attributes.DecimalType{}, "tax": types.StringType,
}}

func cartList(cart paykeeper.Cart) types.List {
	if len(cart) == 0 {
		return types.ListNull(cartItemType)
	}
	lines := make([]attr.Value, 0, len(cart))
	for _, line := range cart {
		lines = append(lines, types.ObjectValueMust(cartItemType.AttrTypes, map[string]attr.Value{
			"name":     types.StringValue(string(line.Name)),
			"price":    attributes.NewMoney(&line.Price),
			"quantity": attributes.NewDecimal(line.Quantity.String()),
			"sum":      attributes.NewMoney(&line.Sum),
			"tax":      attributes.StringOrNull(string(line.Tax)),
		}))
	}
	return types.ListValueMust(cartItemType, lines)
}
