package p2p

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

// An invoice whose answer was lost or unclear is adopted, sent again or left unclear.
func TestCreateInvoiceIn(t *testing.T) {
	same := ok(fresh())
	down := reply{Status: 500, Body: `[{"message":"down"}]`}
	busy := reply{Status: 503, Header: []string{"Retry-After", "0"}}
	tests := []struct {
		name              string
		proven            bool // the server has found something by internal id before
		taken             bool // the internal id is taken
		creates, internal []reply
		steps             string
		found             bool
		outcome           transport.Outcome
		text              string
	}{
		{name: "success", creates: []reply{same}, steps: "create", found: true},
		{name: "lost, found: adopted", creates: []reply{cut}, internal: []reply{same}, steps: "create internal", found: true},
		{name: "500, found: adopted", creates: []reply{down}, internal: []reply{same}, steps: "create internal", found: true},
		{name: "a page, found: adopted", creates: []reply{ok("<html>")}, internal: []reply{same}, steps: "create internal", found: true},
		{name: "no id, found: adopted", creates: []reply{ok("{}")}, internal: []reply{same}, steps: "create internal", found: true},
		{
			name: "lost, absent on a proven server: repeated", proven: true, creates: []reply{cut, same}, internal: []reply{absent},
			steps: "create internal create", found: true,
		},
		{
			name: "lost, 404 of a server that proved nothing: unclear", creates: []reply{cut}, internal: []reply{absent},
			steps: "create internal", outcome: transport.Unclear, text: "has not shown yet",
		},
		{
			name: "lost, absent for ever: unclear", proven: true, creates: []reply{cut}, internal: []reply{absent},
			steps: "create internal create internal create internal", outcome: transport.Unclear, text: "is not there",
		},
		{
			name: "503 come later, absent: repeated", proven: true, creates: []reply{busy, same}, internal: []reply{absent},
			steps: "create internal create", found: true,
		},
		{name: "503 come later, found: adopted", creates: []reply{busy}, internal: []reply{same}, steps: "create internal", found: true},
		{
			name: "504, absent: not repeated", proven: true, creates: []reply{{Status: 504}, same}, internal: []reply{absent},
			steps: "create internal", outcome: transport.Unclear, text: "it may still come",
		},
		{
			name: "lost, the look-up fails: unclear", proven: true, creates: []reply{cut}, internal: []reply{{Status: 401, Body: notFound}},
			steps: "create internal", outcome: transport.Unclear, text: "did not settle it",
		},
		{
			name: "lost, another server's 404: unclear", proven: true, creates: []reply{cut}, internal: []reply{{Status: 404, Body: "404 page not found"}},
			steps: "create internal", outcome: transport.Unclear,
		},
		{
			name: "lost, the internal id was taken before: unclear, no look-up", proven: true, taken: true, creates: []reply{cut}, internal: []reply{same},
			steps: "create", outcome: transport.Unclear,
		},
		{name: "refused: no look-up", creates: []reply{{Status: 422, Body: `[{"message":"no"}]`}}, steps: "create", outcome: transport.Refused, text: "«no»"},
		{name: "turned away: repeated", creates: []reply{{Status: 429}, same}, steps: "create create", found: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t, map[string][]reply{create: test.creates, internal: test.internal})
			c := clientOf(s)
			c.findsByInternalID.Store(test.proven)
			got, err := c.CreateInvoice(t.Context(), sampleRequest(), !test.taken)
			s.WantSteps(t, test.steps)
			if test.found {
				if err != nil || got.ID != invoiceID {
					t.Fatalf("%v, %v", got, err)
				}
				return
			}
			clienttest.Outcome(t, err, test.outcome)
			clienttest.Contains(t, err.Error(), test.text)
		})
	}
}

// Only an invoice that can be the one that was sent is adopted.
func TestAdoptionNeedsTheSameInvoice(t *testing.T) {
	hourAgo := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	now := time.Now().UTC().Format(time.RFC3339)
	tests := []struct {
		name    string
		changes []string
		same    bool
		max     string
	}{
		{name: "the same", same: true},
		{name: "paid already", changes: []string{`"status": "new"`, `"status": "paid"`}, same: true},
		{name: "paid, and its sum corrected", changes: []string{`"status": "new"`, `"status": "re_calculation"`}, same: true},
		{name: "a currency spelled otherwise", changes: []string{`"currency": "RUB"`, `"currency": "643"`}, same: true},
		{name: "ids spelled otherwise", changes: []string{`"00001"`, `1`, `"uid-1"`, `"UID-1 "`}, same: true},
		{name: "what is not given back", changes: []string{`"uid-1"`, `null`, `"paymentMethod": "sberbank",` + "\n" + `"paymentOption": null`, `"paymentMethod": null`, `"currency": "RUB"`, `"currency": null`}, same: true},
		{name: "a sum made unique", changes: []string{"1000.00", "1000.07"}, max: "1001", same: true},
		{name: "the most", changes: []string{"1000.00", "1001.00"}, max: "1001", same: true},
		{name: "a server's clock a few minutes behind", changes: []string{now, time.Now().Add(-5 * time.Minute).UTC().Format(time.RFC3339)}, same: true},
		{name: "no time", changes: []string{`"` + now + `"`, `null`}, same: true},
		{name: "another amount", changes: []string{"1000.00", "1000.07"}},
		{name: "more than the most", changes: []string{"1000.00", "1001.01"}, max: "1001"},
		{name: "less than the amount", changes: []string{"1000.00", "999.99"}, max: "1001"},
		{name: "no amount", changes: []string{`"1000.00"`, `null`}},
		{name: "a payout", changes: []string{`"type": "in",` + "\n" + `"status"`, `"type": "out",` + "\n" + `"status"`}},
		{name: "another currency", changes: []string{`"RUB"`, `"USD"`}},
		{name: "another user", changes: []string{`uid-1`, `uid-2`}},
		{name: "another bank", changes: []string{`sberbank`, `tinkoff`}},
		{name: "canceled", changes: []string{`"status": "new"`, `"status": "canceled"`}},
		{name: "expired", changes: []string{`"status": "new"`, `"status": "expired"`}},
		{name: "in dispute", changes: []string{`"status": "new"`, `"status": "dispute"`}},
		{name: "created long before", changes: []string{now, hourAgo}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			body := strings.NewReplacer(append([]string{"2024-11-04T14:55:45+00:00", time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}, test.changes...)...).
				Replace(strings.ReplaceAll(sample, "2024-11-04T13:55:45+00:00", now))
			s := newServer(t, map[string][]reply{create: {cut}, internal: {ok(body)}})
			request := sampleRequest()
			request.MaxAmount = test.max
			got, err := clientOf(s).CreateInvoice(t.Context(), request, true)
			s.WantSteps(t, "create internal")
			if test.same {
				if err != nil || got.ID != invoiceID {
					t.Errorf("%v, %v", got, err)
				}
				return
			}
			clienttest.Outcome(t, err, transport.Unclear)
			clienttest.Contains(t, err.Error(), "another object: invoice "+invoiceID+": ")
		})
	}
}

// The payment option differs only where both sides name one.
func TestPaymentOptionIsCompared(t *testing.T) {
	for want, option := range map[string]string{"SBP": `"SBP"`, "": `"SBP"`, "TO_CARD": `null`} {
		s := newServer(t, map[string][]reply{create: {cut}, internal: {ok(fresh(`"paymentOption": null`, `"paymentOption": `+option))}})
		request := sampleRequest()
		request.PaymentOption = want
		if _, err := clientOf(s).CreateInvoice(t.Context(), request, true); err != nil {
			t.Errorf("%q, %s: %v", want, option, err)
		}
	}
	s := newServer(t, map[string][]reply{create: {cut}, internal: {ok(fresh(`"paymentOption": null`, `"paymentOption": "SBP"`))}})
	request := sampleRequest()
	request.PaymentOption = "TO_CARD"
	_, err := clientOf(s).CreateInvoice(t.Context(), request, true)
	clienttest.Outcome(t, err, transport.Unclear)
}

// The answer to the creation may spell ids otherwise, but must not be about another invoice.
func TestAnswersOfACreationAreCompared(t *testing.T) {
	for written, mine := range map[string]bool{`"00001"`: true, `1`: true, `" 1"`: true, `null`: true, `"2"`: false, `"10"`: false} {
		s := newServer(t, map[string][]reply{create: {ok(fresh(`"00001"`, written))}})
		got, err := clientOf(s).CreateInvoice(t.Context(), sampleRequest(), false)
		if mine != (err == nil) || mine != (got != nil) {
			t.Errorf("%s: %v, %v", written, got, err)
		}
	}
}

// Without an internal id there is nothing to look up. A payout is never looked up, nor is
// anything that is not plainly of type in.
func TestCreateIsSentOnce(t *testing.T) {
	unclear := []reply{
		cut, {Status: 500, Body: `[{"message":"x"}]`}, {Status: 503}, {Status: 503, Header: []string{"Retry-After", "0"}, Body: `[{"message":"x"}]`},
		{Status: 408}, ok(""), ok("{}"), ok("<html>"),
	}
	for _, answer := range unclear {
		for _, change := range []func(*CreateInvoiceRequest){
			func(r *CreateInvoiceRequest) { r.InternalID = "" },
			func(r *CreateInvoiceRequest) { r.Type = DirectionOut },
			func(r *CreateInvoiceRequest) { r.Type = "" },
		} {
			s := newServer(t, map[string][]reply{create: {answer}, internal: {ok(fresh())}})
			c := clientOf(s)
			c.findsByInternalID.Store(true)
			request := sampleRequest()
			change(&request)
			_, err := c.CreateInvoice(t.Context(), request, true)
			clienttest.Outcome(t, err, transport.Unclear)
			s.WantSteps(t, "create")
		}
	}
}

// A page may come from a proxy after the work, so it proves nothing about a payout. The
// gateway's own words do.
func TestAPayoutMetByPagesIsUnclear(t *testing.T) {
	const own = `[{"message":"нет"}]`
	for _, test := range []struct {
		reply
		payout, invoice transport.Outcome
	}{
		{reply{Status: 403, Body: "<html>"}, transport.Unclear, transport.Refused},
		{reply{Status: 404, Body: "404 page not found"}, transport.Unclear, transport.Refused},
		{reply{Status: 400, Body: `{"message":"Bad Request"}`}, transport.Unclear, transport.Refused},
		{reply{Status: 401}, transport.Unclear, transport.Refused},
		{reply{Status: 301, Body: own}, transport.Unclear, transport.Refused},
		{reply{Status: 302, Body: own}, transport.Unclear, transport.Unclear},
		{reply{Status: 500, Body: own}, transport.Unclear, transport.Unclear},
		{reply{Status: 400, Body: own}, transport.Refused, transport.Refused},
		{reply{Status: 403, Body: own}, transport.Refused, transport.Refused},
		{reply{Status: 409, Body: own}, transport.Refused, transport.Refused},
		{reply{Status: 200, Body: own}, transport.Refused, transport.Refused},
		{reply{Status: 429, Body: own}, transport.NotDone, transport.NotDone},
	} {
		for direction, want := range map[string]transport.Outcome{DirectionOut: test.payout, DirectionIn: test.invoice} {
			s := newServer(t, map[string][]reply{create: {test.reply}})
			request := sampleRequest()
			request.Type = direction
			_, err := clientOf(s).CreateInvoice(t.Context(), request, false)
			if err == nil || transport.OutcomeOf(err) != want {
				t.Errorf("%d %s, %s: outcome %d, want %d: %v", test.Status, test.Body, direction, transport.OutcomeOf(err), want, err)
			}
			if test.Status != 429 {
				s.WantSteps(t, "create")
			}
		}
	}
}

// A payout that was provably not carried out may be sent again.
func TestAPayoutTurnedAwayIsRepeated(t *testing.T) {
	s := newServer(t, map[string][]reply{create: {{Status: 429}, {Status: 429, Header: []string{"Retry-After", "0"}}, ok(strings.Replace(sample, `"type": "in"`, `"type": "out"`, 1))}})
	request := sampleRequest()
	request.Type = DirectionOut
	if _, err := clientOf(s).CreateInvoice(t.Context(), request, true); err != nil {
		t.Fatal(err)
	}
	s.WantSteps(t, "create create create")
}

func TestReadsAreRepeated(t *testing.T) {
	s := newServer(t, map[string][]reply{byID: {cut, {Status: 502}, ok(sample)}, internal: {{Status: 500}, cut, ok(sample)}})
	c := clientOf(s)
	if _, err := c.FindInvoice(t.Context(), invoiceID); err != nil {
		t.Error(err)
	}
	if _, err := c.FindByInternalID(t.Context(), "00001"); err != nil {
		t.Error(err)
	}
	s.WantSteps(t, "find find find internal internal internal")
}

func TestCancelInvoice(t *testing.T) {
	canceled := ok(fresh(`"status": "new"`, `"status": "canceled"`))
	refused := reply{Status: 400, Body: `[{"message":"cannot be canceled"}]`}
	tests := []struct {
		name    string
		cancels []reply
		found   reply
		steps   string
		outcome transport.Outcome
		failed  bool
	}{
		{name: "success", cancels: []reply{ok("")}, steps: "cancel"},
		{name: "success with any JSON", cancels: []reply{ok("[]")}, steps: "cancel"},
		{name: "lost, then success", cancels: []reply{cut, {Status: 500}, ok("")}, steps: "cancel cancel cancel"},
		{name: "lost, then refused since it is done", cancels: []reply{cut, refused}, found: canceled, steps: "cancel cancel find"},
		{name: "refused, expired", cancels: []reply{refused}, found: ok(fresh(`"status": "new"`, `"status": "expired"`)), steps: "cancel find"},
		{name: "refused, absent", cancels: []reply{refused}, found: absent, steps: "cancel find"},
		{name: "absent", cancels: []reply{absent}, steps: "cancel"},
		{name: "refused, paid", cancels: []reply{refused}, found: ok(fresh(`"status": "new"`, `"status": "paid"`)), steps: "cancel find", failed: true, outcome: transport.Refused},
		{name: "refused, still new", cancels: []reply{refused}, found: ok(fresh()), steps: "cancel find", failed: true, outcome: transport.Refused},
		{name: "refused, nobody knows", cancels: []reply{refused}, found: refused, steps: "cancel find", failed: true, outcome: transport.Refused},
		{name: "another server's 404", cancels: []reply{{Status: 404, Body: "<html>"}}, steps: "cancel", failed: true, outcome: transport.Refused},
		{name: "a page", cancels: []reply{ok("<html>")}, steps: "cancel", failed: true, outcome: transport.Unclear},
		{name: "an error of the server", cancels: []reply{{Status: 500, Body: notFound}}, found: canceled, steps: "cancel cancel cancel", failed: true, outcome: transport.Unclear},
		{name: "lost, then turned away", cancels: []reply{cut, {Status: 429}}, steps: "cancel cancel cancel", failed: true, outcome: transport.Unclear},
		{name: "lost, then another server's 404", cancels: []reply{cut, {Status: 404, Body: "<html>"}}, steps: "cancel cancel", failed: true, outcome: transport.Unclear},
		{name: "lost for ever", cancels: []reply{cut}, steps: "cancel cancel cancel", failed: true, outcome: transport.Unclear},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t, map[string][]reply{cancel: test.cancels, byID: {test.found}})
			err := clientOf(s).CancelInvoice(t.Context(), invoiceID)
			s.WantSteps(t, test.steps)
			clienttest.Ended(t, err, test.failed, test.outcome)
		})
	}
}

func TestNothingIsSentOnceCancelled(t *testing.T) {
	s := newServer(t, nil)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	_, err := clientOf(s).CreateInvoice(ctx, sampleRequest(), true)
	clienttest.Outcome(t, err, transport.NotDone)
	s.WantSteps(t, "")
}
