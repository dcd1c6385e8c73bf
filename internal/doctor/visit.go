package doctor

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/mask"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

// visit is what is asked of one gateway, and what comes of it.
type visit struct {
	options *Options
	gateway gateway.Gateway
	seen    *observer
	secrets []string
	timeout time.Duration // of one attempt
	checks  []Check

	// points are the gateway's doubtful points, and found is what was seen of them.
	points []point
	found  map[string]Check
	// reasons say of single points why they could not be seen this time.
	reasons map[string]string
	// end is why nothing more is asked; "" while the gateway can be.
	end string
}

// point is a doubtful point of a gateway: a switch of the sandbox.
type point struct {
	name string
	// unseen says why it cannot be known, or what would show it.
	unseen string
	// readings say of each value what it means for the provider.
	readings map[string]string
	// warnings are the values after which something should be set.
	warnings []string
	// other is what a value means that the sandbox does not have.
	other string
}

func (v *visit) add(name, value string, status Status, means string) {
	v.checks = append(v.checks, Check{v.gateway.Name(), name, v.clean(value), status, v.clean(means)})
}

// clean takes secrets and payers out of a text.
func (v *visit) clean(text string) string { return mask.Payers(mask.Text(text, v.secrets)) }

// sees notes the value of a doubtful point. The first one that is seen counts.
func (v *visit) sees(name, value string) {
	if value == "" {
		return
	}
	for _, p := range v.points {
		if p.name != name {
			continue
		}
		status := OK
		if slices.Contains(p.warnings, value) {
			status = Warning
		}
		v.finds(name, value, status, cmp.Or(p.readings[value], p.other, "No document and no client has this. The provider reads it, as far as it was asked."))
	}
}

// finds is the same with words of its own.
func (v *visit) finds(name, value string, status Status, means string) {
	if _, isThere := v.found[name]; !isThere {
		v.found[name] = Check{v.gateway.Name(), name, v.clean(value), status, v.clean(means)}
	}
}

// hasSeen reports whether the value of a point is known.
func (v *visit) hasSeen(name string) bool {
	_, isThere := v.found[name]
	return isThere
}

// cannotSee notes why a point could not be seen this time.
func (v *visit) cannotSee(why string, names ...string) {
	for _, name := range names {
		v.reasons[name] = why
	}
}

// dialectChecks are all doubtful points, those that were not seen too.
func (v *visit) dialectChecks() []Check {
	var checks []Check
	for _, p := range v.points {
		if finding, isThere := v.found[p.name]; isThere {
			checks = append(checks, finding)
			continue
		}
		why := cmp.Or(v.reasons[p.name], p.unseen)
		checks = append(checks, Check{v.gateway.Name(), p.name, "unknown", Unknown, cmp.Or(v.end, why)})
	}
	return checks
}

// errEnd is the error of a call that was not made any more.
var errEnd = errors.New("nothing more is asked")

// ask makes a call of a client and returns its last answer as it came. After one that was not answered
// no other is made: each would wait as long.
func (v *visit) ask(call func() error) (answer, error) {
	if v.end != "" {
		return answer{}, errEnd
	}
	from := len(v.seen.all())
	err := call()
	var last answer
	if seen := v.seen.all()[from:]; len(seen) > 0 {
		last = answer{seen[len(seen)-1]}
	}
	return last, err
}

// isRefusal reports whether a gateway has refused a call in its own words.
func isRefusal(err error) bool {
	_, refused := transport.AsRefusal(err)
	return refused
}

// fails reports whether a call has failed otherwise than by a refusal, and notes it: no
// answer, or one that the client cannot read.
func (v *visit) fails(a answer, err error) bool {
	if err == nil || isRefusal(err) {
		return false
	}
	switch {
	case errors.Is(err, errEnd):
	case errors.Is(err, context.Canceled):
		v.end = "The doctor was stopped before."
		v.add("answers", "stopped", Error, "The doctor was stopped.")
	case a.Response == nil || a.Err != nil:
		v.end = "The gateway could not be asked."
		if len(v.seen.answered()) > 0 { // else it is not reachable
			v.add("answers", "none", Error, "A call was not answered, and nothing more was asked: "+err.Error())
		}
	default:
		v.add("answers", "unreadable", Error, v.unreadable(a, err))
	}
	return true
}

// unreadable describes an answer that the client cannot read.
func (v *visit) unreadable(a answer, err error) string {
	parts := []string{a.Operation + " was answered with HTTP " + strconv.Itoa(a.Response.StatusCode)}
	if kind := a.Response.Header.Get("Content-Type"); kind != "" {
		parts = append(parts, kind)
	}
	if e, ok := errors.AsType[*transport.Error](err); ok && e.Cause != nil {
		reason, _, _ := strings.Cut(e.Cause.Error(), ": «") // the rest is the answer
		parts = append(parts, reason)
	}
	return strings.Join(parts, ", ") + ". The provider cannot read that. The answer, masked: «" + v.maskedBody(a.Body) + "»"
}

// wanted are the objects of the options that this gateway may have.
func (v *visit) wanted(all []string, isPossible func(id string) bool) []string {
	var ids []string
	for _, one := range all {
		name, id, isOurs := strings.Cut(one, "/")
		if _, isGateway := pointsOf[name]; isOurs && isGateway {
			if name == v.gateway.Name() {
				ids = append(ids, id)
			}
			continue
		}
		if isPossible(one) {
			ids = append(ids, one)
		}
	}
	return ids
}

// pointsOf are the doubtful points of each gateway.
var pointsOf = map[string][]point{
	"invoice": invoicePoints, "paykeeper": payKeeperPoints, "p2p": p2pPoints, "intellectmoney": intellectMoneyPoints,
}

func anyID(string) bool { return true }

func isDigits(id string) bool { return id != "" && strings.Trim(id, "0123456789") == "" }
