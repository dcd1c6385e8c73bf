package gateway

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// Configured is the client of one gateway, or why there is none.
type Configured[T any] struct {
	Client      *T // nil while settings are unknown or missing
	name, title string
	missing     []string
}

// New names a gateway whose settings are not read yet.
func New[T any](name, title string) Configured[T] { return Configured[T]{name: name, title: title} }

// Name is what users call the gateway.
func (c *Configured[T]) Name() string { return c.name }

// Title is how messages call it.
func (c *Configured[T]) Title() string { return c.title }

// Connect makes the client if the settings are complete.
func (c *Configured[T]) Connect(settings *Settings, client func() *T) {
	c.missing = settings.missing
	if len(c.missing) == 0 && !settings.isUnknown {
		c.Client = client()
	}
}

// IsConnected reports whether the gateway can be called: its settings are known and complete.
func (c *Configured[T]) IsConnected() bool { return c.Client != nil }

// MustHaveSettings adds an error that says which setting to give, and where. A setting
// that is unknown until apply is no error.
func (c *Configured[T]) MustHaveSettings(diags *diag.Diagnostics) {
	if len(c.missing) > 0 {
		diags.AddError(c.title+" is not configured",
			"This needs the gateway's settings, and some are missing: "+strings.Join(c.missing, ", ")+
				". Set them in the provider block or in the environment.")
	}
}

// Ready reports whether the gateway can be called during apply, when all settings are
// known.
func (c *Configured[T]) Ready(diags *diag.Diagnostics) bool {
	c.MustHaveSettings(diags)
	if c.Client == nil && len(c.missing) == 0 {
		diags.AddError("Settings of "+c.title+" are unknown until apply", "The provider block has settings that are still unknown. Apply what they come from first (-target).")
	}
	return c.Client != nil
}

// LookUp is the same for a data source. It may be read earlier: in a plan, and in the
// refresh that begins a destroy. Terraform does not say which of the two it is, and an
// error would make the destroy impossible. So where the CLI takes no deferral, the answer
// is empty, and a warning says so.
func (c *Configured[T]) LookUp(req datasource.ReadRequest, resp *datasource.ReadResponse) bool {
	c.MustHaveSettings(&resp.Diagnostics)
	switch {
	case c.Client != nil, len(c.missing) > 0:
	case req.ClientCapabilities.DeferralAllowed:
		resp.Deferred = &datasource.Deferred{Reason: datasource.DeferredReasonProviderConfigUnknown}
	default:
		resp.Diagnostics.AddWarning(c.title+" was not asked",
			"The provider block has settings that are unknown until apply, so this data source is empty: it shows no invoices, and null for all else. "+
				"When destroying, that does no harm. Otherwise do not apply this plan if anything depends on the data source: "+
				"apply what the settings come from first (-target), or give the data source a depends_on, so that it is read during apply.")
	}
	return c.Client != nil
}

// Open is the same for an ephemeral resource, which Terraform opens in the plan and again in the
// apply. While settings are unknown, its texts are empty: OpenTofu takes no result that is not
// known, and with null no template could be filled in.
func (c *Configured[T]) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) bool {
	c.MustHaveSettings(&resp.Diagnostics)
	switch {
	case c.Client != nil, len(c.missing) > 0:
	case req.ClientCapabilities.DeferralAllowed:
		resp.Deferred = &ephemeral.Deferred{Reason: ephemeral.DeferredReasonProviderConfigUnknown}
	default:
		resp.Diagnostics.AddWarning(c.title+" was not asked",
			"The provider block has settings that are unknown until apply, so this ephemeral resource holds empty texts in the plan. The apply opens it again, with all settings.")
		for name := range resp.Result.Schema.GetAttributes() {
			resp.Diagnostics.Append(resp.Result.SetAttribute(ctx, path.Root(name), "")...)
		}
	}
	return c.Client != nil
}

// Refresh is the same for what is in the state, or is just being imported. While
// the gateway cannot be asked, the state stays as it is.
func (c *Configured[T]) Refresh(importing bool, diags *diag.Diagnostics) bool {
	switch {
	case c.Client != nil:
	case len(c.missing) > 0:
		c.MustHaveSettings(diags)
	case importing:
		diags.AddError("Settings of "+c.title+" are unknown until apply",
			"Nothing was imported, since the gateway could not be asked. Apply what the settings come from first (-target).")
	default:
		diags.AddWarning(c.title+" was not asked",
			"The provider block has settings that are unknown until apply, so the state was not refreshed from the gateway.")
	}
	return c.Client != nil
}
