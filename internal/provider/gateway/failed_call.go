package gateway

import (
	"errors"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// FieldMapper is a gateway whose errors name the fields of its requests.
type FieldMapper interface {
	// AttributeOf maps a field to an attribute, "" for none.
	AttributeOf(field string) string
}

// byTitle holds the gateways whose errors can be explained.
var byTitle = map[string]Gateway{}

// ExplainErrors has [FailedCall] explain the errors of these gateways.
func ExplainErrors(gateways []Gateway) {
	for _, g := range gateways {
		byTitle[g.Title()] = g
	}
}

// FailedCall describes a failed call to a gateway to the user.
type FailedCall struct {
	// Attempt is what the user wanted: "create the payment link".
	Attempt string
	// Unclear says what may have happened, and how to find out, when nobody
	// knows whether a call that changes something was carried out.
	Unclear string
	// Next replaces the advice that follows from the error.
	Next string
	// Attributes are the ones that the caller's schema has.
	Attributes []string
}

// Report adds the error.
func (f FailedCall) Report(diags *diag.Diagnostics, err error) {
	summary := "Cannot " + f.Attempt
	if transport.IsReadOnly(err) {
		diags.AddError(summary+": read_only forbids it", err.Error()+".\n\nNothing was changed at the gateway. "+
			"Plans work as ever; to apply this one, take read_only = true out of the provider block, and INVOICE_READ_ONLY out of the environment.")
		return
	}
	e, ok := errors.AsType[*transport.Error](err)
	if !ok || byTitle[e.Gateway] == nil {
		diags.AddError(summary, err.Error())
		return
	}
	g := byTitle[e.Gateway]
	attribute, advice := g.Explain(e)
	switch {
	case f.Next != "":
		advice = f.Next
	case e.Outcome == transport.Unclear && f.Unclear != "":
		advice = f.Unclear
	case advice != "":
	case e.Outcome == transport.NotDone:
		advice = "As far as is known, nothing was changed at the gateway. Try again later; if it persists, check base_url and the network."
	case e.Outcome == transport.Unclear:
		advice = "Nothing was changed. Try again later; if it persists, check base_url and ask the gateway's support."
	}
	detail := strings.TrimSpace(err.Error() + ".\n\n" + advice)

	pointed := false
	for field, messages := range e.Fields {
		if about := attributeOf(g, field); f.has(about) {
			diags.AddAttributeError(attributes.Path(about), summary,
				"About "+about+" the gateway says: «"+strings.Join(messages, "; ")+"».\n\n"+detail)
			pointed = true
		}
	}
	switch {
	case pointed:
	case e.Outcome == transport.Refused && f.has(attribute):
		diags.AddAttributeError(attributes.Path(attribute), summary, detail)
	default:
		diags.AddError(summary, detail)
	}
}

func (f FailedCall) has(attribute string) bool {
	return attribute != "" && slices.Contains(f.Attributes, attribute)
}

func attributeOf(g Gateway, field string) string {
	if mapper, ok := g.(FieldMapper); ok {
		return mapper.AttributeOf(field)
	}
	return ""
}
