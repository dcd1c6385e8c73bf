package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
)

// gatewayOfDataSource is the attribute that chooses a gateway where there was once but one.
func gatewayOfDataSource(names []string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "The gateway: " + attributes.Quoted(names) + " (default `" + apigateway.Name + "`).",
		Validators:          []validator.String{stringvalidator.OneOf(names...)},
	}
}

// chosenGateway is the gateway that a configuration names. It is not known while the name comes
// from something that is not applied yet; a wrong name is refused by the schema.
func chosenGateway[G gateway.Gateway](ctx context.Context, of []G, config tfsdk.Config, diags *diag.Diagnostics) (chosen G, isKnown bool) {
	var name types.String
	diags.Append(config.GetAttribute(ctx, path.Root("gateway"), &name)...)
	if name.IsUnknown() {
		return chosen, false
	}
	if name.IsNull() {
		name = types.StringValue(apigateway.Name)
	}
	return gateway.Named(of, name.ValueString())
}
