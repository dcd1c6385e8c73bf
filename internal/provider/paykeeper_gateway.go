package provider

import (
	"errors"
	"fmt"
	"time"
	_ "time/tzdata" // a machine without zones of its own must not read times otherwise

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

func paykeeperSettingsSchema() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "PayKeeper: invoices.",
		Attributes: map[string]schema.Attribute{
			"base_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The address of the merchant's own server, such as `https://demo.server.paykeeper.ru`, https, or http on a loopback host. " +
					"Environment: `INVOICE_PAYKEEPER_BASE_URL`.",
				Validators: []validator.String{attributes.IsBaseURL()},
			},
			"login": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The login of the merchant's account. Environment: `INVOICE_PAYKEEPER_LOGIN`.",
				Validators:          []validator.String{attributes.IsCredential()},
			},
			"password": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "Its password. Environment: `INVOICE_PAYKEEPER_PASSWORD`.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
			"timezone": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The time zone of the server, a name of the IANA database such as `Asia/Yekaterinburg` (default `Europe/Moscow`): of its times, " +
					"which it writes without an offset, and of all days, such as `expiry_date` and those of a history. Environment: `INVOICE_PAYKEEPER_TIMEZONE`.",
				Validators: []validator.String{isTimezone()},
			},
		},
	}
}

func configurePayKeeper(object types.Object, common transport.Config, diags *diag.Diagnostics) gateway.Configured[paykeeper.Client] {
	s := gateway.Settings{Gateway: "paykeeper", Prefix: "INVOICE_PAYKEEPER_", Object: object}
	baseURL, login, password := s.Get("base_url", ""), s.Get("login", ""), s.Get("password", "")
	s.CheckBaseURL(baseURL, diags)
	s.CheckCredential("login", login, diags)
	zone := timezone(&s, diags)
	connected := gateway.Configured[paykeeper.Client]{Title: paykeeper.Name, Missing: s.Missing}
	if !s.IsIncomplete() {
		connected.Client = paykeeper.New(baseURL, login, password, common)
		connected.Client.SetZone(zone)
	}
	return connected
}

// paykeeperErrors knows no fields: the gateway answers a text alone.
var paykeeperErrors = gateway.Errors{
	Explain: func(e *transport.Error) (attribute, advice string) {
		if errors.Is(e, paykeeper.ErrWrongLogin) {
			return "", "Check login, password and base_url of the provider's paykeeper block " +
				"(INVOICE_PAYKEEPER_LOGIN, INVOICE_PAYKEEPER_PASSWORD, INVOICE_PAYKEEPER_BASE_URL)."
		}
		return "", ""
	},
	AttributeOf: func(string) string { return "" },
}

// timezone reads the zone of a server, Moscow's unless it is set.
func timezone(s *gateway.Settings, diags *diag.Diagnostics) *time.Location {
	name := s.Optional("timezone")
	if name == "" {
		return values.Moscow
	}
	if problem := timezoneProblem(name); problem != "" {
		diags.AddAttributeError(path.Root(s.Gateway).AtName("timezone"), "Invalid value",
			fmt.Sprintf("The value %s. It %s. It may come from %s.", problem, timezoneAllowed, s.Variable("timezone")))
		return values.Moscow
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return values.Moscow
	}
	return zone
}

const timezoneAllowed = `must be the name of a time zone of the IANA database, such as "Europe/Moscow" or "Asia/Yekaterinburg"`

func isTimezone() validator.String {
	return attributes.TextValidator{Allowed: timezoneAllowed, Problem: timezoneProblem}
}

// timezoneProblem also refuses "Local", which is another zone on every machine.
func timezoneProblem(name string) string {
	if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" {
		return `"` + name + `" is not a time zone`
	}
	return ""
}
