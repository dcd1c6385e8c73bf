package gateway

import (
	"errors"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// Errors puts the errors of one gateway into the provider's words.
type Errors struct {
	// Explain says in English what an error is about, and which attribute it
	// points to; "" for what it does not know.
	Explain func(e *transport.Error) (attribute, advice string)
	// AttributeOf maps a field of the gateway's requests to an attribute.
	AttributeOf func(field string) string
}

// errorsOf holds them by the title of the gateway, which its client's errors carry.
var errorsOf = map[string]Errors{}

// RegisterErrors has the errors of a gateway reported in the provider's words.
func RegisterErrors(title string, of Errors) { errorsOf[title] = of }

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

func (f FailedCall) Report(diags *diag.Diagnostics, err error) {
	summary := "Cannot " + f.Attempt
	e, ok := errors.AsType[*transport.Error](err)
	if !ok {
		diags.AddError(summary, err.Error())
		return
	}
	of, known := errorsOf[e.Gateway]
	if !known {
		diags.AddError(summary, err.Error())
		return
	}
	attribute, advice := of.Explain(e)
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
		if about := of.AttributeOf(field); f.has(about) {
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
