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

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// providerData is what resources and data sources get from the provider block.
type providerData struct {
	invoice        configured[invoiceapi.Client]
	paykeeper      configured[paykeeper.Client]
	intellectmoney configured[intellectmoney.Client]
	p2p            configured[p2p.Client]
	run            *ledger.Run
	adoption       ledger.Adoption

	settleTime time.Duration
}

// configured is the client of one gateway, or why there is none.
type configured[T any] struct {
	title  string // the gateway's name for people
	client *T
	// missing names the settings that are absent, each as "attribute (or VARIABLE)".
	// Without any, the client is absent because a setting comes from a resource
	// that is not applied yet.
	missing []string
}

// mustHaveSettings adds an error that says which setting to give, and where. One
// that is only not known yet is no error.
func (c configured[T]) mustHaveSettings(diags *diag.Diagnostics) {
	if len(c.missing) > 0 {
		diags.AddError(c.title+" is not configured",
			"This needs the gateway's settings, and some are missing: "+strings.Join(c.missing, ", ")+
				". Set them in the provider block or in the environment.")
	}
}

// ready reports whether the gateway can be called while applying, when all settings
// are known.
func (c configured[T]) ready(diags *diag.Diagnostics) bool {
	c.mustHaveSettings(diags)
	if c.client == nil && len(c.missing) == 0 {
		diags.AddError(c.title+" is not configured", "The provider block has settings that are still not known. Apply what they come from first (-target).")
	}
	return c.client != nil
}

// lookUp is the same for a data source, which may be read before that: in a plan, and
// in the refresh that begins a destroy. Terraform does not say which of the two it is,
// and an error would make the destroy impossible. Where the CLI takes no deferral, the
// answer is empty: all that is looked up is null, and a warning says so.
func (c configured[T]) lookUp(req datasource.ReadRequest, resp *datasource.ReadResponse) bool {
	c.mustHaveSettings(&resp.Diagnostics)
	switch {
	case c.client != nil, len(c.missing) > 0:
	case req.ClientCapabilities.DeferralAllowed:
		resp.Deferred = &datasource.Deferred{Reason: datasource.DeferredReasonProviderConfigUnknown}
	default:
		resp.Diagnostics.AddWarning(c.title+" was not asked",
			"The provider block has settings that are not known before apply, so this data source is empty: it shows no invoices, and null for all else. "+
				"When destroying, that does no harm. Otherwise do not apply this plan if anything depends on the data source: "+
				"apply what the settings come from first (-target), or give the data source a depends_on, so that it is read during apply.")
	}
	return c.client != nil
}

// refresh is the same for what is in the state, or is just being imported. While
// the gateway cannot be asked, the state stays as it is.
func (c configured[T]) refresh(importing bool, diags *diag.Diagnostics) bool {
	switch {
	case c.client != nil:
	case len(c.missing) > 0:
		c.mustHaveSettings(diags)
	case importing:
		diags.AddError(c.title+" cannot be asked yet",
			"The provider block has settings that are not known before apply, so nothing can be imported. Apply what they come from first (-target).")
	default:
		diags.AddWarning(c.title+" was not asked",
			"The provider block has settings that are not known before apply, so the state was not refreshed from the gateway.")
	}
	return c.client != nil
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
	if value := s.optional(name); value != "" || s.unknown {
		return value
	}
	if fallback == "" {
		s.isMissing(name)
	}
	return fallback
}

func (s *settings) isMissing(name string) {
	s.missing = append(s.missing, fmt.Sprintf("%s.%s (or %s)", s.gateway, name, s.variable(name)))
}

func (s *settings) variable(name string) string { return s.prefix + strings.ToUpper(name) }

// optional returns one setting, "" when it is not given.
func (s *settings) optional(name string) string {
	if s.object.IsUnknown() {
		s.unknown = true
		return ""
	}
	if value, ok := s.object.Attributes()[name].(types.String); ok && !value.IsNull() {
		s.unknown = s.unknown || value.IsUnknown()
		return value.ValueString()
	}
	return os.Getenv(s.variable(name))
}

// incomplete reports whether there can be no client yet, or at all.
func (s *settings) incomplete() bool { return s.unknown || len(s.missing) > 0 }

// checkBaseURL repeats the schema's check for an address that came from the
// environment.
func (s *settings) checkBaseURL(baseURL string, diags *diag.Diagnostics) {
	if s.unknown || baseURL == "" {
		return
	}
	if problem := attributes.BaseURLProblem(baseURL); problem != "" {
		diags.AddAttributeError(path.Root(s.gateway).AtName("base_url"), "Invalid value",
			fmt.Sprintf("The value %s. It %s. It may come from %sBASE_URL.", problem, attributes.IsBaseURL().Description(context.Background()), s.prefix))
	}
}

// checkCredential does the same for a credential. Its value is never shown.
func (s *settings) checkCredential(name, value string, diags *diag.Diagnostics) {
	if s.unknown || value == "" {
		return
	}
	if problem := attributes.CredentialProblem(value); problem != "" {
		diags.AddAttributeError(path.Root(s.gateway).AtName(name), "Invalid value",
			fmt.Sprintf("The value %s. It %s. It may come from %s%s.", problem, attributes.IsCredential().Description(context.Background()), s.prefix, strings.ToUpper(name)))
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

// invoiceAPIResource is embedded by the resources of Invoice API v2.
type invoiceAPIResource struct {
	gateway configured[invoiceapi.Client]
	client  *invoiceapi.Client // nil while the provider block is not known
	run     *ledger.Run
	// adoption says what happens to what is there already.
	adoption ledger.Adoption
	// settleTime is how long a gateway may go on working on a request that was
	// cut off.
	settleTime time.Duration
}

func (r *invoiceAPIResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		data.invoice.mustHaveSettings(&resp.Diagnostics)
		r.gateway, r.client, r.run = data.invoice, data.invoice.client, data.run
		r.adoption, r.settleTime = data.adoption, data.settleTime
	}
}

// invoiceAPIDataSource is embedded by the data sources of Invoice API v2.
type invoiceAPIDataSource struct{ configured[invoiceapi.Client] }

func (d *invoiceAPIDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		d.configured = data.invoice
	}
}

// argument is one attribute that the user may set, for comparing a plan with a
// state.
type argument struct {
	name      string // one inside an object as "object.name"
	value     attr.Value
	sensitive bool // never shown
}

func (a argument) path() path.Path { return attributePath(a.name) }

func attributePath(name string) path.Path {
	names := strings.Split(name, ".")
	p := path.Root(names[0])
	for _, inner := range names[1:] {
		p = p.AtName(inner)
	}
	return p
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
