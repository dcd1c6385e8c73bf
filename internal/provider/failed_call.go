package provider

import (
	"errors"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

// gatewayErrors puts the errors of one gateway into the provider's words.
type gatewayErrors struct {
	// explain says in English what an error is about, and which attribute it
	// points to; "" for what it does not know.
	explain func(e *transport.Error) (attribute, advice string)
	// attributeOf maps a field of the gateway's requests to an attribute.
	attributeOf func(field string) string
}

var errorsOf = map[string]gatewayErrors{
	invoiceapi.Name:     invoiceErrors,
	paykeeper.Name:      paykeeperErrors,
	intellectmoney.Name: intellectmoneyErrors,
	p2p.Name:            p2pErrors,
}

// failedCall describes a failed call to a gateway to the user.
type failedCall struct {
	// attempt is what the user wanted: "create the payment link".
	attempt string
	// unclear says what may have happened, and how to find out, when nobody
	// knows whether a call that changes something was carried out.
	unclear string
	// next replaces the advice that follows from the error.
	next string
	// attributes are the ones that the caller's schema has.
	attributes []string
}

func (f failedCall) report(diags *diag.Diagnostics, err error) {
	summary := "Cannot " + f.attempt
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
	attribute, advice := of.explain(e)
	switch {
	case f.next != "":
		advice = f.next
	case e.Outcome == transport.Unclear && f.unclear != "":
		advice = f.unclear
	case advice != "":
	case e.Outcome == transport.NotDone:
		advice = "As far as is known, nothing was changed at the gateway. Try again later; if it persists, check base_url and the network."
	case e.Outcome == transport.Unclear:
		advice = "Nothing was changed. Try again later; if it persists, check base_url and ask the gateway's support."
	}
	detail := strings.TrimSpace(err.Error() + ".\n\n" + advice)

	pointed := false
	for field, messages := range e.Fields {
		if about := of.attributeOf(field); f.has(about) {
			diags.AddAttributeError(attributePath(about), summary,
				"About "+about+" the gateway says: «"+strings.Join(messages, "; ")+"».\n\n"+detail)
			pointed = true
		}
	}
	switch {
	case pointed:
	case e.Outcome == transport.Refused && f.has(attribute):
		diags.AddAttributeError(attributePath(attribute), summary, detail)
	default:
		diags.AddError(summary, detail)
	}
}

func (f failedCall) has(attribute string) bool {
	return attribute != "" && slices.Contains(f.attributes, attribute)
}
