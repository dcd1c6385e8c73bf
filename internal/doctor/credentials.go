package doctor

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

// isAccepted notes what the first call says of the credentials, and reports whether they are
// accepted.
func (v *visit) isAccepted(a answer, err error) bool {
	e, _ := errors.AsType[*transport.Error](err)
	switch {
	case e != nil && v.isAboutCredentials(e):
		_, advice := v.gateway.Explain(e)
		v.add("credentials", "refused", Error, "The gateway does not accept them: "+words(e)+" "+advice)
		v.end = "Nothing more was asked, since the credentials are refused."
		return false
	case v.fails(a, err):
		v.end = cmp.Or(v.end, "Nothing more was asked, since the first answer cannot be read.")
		return false
	}
	v.add("credentials", "accepted", OK, "The gateway accepts them.")
	return true
}

func (v *visit) isAboutCredentials(e *transport.Error) bool {
	if v.gateway.Name() == "invoice" {
		// Its other codes have an explanation, too.
		return e.Code == invoiceapi.CodeCredentials || e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden
	}
	_, advice := v.gateway.Explain(e)
	return advice != ""
}

// words are a refusal in the gateway's own words.
func words(e *transport.Error) string {
	var parts []string
	if e.Status != 0 {
		parts = append(parts, "HTTP "+strconv.Itoa(e.Status))
	}
	if e.Code != "" {
		parts = append(parts, "error "+e.Code)
	}
	if e.Text != "" {
		parts = append(parts, "«"+e.Text+"»")
	}
	return strings.Join(parts, ", ") + "."
}

// checkAbsence notes whether the client understands how the gateway says that there is no
// such object. It was asked for one that no gateway has.
func (v *visit) checkAbsence(err error) {
	e, isRefused := transport.AsRefusal(err)
	switch {
	case err == nil:
		v.add("not_found", "understood", OK, "The provider understands how the gateway says that there is no such object.")
	case isRefused:
		v.add("not_found", "not understood", Error, "The provider does not understand how the gateway says that there is no such object, so it would take what is gone "+
			"for an error: "+words(e)+" Please report it.")
	}
}

// isRefused notes a refusal of what the provider cannot do without.
func (v *visit) isRefused(name string, err error) bool {
	e, refused := transport.AsRefusal(err)
	if refused {
		v.add(name, "refused", Error, "The gateway refuses what the provider needs: "+words(e)+" Ask its support which rights these credentials have.")
	}
	return refused
}

// checkObject notes whether an object of the options is there.
func (v *visit) checkObject(what, id string, isThere bool, err error) {
	e, isRefused := transport.AsRefusal(err)
	status := Warning
	if (what == "payment" || what == "invoice") && !v.isMeant(id) {
		status = Unknown // another gateway may have it
	}
	switch {
	case isRefused:
		v.add(what, "refused", status, "The gateway does not show "+id+": "+words(e))
	case err == nil && !isThere:
		v.add(what, "missing", status, "The gateway has no "+what+" "+id+".")
	case err == nil:
		v.add(what, "found", OK, "The provider can read "+id+".")
	}
}

// isMeant reports whether an object of the options can only be this gateway's.
func (v *visit) isMeant(id string) bool {
	o := v.options
	return len(o.Gateways) == 1 || slices.Contains(slices.Concat(o.Aliases, o.Payments, o.Invoices, o.Refunds), v.gateway.Name()+"/"+id)
}
