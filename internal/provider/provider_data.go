package provider

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoice"
)

// providerData is what resources and data sources get from the provider block.
type providerData struct {
	invoice configured[invoice.Client]
	run     *run

	settleTime time.Duration
}

// configured is the client of one gateway, or why there is none.
type configured[T any] struct {
	client *T
	// unknown: a setting comes from a resource that is not applied yet.
	unknown bool
	// missing names the settings that are absent, each as "attribute (or VARIABLE)".
	missing []string
}

// require returns the client. Without one it adds an error that says which
// setting to give, and where. While settings are unknown both are absent: the
// caller has nothing to ask the gateway yet.
func (c configured[T]) require(gatewayName string, diags *diag.Diagnostics) *T {
	if len(c.missing) > 0 {
		diags.AddError(gatewayName+" is not configured",
			"This needs the gateway's settings, and some are missing: "+strings.Join(c.missing, ", ")+
				". Set them in the provider block or in the environment.")
	}
	return c.client
}

// settings reads the settings of one gateway: from its object in the provider
// block, else from the environment.
type settings struct {
	gateway string // the attribute of the provider block
	prefix  string // of the environment variables
	object  types.Object
	unknown bool
	missing []string
}

// get returns one setting; fallback "" makes it a mandatory one.
func (s *settings) get(name, fallback string) string {
	if s.object.IsUnknown() {
		s.unknown = true
		return ""
	}
	if value, ok := s.object.Attributes()[name].(types.String); ok && !value.IsNull() {
		if value.IsUnknown() {
			s.unknown = true
		}
		return value.ValueString()
	}
	variable := s.prefix + strings.ToUpper(name)
	if value := os.Getenv(variable); value != "" {
		return value
	}
	if fallback == "" {
		s.missing = append(s.missing, fmt.Sprintf("%s.%s (or %s)", s.gateway, name, variable))
	}
	return fallback
}

// checkBaseURL repeats the schema's check for an address that came from the
// environment.
func (s *settings) checkBaseURL(baseURL string, diags *diag.Diagnostics) {
	if s.unknown || baseURL == "" {
		return
	}
	if problem := baseURLProblem(baseURL); problem != "" {
		diags.AddAttributeError(path.Root(s.gateway).AtName("base_url"), "Invalid value",
			fmt.Sprintf("The value %s. It %s. It may come from %sBASE_URL.", problem, isBaseURL().Description(context.Background()), s.prefix))
	}
}

// checkCredential does the same for a credential. Its value is never shown.
func (s *settings) checkCredential(name, value string, diags *diag.Diagnostics) {
	if s.unknown || value == "" {
		return
	}
	if problem := credentialProblem(value); problem != "" {
		diags.AddAttributeError(path.Root(s.gateway).AtName(name), "Invalid value",
			fmt.Sprintf("The value %s. It %s. It may come from %s%s.", problem, isCredential().Description(context.Background()), s.prefix, strings.ToUpper(name)))
	}
}

// dataFrom is the one Configure body. Terraform also configures before the
// provider has its data (to validate); then there is none.
func dataFrom(data any, diags *diag.Diagnostics) *providerData {
	if data == nil {
		return nil
	}
	known, ok := data.(*providerData)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("Expected *providerData, got %T. This is a bug in the provider.", data))
		return nil
	}
	return known
}

// invoiceResource is embedded by the resources of Invoice API v2.
type invoiceResource struct {
	client *invoice.Client // nil while the provider block is not known
	run    *run
	// settleTime is how long a gateway may go on working on a request that was
	// cut off.
	settleTime time.Duration
}

func (r *invoiceResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		r.client, r.run, r.settleTime = data.invoice.require(invoice.Name, &resp.Diagnostics), data.run, data.settleTime
	}
}

// keepUnread keeps the state as it is when the gateway cannot be asked yet.
func (r *invoiceResource) keepUnread(importing bool, diags *diag.Diagnostics) bool {
	if r.client != nil {
		return false
	}
	if importing {
		diags.AddError(invoice.Name+" cannot be asked yet",
			"The provider block has settings that are not known before apply, so nothing can be imported. Apply what they come from first (-target).")
		return true
	}
	diags.AddWarning(invoice.Name+" was not asked",
		"The provider block has settings that are not known before apply, so the state was not refreshed from the gateway.")
	return true
}

// invoiceDataSource is embedded by the data sources of Invoice API v2.
type invoiceDataSource struct{ client *invoice.Client }

func (d *invoiceDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	data := dataFrom(req.ProviderData, &resp.Diagnostics)
	if data == nil {
		return
	}
	d.client = data.invoice.require(invoice.Name, &resp.Diagnostics)
	if d.client == nil && !resp.Diagnostics.HasError() {
		resp.Diagnostics.AddError(invoice.Name+" cannot be asked yet",
			"The provider block has settings that are not known before apply. Apply what they come from first (-target), "+
				"or give this data source a depends_on, so that it is read during apply.")
	}
}

// attributeOrNull reads "" as "none".
func stringOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// argument is one attribute that the user may set, for comparing a plan with a
// state.
type argument struct {
	name  string
	value attr.Value
}

// changedArguments returns the names of the arguments that differ. Attribute
// plan modifiers have already put aside what is only written differently.
func changedArguments(plan, state []argument) []string {
	var changed []string
	for i := range plan {
		if !plan[i].value.Equal(state[i].value) {
			changed = append(changed, plan[i].name)
		}
	}
	return changed
}

// certainlyChanged leaves out what is not known yet: it may turn out to be the
// same, and is looked at again when it is applied.
func certainlyChanged(plan, state []argument) []string {
	var changed []string
	for i := range plan {
		if !plan[i].value.IsUnknown() && !plan[i].value.Equal(state[i].value) {
			changed = append(changed, plan[i].name)
		}
	}
	return changed
}
