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
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// paykeeperInvoices are invoices of PayKeeper: previewed, mailed to the client
// if wanted, revoked («JSON API PayKeeper», section 3).
type paykeeperInvoices struct {
	configured[paykeeper.Client]
	run *ledger.Run
}

func (*paykeeperInvoices) name() string { return "paykeeper" }

func (*paykeeperInvoices) object(m *invoiceModel) *types.Object { return &m.PayKeeper }

func (g *paykeeperInvoices) check(ctx context.Context, planned *invoiceModel, creating bool, diags *diag.Diagnostics) {
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
func (g *paykeeperInvoices) zone() *time.Location { return paykeeperZone(g.client) }

func paykeeperZone(client *paykeeper.Client) *time.Location {
	if client == nil {
		return values.Moscow
	}
	return client.Zone()
}

func (g *paykeeperInvoices) today() string { return time.Now().In(g.zone()).Format(time.DateOnly) }

// place is what the zone is called.
func (g *paykeeperInvoices) place() string {
	if zone := g.zone(); zone != values.Moscow {
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
func (*paykeeperInvoices) findsByOrder() bool { return false }

func (*paykeeperInvoices) isPayout(*invoiceModel) bool { return false }

func (g *paykeeperInvoices) issue(ctx context.Context, planned, _ *invoiceModel, diags *diag.Diagnostics) *shownInvoice {
	request := paykeeperRequest(ctx, planned, diags)
	if diags.HasError() {
		return nil
	}
	sent := time.Now()
	created, err := g.client.CreateInvoice(ctx, request)
	if err != nil {
		unclear := "The invoice may have been created. It was mailed to nobody. To find out, look at the invoices in the PayKeeper account"
		if request.OrderID != "" {
			unclear += fmt.Sprintf(", for order %q. Terraform keeps the order id: the next apply looks for the invoice, and revokes it if it is there, before it issues another.", request.OrderID)
		} else {
			unclear += ". If it is there, import it, or revoke it; otherwise apply again."
		}
		failedCall{attempt: "issue the invoice", unclear: unclear}.report(diags, err)
		if request.OrderID != "" && transport.OutcomeOf(err) == transport.Unclear {
			return unclearInvoice(sent)
		}
		return nil
	}
	g.run.NoteIssued(g.name(), string(created.ID))
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
	return &shownInvoice{
		id: string(created.ID), url: created.URL, status: invoiceCreated, gatewayStatus: paykeeper.StatusCreated, brief: true,
	}
}

func paykeeperRequest(ctx context.Context, planned *invoiceModel, diags *diag.Diagnostics) paykeeper.CreateInvoiceRequest {
	block := attributes.ReadObject[paykeeperBlock](ctx, planned.PayKeeper, diags)
	request := paykeeper.CreateInvoiceRequest{
		Amount:      orZero(planned.Amount.Number()),
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
			Price:    orZero(line.Price.Number()),
			Quantity: orZero(line.Quantity.Number()),
			Sum:      orZero(line.Sum.Number()),
			Tax:      values.Text(line.Tax.ValueString()),
		})
	}
	return request
}

func (g *paykeeperInvoices) toSend(m *invoiceModel) bool {
	send, _ := m.PayKeeper.Attributes()["send"].(types.Bool)
	return send.ValueBool() && m.GatewayStatus.ValueString() == paykeeper.StatusCreated
}

func (g *paykeeperInvoices) send(ctx context.Context, id string) error {
	return g.client.SendInvoice(ctx, id)
}

func (g *paykeeperInvoices) withdraw(ctx context.Context, id string) error {
	return g.client.RevokeInvoice(ctx, id)
}

func (g *paykeeperInvoices) find(ctx context.Context, known *invoiceModel) (*shownInvoice, error) {
	invoice, err := g.client.FindInvoice(ctx, known.ID.ValueString())
	if invoice == nil || err != nil {
		return nil, err
	}
	return g.shown(invoice, known), nil
}

func (g *paykeeperInvoices) shown(i *paykeeper.Invoice, known *invoiceModel) *shownInvoice {
	name, cart := paykeeper.ParseServiceName(string(i.ServiceName))
	shown := &shownInvoice{
		id:            string(i.ID),
		url:           known.URL.ValueString(), // only preview answers it
		status:        i.Status,                // the same words
		gatewayStatus: i.Status,
		paymentID:     string(i.PaymentID),
		amount:        paykeeperAmount(i),
		currency:      defaultCurrency,
		orderID:       string(i.OrderID),
		customerID:    string(i.ClientID),
		created:       i.Created,
		expires:       i.Expires,
		paid:          i.Paid,
		isExpired:     i.IsExpired(time.Now()),
		arguments: map[string]attr.Value{
			"service_name": attributes.StringOrNull(name),
			"client_email": attributes.StringOrNull(string(i.ClientEmail)),
			"client_phone": attributes.StringOrNull(string(i.ClientPhone)),
			"expiry_date":  attributes.StringOrNull(expiryDate(i.Expires.Time, g.zone())),
			"send":         types.BoolNull(),
			"cart":         cartList(cart),
		},
	}
	if shown.url == "" {
		shown.url = g.client.InvoiceURL(shown.id)
	}
	if i.Status == paykeeper.StatusCreated {
		// One that was to be sent has not been: the next plan sends it.
		shown.arguments["send"] = types.BoolValue(false)
	}
	if promised := promisedExpiry(i, known, g.zone()); i.Status == paykeeper.StatusExpired && (promised.IsZero() || time.Until(promised) > values.ClockTolerance) {
		shown.gone = "it shows as expired before its time, so it was revoked"
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
func promisedExpiry(i *paykeeper.Invoice, known *invoiceModel, zone *time.Location) time.Time {
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
