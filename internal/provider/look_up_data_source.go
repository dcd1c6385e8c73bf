package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
)

// lookUpDataSource shows one object of Invoice API v2 as the gateway has it, found by
// one of several keys. O is the client's object.
type lookUpDataSource[O any] struct {
	kind    string // as in invoice_<kind>, and in messages
	schema  schema.Schema
	findBy  finders[O]
	show    func(object *O) map[string]attr.Value
	gateway *apigateway.Gateway
}

// finders are the calls that find an object, by the attributes that hold their keys.
type finders[O any] map[string]func(c *invoiceapi.Client, ctx context.Context, key string) (*O, error)

func (d *lookUpDataSource[O]) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.kind
}

func (d *lookUpDataSource[O]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = d.schema
}

func (d *lookUpDataSource[O]) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		d.gateway = data.invoiceAPI()
	}
}

func (d *lookUpDataSource[O]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	if !d.gateway.LookUp(req, resp) {
		return
	}
	for name, find := range d.findBy {
		var key types.String
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(name), &key)...)
		if key.IsNull() {
			continue
		}
		object, err := find(d.gateway.Client, ctx, key.ValueString())
		switch {
		case err != nil:
			gateway.FailedCall{
				Attempt:    fmt.Sprintf("look up the %s with the %s %q", d.kind, name, key.ValueString()),
				Attributes: slices.Collect(maps.Keys(d.findBy)),
			}.Report(&resp.Diagnostics, err)
		case object == nil:
			resp.Diagnostics.AddAttributeError(path.Root(name), "No such "+d.kind,
				fmt.Sprintf("%s knows no %s with the %s %q for this merchant.", d.gateway.Title(), d.kind, name, key.ValueString()))
		default:
			for attribute, value := range d.show(object) {
				// A key stays as it is configured, apart from the id.
				if attribute == "id" || attribute != name {
					resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(attribute), value)...)
				}
			}
		}
	}
}
