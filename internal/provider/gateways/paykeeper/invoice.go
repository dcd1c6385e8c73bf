package paykeeper

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

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

// Check looks at the currency, the mail, the cart and the expiry.
func (g *Gateway) Check(ctx context.Context, planned, config *gateway.Invoice, diags *diag.Diagnostics) {
	at := path.Root("paykeeper").AtName
	if currency := planned.Currency.ValueString(); currency != "" && currency != gateway.DefaultCurrency {
		diags.AddAttributeError(path.Root("currency"), "PayKeeper takes roubles only",
			fmt.Sprintf("The currency is %q. An invoice of PayKeeper is always in RUB: leave currency out.", currency))
	}
	block := attributes.ReadObject[invoiceBlock](ctx, planned.Object(g), diags)
	if block.Send.ValueBool() && block.ClientEmail.IsNull() {
		diags.AddAttributeError(at(gateway.ArgumentSend), "An invoice without an e-mail address cannot be sent",
			"Attribute paykeeper.send is true, so paykeeper.client_email is needed.")
	}
	if sum := sumOfCart(ctx, block.Cart); sum != nil && planned.Amount.Number() != nil && !sum.Equal(planned.Amount.Number().Decimal) {
		diags.AddAttributeError(at("cart"), "The cart does not add up",
			fmt.Sprintf("The sum values of paykeeper.cart add up to %s, and amount is %s. They must be equal (54-FZ).", sum.Money(), planned.Amount.Number().Money()))
	}
	if expiry := block.ExpiryDate.ValueString(); config != nil && expiry != "" && expiry <= g.today() {
		diags.AddAttributeError(at("expiry_date"), "The invoice could never be paid",
			fmt.Sprintf("Attribute paykeeper.expiry_date is %s, the first day on which the invoice can no longer be paid, and in %s it is %s. Give a later day.", expiry, g.place(), g.today()))
	}
}

func (g *Gateway) today() string { return time.Now().In(g.Zone()).Format(time.DateOnly) }

// place is what the zone is called.
func (g *Gateway) place() string {
	if zone := g.Zone(); zone != values.Moscow {
		return zone.String()
	}
	return "Moscow"
}

// Issue previews an invoice. It mails nothing.
func (g *Gateway) Issue(ctx context.Context, planned, _ *gateway.Invoice, diags *diag.Diagnostics) *gateway.ShownInvoice {
	request := g.request(ctx, planned, diags)
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
	if len(created.Paid) > 0 {
		diags.AddAttributeWarning(path.Root("order_id"), "The order has been paid before",
			fmt.Sprintf("Invoice %s was issued, and before it order %q already had the same invoice, which was paid: %s. "+
				"If that was this order (the state was lost, say), revoke invoice %s in the PayKeeper account, take it out of the state (terraform state rm), "+
				"and import the paid one: id = \"paykeeper/%s\".",
				created.ID, request.OrderID, strings.Join(created.Paid, ", "), created.ID, created.Paid[0]))
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

func (g *Gateway) request(ctx context.Context, planned *gateway.Invoice, diags *diag.Diagnostics) paykeeper.CreateInvoiceRequest {
	block := attributes.ReadObject[invoiceBlock](ctx, planned.Object(g), diags)
	request := paykeeper.CreateInvoiceRequest{
		Amount:      attributes.OrZero(planned.Amount.Number()),
		ClientID:    planned.CustomerID.ValueString(),
		OrderID:     planned.OrderID.ValueString(),
		ServiceName: block.ServiceName.ValueString(),
		ClientEmail: block.ClientEmail.ValueString(),
		ClientPhone: block.ClientPhone.ValueString(),
		Expiry:      block.ExpiryDate.ValueString(),
		Language:    block.Language.ValueString(),
		ResultURL:   block.ResultURL.ValueString(),
	}
	request.Cart = cartItems(ctx, block.Cart, diags)
	return request
}

// IsToBeSent reports whether the invoice has to be mailed and shows that it is not.
func (g *Gateway) IsToBeSent(m *gateway.Invoice) bool {
	send, _ := m.Object(g).Attributes()[gateway.ArgumentSend].(types.Bool)
	return send.ValueBool() && m.GatewayStatus.ValueString() == paykeeper.StatusCreated
}

// Send mails an invoice.
func (g *Gateway) Send(ctx context.Context, id string) error {
	return g.Client.SendInvoice(ctx, id)
}

// SendAgain mails an invoice that was mailed before.
func (g *Gateway) SendAgain(ctx context.Context, id string) error {
	return g.Client.SendInvoiceAgain(ctx, id)
}

// Withdraw revokes an invoice.
func (g *Gateway) Withdraw(ctx context.Context, id string) error {
	return g.Client.RevokeInvoice(ctx, id)
}

// FindUnclear searches for what was sent. What this run issued is another one.
func (g *Gateway) FindUnclear(ctx context.Context, known *gateway.Invoice) (*gateway.ShownInvoice, error) {
	var diags diag.Diagnostics
	request := g.request(ctx, known, &diags)
	if diags.HasError() {
		return nil, errors.New(diags[0].Detail())
	}
	found, err := g.Client.FindCreated(ctx, request, ledger.SentAt(known.CreatedAt), func(id string) bool { return g.run.IsIssued(g.Name(), id) })
	switch {
	case errors.Is(err, paykeeper.ErrNoSearch):
		return nil, gateway.ErrNoLookUp
	case found == nil || err != nil:
		return nil, err
	}
	return g.shown(found, known), nil
}

// Find looks an invoice up by its id.
func (g *Gateway) Find(ctx context.Context, known *gateway.Invoice) (*gateway.ShownInvoice, error) {
	invoice, err := g.Client.FindInvoice(ctx, known.ID.ValueString())
	if invoice == nil || err != nil {
		return nil, err
	}
	return g.shown(invoice, known), nil
}

// RefreshInvoice reads many invoices from lists. What looks as if it were revoked is read by its
// id, since it would be issued again.
func (g *Gateway) RefreshInvoice(ctx context.Context, known *gateway.Invoice) (*gateway.ShownInvoice, error) {
	var listed *gateway.ShownInvoice
	isGone := func(row *paykeeper.Invoice) bool {
		listed = g.shown(row, known)
		return listed.Gone != ""
	}
	invoice, err := g.Client.RefreshInvoice(ctx, known.ID.ValueString(), isGone)
	switch {
	case invoice == nil || err != nil:
		return nil, err
	case listed != nil && listed.Gone == "":
		return listed, nil
	}
	return g.shown(invoice, known), nil
}
