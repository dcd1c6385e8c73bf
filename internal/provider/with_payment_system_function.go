package provider

import (
	"context"
	"net/url"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

var _ function.Function = withPaymentSystemFunction{}

// withPaymentSystemFunction chooses the way to pay in a link of PayKeeper.
type withPaymentSystemFunction struct{}

func newWithPaymentSystemFunction() function.Function { return withPaymentSystemFunction{} }

func (withPaymentSystemFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "with_payment_system"
}

func (withPaymentSystemFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "PayKeeper's link with the way to pay chosen",
		MarkdownDescription: "Sets the parameter `pstype` of a link to a PayKeeper invoice, so that the payer need not choose. " +
			"A `pstype` that is there is replaced. Everything else in the link stays as it is written. Source: «JSON API PayKeeper», section 3.4.\n\n" +
			"Which values there are depends on the payment systems of your account, such as `sbp_default` or `alfabank`. The provider cannot check them.\n\n" +
			functionsNeed + " Without this one, write `\"${invoice_invoice.order.url}?pstype=sbp_default\"`.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "url", MarkdownDescription: "The link: `url` of an `invoice_invoice` of PayKeeper."},
			function.StringParameter{Name: "pstype", MarkdownDescription: "The payment system, as PayKeeper names it."},
		},
		Return: function.StringReturn{},
	}
}

func (withPaymentSystemFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var link, system string
	if resp.Error = req.Arguments.Get(ctx, &link, &system); resp.Error != nil {
		return
	}
	if resp.Error = problemOf(0, link, attributes.IsWebAddress()); resp.Error != nil {
		return
	}
	if resp.Error = problemOf(1, system, attributes.IsNotBlank()); resp.Error != nil {
		return
	}
	resp.Error = resp.Result.Set(ctx, withParameter(link, "pstype", system))
}

// withParameter sets a parameter of a link. Other parameters are not decoded and encoded again:
// that changes their order and their spelling, and a signature may cover them.
func withParameter(link, name, value string) string {
	rest, fragment, hasFragment := strings.Cut(link, "#")
	address, query, _ := strings.Cut(rest, "?")
	set := name + "=" + url.QueryEscape(value)
	var parameters []string
	isSet := false
	for _, parameter := range strings.Split(query, "&") {
		key, _, _ := strings.Cut(parameter, "=")
		if decoded, err := url.QueryUnescape(key); err == nil && decoded == name {
			if isSet {
				continue
			}
			parameter, isSet = set, true
		}
		if parameter != "" {
			parameters = append(parameters, parameter)
		}
	}
	if !isSet {
		parameters = append(parameters, set)
	}
	link = address + "?" + strings.Join(parameters, "&")
	if hasFragment {
		link += "#" + fragment
	}
	return link
}
