package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

var _ datasource.DataSourceWithConfigure = (*invoiceDataSource)(nil)

// invoiceDataSource shows an invoice as its gateway has it, whoever issued it.
type invoiceDataSource struct{ finders []gateway.InvoiceFinder }

func newInvoiceDataSource() datasource.DataSource {
	return &invoiceDataSource{gateway.Select[gateway.InvoiceFinder](unconfigured)}
}

func (d *invoiceDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_invoice"
}

func (d *invoiceDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An invoice of one of the gateways " + attributes.Quoted(gateway.Names(d.finders)) + ", by its id, in one vocabulary. " +
			"What is particular to a gateway is in its object; the others are null.",
		Attributes: map[string]schema.Attribute{
			"gateway": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The gateway: " + attributes.Quoted(gateway.Names(d.finders)) + ".",
				Validators:          []validator.String{stringvalidator.OneOf(gateway.Names(d.finders)...)},
			},
			"id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The invoice's id at the gateway.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
			"amount":         attributes.LookedUpMoney("What is to be paid"),
			"currency":       attributes.LookedUpText("The currency."),
			"order_id":       attributes.LookedUpText("The merchant's own id of the order."),
			"customer_id":    attributes.LookedUpText("The merchant's own id of the payer."),
			"url":            attributes.LookedUpText("The page to pay on."),
			"status":         attributes.LookedUpText(gateway.AboutStatus),
			"gateway_status": attributes.LookedUpText("The gateway's own word for the status."),
			"paid":           schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether it has been paid, even if the money was given back. " + gateway.AboutPaid},
			"payment_id":     attributes.LookedUpText("The payment that paid it, if the gateway returns it."),
			"created_at":     attributes.LookedUpTime("When it was issued"),
			"updated_at":     attributes.LookedUpTime("When it last changed, if the gateway returns it"),
			"expires_at":     attributes.LookedUpTime("Until when it can be paid"),
			"paid_at":        attributes.LookedUpTime("When it was paid, if the gateway returns it"),
		},
	}
	for _, f := range d.finders {
		if own, ok := f.(gateway.ObjectShower); ok {
			resp.Schema.Attributes[f.Name()] = own.DataSourceSchema()
		}
	}
}

func (d *invoiceDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		d.finders = gateway.Select[gateway.InvoiceFinder](data.gateways)
	}
}

func (d *invoiceDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model gateway.Invoice
	resp.Diagnostics.Append(gateway.Read(ctx, req.Config, &model, &model.Objects)...)
	if resp.Diagnostics.HasError() {
		return
	}
	for _, f := range d.finders {
		if f.Name() != model.Gateway.ValueString() || !f.LookUp(req, resp) {
			continue
		}
		shown, err := f.Find(ctx, &model)
		switch {
		case err != nil:
			gateway.FailedCall{Attempt: "read " + invoiceName(&model)}.Report(&resp.Diagnostics, err)
		case shown == nil:
			resp.Diagnostics.AddAttributeError(path.Root("id"), "No such invoice",
				fmt.Sprintf("The gateway %s knows no invoice with the id %q.", model.Gateway.ValueString(), model.ID.ValueString()))
		default:
			model.ApplyRemote(f, shown)
			gateway.InvoiceArguments(f).Import(&model, shown)
			resp.Diagnostics.Append(gateway.Write(ctx, &resp.State, &model, model.Objects)...)
		}
	}
}
