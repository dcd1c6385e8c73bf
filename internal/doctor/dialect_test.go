package doctor

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
)

// visible are the switches that can be seen without changing anything, with the values that can: all of
// them where none is named.
var visible = map[string][]string{
	"ids": nil, "terminal_types": nil, "date_names": nil, "spelling": nil, "terminal_alias": nil, "error_status": nil, "expired": nil, "terminal_fields": nil, "failed_status": nil,

	"paykeeper_token": nil, "paykeeper_token_kills": nil, "paykeeper_error_code": nil, "paykeeper_byid": nil, "paykeeper_search": nil,
	"paykeeper_content_type": nil, "paykeeper_dates": nil, "paykeeper_fullcount": nil, "paykeeper_amount": nil, "paykeeper_timezone": nil,
	"paykeeper_max_page": nil, "paykeeper_payment": nil, "paykeeper_no_payment": nil, "paykeeper_no_refunds": nil,
	"paykeeper_refund_amount": nil, "paykeeper_payment_ids": nil, "paykeeper_refund_order": nil,
	"paykeeper_revoked":      {"expired"},        // what is missing may never have been
	"paykeeper_service_name": {"sent", "string"}, // a text may have had no cart

	"p2p_answer": nil, "p2p_internal_id": nil, "p2p_sums": nil, "p2p_payout_subunit": nil, "p2p_paid": nil, "p2p_deals": nil,
	"p2p_deal_requisites": nil, "p2p_deal_payment": nil,

	"intellectmoney_order": nil, "intellectmoney_sort": nil, "intellectmoney_dates": nil, "intellectmoney_offset": nil, "intellectmoney_id": nil,
	"intellectmoney_absent": nil, "intellectmoney_amount": nil, "intellectmoney_transactions": nil, "intellectmoney_holding": nil,
	"intellectmoney_max_take": nil, "intellectmoney_long_take": nil, "intellectmoney_errors": nil, "intellectmoney_warning": nil,
	"intellectmoney_envelope": nil, "intellectmoney_checks": nil, "intellectmoney_comment": nil,
}

// invisible are the others. Of a new switch of the sandbox somebody has to say which it is.
var invisible = []string{
	"checks", "paykeeper_checks", "p2p_checks", "rewrite_description", "taken_alias", "repeated_order", "closed_answer", "refund_status",
	"paykeeper_login", "paykeeper_invoice_id", "paykeeper_repeated_revoke", "paykeeper_mail", "paykeeper_refund_row", "paykeeper_refund_time",
	"paykeeper_refund_end", "paykeeper_reverse", "paykeeper_partial_false", "paykeeper_second_reverse", "paykeeper_two_stage",
	"p2p_repeated_internal_id", "p2p_requisites", "p2p_cancel", "p2p_repeated_cancel", "p2p_error_status",
	"intellectmoney_bearer_status", "notify_failed", "notify_refund", "paykeeper_notify_invoice", "paykeeper_batch_date", "paykeeper_notify_answer",
}

// reads are the calls that change nothing.
var reads = []string{
	"GetTerminal", "GetPayment", "GetPaymentByOrder", "GetRefund",
	"paykeeper.token", "paykeeper.byid", "paykeeper.list", "paykeeper.listcount", "paykeeper.search", "paykeeper.payment", "paykeeper.refunds",
	"p2p.read", "p2p.internal-id", "intellectmoney.history", "intellectmoney.token",
}

// hasPreconditions are the dialects that keep the shop from having what shows a switch.
var hasPreconditions = map[string][]string{
	// The shop's second refund is refused, or neither is shown yet.
	"paykeeper_refund_row=late":   {"paykeeper_refund_order"},
	"paykeeper_refund_row=never":  {"paykeeper_refund_order"},
	"paykeeper_refund_time=soon":  {"paykeeper_refund_order"},
	"paykeeper_refund_time=never": {"paykeeper_refund_order"},
	"paykeeper_two_stage=true":    {"paykeeper_refund_order"},

	"terminal_fields=sdk": {"terminal_alias"},

	"p2p_requisites=none": {"p2p_deals", "p2p_deal_requisites", "p2p_deal_payment"},
}

// Whatever the dialect, the doctor names each switch that can be seen rightly, says of all others that
// they cannot be known, and sends nothing that changes anything.
func TestEverySwitchIsNamedRightly(t *testing.T) {
	tried := 0
	for _, sw := range gateways.Switches {
		name := gatewayOf(sw.Name)
		for n, value := range sw.Values {
			if n == 0 && sw != firstOf(name) {
				continue // the first switch of each gateway shows the defaults of all
			}
			tried++
			if n > 0 && tried%everySetting != 0 {
				continue
			}
			setting := sw.Name + "=" + value
			t.Run(setting, func(t *testing.T) {
				s := openShop(t, name, gateways.Options{}, setting)
				s.fill(name)
				checks := s.examine()
				for _, other := range gateways.Switches {
					if gatewayOf(other.Name) == name {
						expectPoint(t, checks, other, s.Dialect()[other.Name], hasPreconditions[setting])
					}
				}
				for _, check := range checks {
					if check.Status == Error || check.Means == "" {
						t.Errorf("%+v", check)
					}
				}
				expectReads(t, s)
			})
		}
	}
}

func firstOf(gateway string) *sandbox.Switch {
	return gateways.Switches[slices.IndexFunc(gateways.Switches, func(sw *sandbox.Switch) bool { return gatewayOf(sw.Name) == gateway })]
}

func expectPoint(t *testing.T, checks map[string]Check, sw *sandbox.Switch, value string, missing []string) {
	t.Helper()
	check, isThere := checks[sw.Name]
	values, isVisible := visible[sw.Name]
	isVisible = isVisible && (values == nil || slices.Contains(values, value)) && !slices.Contains(missing, sw.Name)
	switch {
	case !isThere:
		t.Errorf("%s: no check", sw.Name)
	case isVisible && (check.Value != value || check.Status == Unknown):
		t.Errorf("%s is %q: got %+v", sw.Name, value, check)
	case !isVisible && (check.Value != "unknown" || check.Status != Unknown):
		t.Errorf("%s is %q and cannot be seen: got %+v", sw.Name, value, check)
	}
}

func expectReads(t *testing.T, s *shop) {
	t.Helper()
	all := s.Requests()
	if len(all) == 0 {
		t.Error("nothing was asked")
	}
	for _, request := range all {
		if !slices.Contains(reads, request.Operation) || strings.HasPrefix(request.Path, "/paykeeper/change/") {
			t.Errorf("%s %s %s was sent", request.Operation, request.Method, request.Path)
		}
	}
}

// Each switch of the sandbox is either visible or not, and each is a point of the doctor.
func TestEverySwitchIsKnown(t *testing.T) {
	known := slices.Concat(slices.Collect(maps.Keys(visible)), invisible)
	var all, points []string
	for _, sw := range gateways.Switches {
		all = append(all, sw.Name)
	}
	for _, of := range pointsOf {
		for _, p := range of {
			points = append(points, p.name)
		}
	}
	for _, list := range [][]string{all, known, points} {
		slices.Sort(list)
	}
	if !slices.Equal(all, known) || !slices.Equal(all, points) {
		t.Errorf("switches %q\nvisible and invisible ones %q\npoints %q", all, known, points)
	}
}

// What a visible switch means is said of each of its values.
func TestEveryValueHasAMeaning(t *testing.T) {
	for _, sw := range gateways.Switches {
		for _, p := range pointsOf[gatewayOf(sw.Name)] {
			values, isVisible := visible[sw.Name]
			if p.name != sw.Name || !isVisible {
				continue
			}
			if values == nil {
				values = sw.Values
			}
			for _, value := range values {
				if p.readings[value] == "" && p.other == "" {
					t.Errorf("%s=%s has no meaning", sw.Name, value)
				}
			}
		}
	}
}
