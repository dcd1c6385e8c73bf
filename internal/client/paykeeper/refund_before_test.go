package paykeeper

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

// refused is a refund that is not sent after one look.
func refused(kind RefusalKind, payment, refunds reply, text string) refundCase {
	return refundCase{payment: []reply{payment}, refunds: []reply{refunds}, isError: true, outcome: transport.NotDone, kind: kind, text: text, steps: look}
}

func (test refundCase) of(amount string) refundCase {
	test.amount = amount
	return test
}

// What is not sent, and why.
func TestRefundIsNotSent(t *testing.T) {
	noPaymentAt := func(answer reply) refundCase {
		test := refused(RefusedNoPayment, answer, none, "there is no payment 13")
		test.steps = "byid"
		return test
	}
	unread := func(payment, refunds reply, text string) refundCase {
		test := refused(0, payment, refunds, text)
		test.steps = ""
		return test
	}
	part := paymentIs("partially_refunded", "700.00")
	runRefunds(t, map[string]refundCase{
		"no payment":           noPaymentAt(none),
		"no payment, in words": noPaymentAt(ok(noPayment)),
		"an empty body":        unread(ok(""), none, ErrEmptyAnswer.Error()),
		"an unreadable one":    unread(reply{Status: 500}, none, "HTTP 500"),
		"unreadable refunds":   unread(untouched, reply{Status: 500}, "HTTP 500"),
		"no list of refunds":   unread(part, ok(""), ErrEmptyAnswer.Error()),

		"pending":      refused(RefusedStatus, paymentIs("pending", ""), none, `payment 13 is "pending" (1000.00 paid, 0.00 given back)`),
		"canceled":     refused(RefusedStatus, paymentIs("canceled", ""), none, `"canceled"`),
		"failed":       refused(RefusedStatus, paymentIs("failed", ""), none, `"failed"`),
		"a new word":   refused(RefusedStatus, paymentIs("held", ""), none, `"held"`),
		"refunded":     refused(RefusedStatus, paymentIs("refunded", "1000.00"), rows(row("1", "1000.00", RefundDone)), `1000.00 given back)`),
		"refunding":    refused(RefusedUnderWay, paymentIs("refunding", ""), none, `payment 13 is "refunding"`),
		"started":      refused(RefusedUnderWay, untouched, rows(row("1", "100.00", RefundStarted)), "refund 1 of 100.00, started"),
		"an odd row":   refused(RefusedUnderWay, untouched, rows(row("1", "100.00", "queued")), "refund 1 of 100.00, queued"),
		"behind":       refused(RefusedListBehind, part, rows(row("1", "600.00", RefundDone)), `"partially_refunded" with 700.00 given back, and its refunds add up to 600.00`),
		"behind alone": refused(RefusedListBehind, paymentIs("success", "0.01"), none, "add up to 0.00"),
		"behind null":  refused(RefusedListBehind, paymentIs("partially_refunded", ""), none, "add up to 0.00"),
		"too much":     refused(RefusedTooMuch, part, rows(row("1", "700.00", RefundDone)), "of which 700.00 are given back and 300.00 are left, and the refund is of 300.01").of("300.01"),
		"more than it": refused(RefusedTooMuch, untouched, none, "payment 13 is of 1000.00").of("1000.01"),
		// The payment is behind its refunds.
		"too much in the list": refused(RefusedTooMuch, untouched, rows(row("1", "700.00", RefundDone)), "300.00 are left").of("300.01"),
	})
}

// A refund that is there already is taken, whatever the payment's status is because of it.
func TestRefundIsThere(t *testing.T) {
	adopted := func(payment reply, refunds ...string) refundCase {
		return refundCase{payment: []reply{payment}, refunds: []reply{rows(refunds...)}, id: "5", isAdopted: true, steps: look}
	}
	with := func(test refundCase, change func(*refundCase)) refundCase {
		change(&test)
		return test
	}
	sent := refundCase{payment: []reply{untouched}, reverse: []reply{ok(success)}, steps: lookAfter}
	runRefunds(t, map[string]refundCase{
		"started":                with(adopted(paymentIs("refunding", ""), mine), func(c *refundCase) { c.before = "5" }),
		"done":                   with(adopted(paymentIs("refunded", "300.00"), row("5", "300.00", RefundDone)), func(c *refundCase) { c.before = "5" }),
		"an odd word":            with(adopted(untouched, row("5", "300", "queued")), func(c *refundCase) { c.before = "5" }),
		"another has its number": with(refused(RefusedThere, untouched, rows(mine, another), "nothing says whether one of them is this one, number 2 (sequence): refund 5 of 300.00"), func(c *refundCase) { c.held, c.sequence = "6", 2 }),
		"the second":             with(adopted(untouched, mine, another), func(c *refundCase) { c.before, c.held = "5 6", "6" }),
		"the first is another's": with(sent, func(c *refundCase) {
			c.refunds, c.held, c.before, c.id, c.sequence = []reply{rows(another), rows(another, mine)}, "6", "6", "5", 2
		}),
		"the only one is another's": with(sent, func(c *refundCase) {
			c.refunds, c.held, c.before, c.id = []reply{rows(another), rows(another, mine)}, "6", "6", "5"
		}),
		"fewer than the sequence": with(sent, func(c *refundCase) {
			c.refunds, c.before, c.id, c.sequence = []reply{rows(another), rows(another, mine)}, "6", "5", 2
		}),
		"failed": with(sent, func(c *refundCase) {
			failed := row("4", "300.00", RefundFailed)
			c.refunds, c.before, c.id = []reply{rows(failed), rows(failed, mine)}, "4", "5"
		}),
		"after one that failed, and a sequence": with(refused(RefusedThere, untouched, rows(row("4", "300.00", RefundFailed), another, mine), "nothing says whether one of them is this one, number 2 (sequence): refund 5 of 300.00"), func(c *refundCase) {
			c.held, c.sequence = "6", 2
		}),
		// Whoever makes one again that failed may find the second one, which the state holds.
		"made again, and a second one is there": with(refused(RefusedThere, untouched, rows(row("4", "300.00", RefundFailed), row("5", "300.00", RefundDone)), "nothing says whether one of them is this one, number 1 (sequence): refund 5 of 300.00"), func(c *refundCase) {
			c.sequence = 1
		}),
		"too early": with(refused(RefusedTooEarly, untouched, rows(row("6", "1.00", RefundDone)), "sequence = 3 needs 2 of the refunds of payment 13 before it, and 1 are there"), func(c *refundCase) {
			c.sequence, c.steps = 3, ""
		}),
		"the second of all, the first of its amount": with(sent, func(c *refundCase) {
			other := row("6", "1.00", RefundDone)
			c.refunds, c.before, c.id, c.sequence = []reply{rows(other), rows(other, mine)}, "6", "5", 2
		}),
		"the second of all is there": with(refused(RefusedThere, paymentIs("refunding", ""), rows(row("4", "1.00", RefundDone), mine), "nothing says whether one of them is this one, number 2 (sequence): refund 5 of 300.00"), func(c *refundCase) {
			c.sequence = 2
		}),
		"the second of its amount, and the third of all": with(sent, func(c *refundCase) {
			other, held := row("4", "1.00", RefundDone), row("6", "300.00", RefundDone)
			c.refunds, c.held, c.before, c.id, c.sequence = []reply{rows(other, held), rows(other, held, mine)}, "6", "4 6", "5", 2
		}),
		// One of another amount is the second of all, so the sequence counts those of one amount.
		"the second of its amount, after another": with(sent, func(c *refundCase) {
			first, other := row("3", "300.00", RefundDone), row("4", "1.00", RefundDone)
			c.refunds, c.before, c.id, c.sequence = []reply{rows(first, other), rows(first, other, mine)}, "3 4", "5", 2
		}),
		"and it is there": with(adopted(untouched, row("3", "300.00", RefundDone), row("4", "1.00", RefundDone), row("5", "300.00", RefundDone)), func(c *refundCase) {
			c.before, c.sequence = "3 4 5", 2
		}),
		"the first of its amount, after another": with(adopted(untouched, row("4", "1.00", RefundDone), row("5", "300.00", RefundDone)), func(c *refundCase) { c.before = "4 5" }),
		"it may be the one that failed": with(refused(RefusedThere, paymentIs("refunding", ""), rows(row("4", "300.00", RefundFailed), mine), "nothing says whether one of them is this one, number 2 (sequence): refund 5 of 300.00"), func(c *refundCase) {
			c.sequence = 2
		}),
		"the sequence says which": with(adopted(untouched, another, row("4", "300.00", RefundDone), mine), func(c *refundCase) { c.before, c.sequence = "4 5 6", 2 }),
		"several":                 with(refused(RefusedThere, untouched, rows(another, row("4", "300.00", RefundDone), mine), "number 1 (sequence): refund 5 of 300.00, started, admin, 2026-11-02T12:00:05+03:00; refund 6"), func(c *refundCase) { c.held = "4" }),
		"not adopted":             with(refused(RefusedThere, paymentIs("refunding", ""), rows(mine), "payment 13 has a refund of 300.00 already: refund 5"), func(c *refundCase) { c.noAdoption = true }),
	})
}

// partial=false may give back everything, whatever the amount says.
func TestPartialFalseIsForTheWholeAlone(t *testing.T) {
	back := func(payment reply, before []string, amount, form string) refundCase {
		after := append([]string{row("9", amount, RefundDone)}, before...)
		return refundCase{payment: []reply{payment}, refunds: []reply{rows(before...), rows(after...)}, reverse: []reply{ok(success)}, amount: amount, id: "9", form: form}
	}
	ids := func(test refundCase, before string) refundCase {
		test.before = before
		return test
	}
	runRefunds(t, map[string]refundCase{
		"the whole":          back(untouched, nil, "1000", "amount=1000.00&partial=false"),
		"of a zero":          back(paymentIs("stuck", "0.00"), nil, "1000.00", "amount=1000.00&partial=false"),
		"a part":             back(paymentIs("obtained", ""), nil, "999.99", "amount=999.99&partial=true"),
		"the rest":           ids(back(paymentIs("partially_refunded", "700.00"), []string{row("1", "700.00", RefundDone)}, "300", "amount=300.00&partial=true"), "1"),
		"after a failed one": ids(back(untouched, []string{row("1", "1000.00", RefundFailed)}, "1000", "amount=1000.00&partial=false"), "1"),
	})
}

// A payment that says that it was touched is given back in parts, whatever its refunds say.
func TestPartialFalseIsForTheUntouchedAlone(t *testing.T) {
	for status, want := range map[string]string{"success": "false", "partially_refunded": "true"} {
		whole := clienttest.Decimal(t, "1000")
		r := &refunding{RefundRequest: RefundRequest{Amount: whole}}
		form, err := r.form(&refundable{payment: &Payment{ID: "13", Status: status, Amount: whole}})
		if err != nil || form.Get("partial") != want {
			t.Errorf("%s: %v, %v", status, form, err)
		}
	}
}

func TestRefundCart(t *testing.T) {
	test := refundCase{payment: []reply{untouched}, refunds: []reply{none, rows(mine)}, reverse: []reply{ok(success)}, id: "5"}
	s, request := test.server(t), test.request(t)
	request.Cart = Cart{{Name: `Чай "№1" <лист>`, Price: clienttest.Decimal(t, "300.00"), Quantity: clienttest.Decimal(t, "1"), Sum: clienttest.Decimal(t, "300.00"), Tax: "vat20", ItemType: "goods"}}
	test.form = `amount=300.00&partial=true&refund_cart=[{"name":"Чай \"№1\" <лист>","price":300,"quantity":1,"sum":300,"tax":"vat20","item_type":"goods"}]`
	made, err := test.client(s).CreateRefund(t.Context(), request)
	test.check(t, s, made, err)
}

// Two refunds of one run: the second waits until the first is over, and takes no other's.
func TestRefundsOfOneRunWaitForEachOther(t *testing.T) {
	first, done := row("5", "300.00", RefundStarted), row("5", "300.00", RefundDone)
	for name, test := range map[string]struct {
		second   refundCase
		shown    []reply // the refunds from the second on
		payments []reply
		lost     bool // the first is not shown in time
	}{
		"until it is done": {
			shown: []reply{rows(first), rows(first), rows(done), rows(done, row("7", "700.00", RefundDone))}, payments: []reply{paymentIs("refunding", ""), paymentIs("refunding", ""), paymentIs("partially_refunded", "300.00")},
			second: refundCase{amount: "700", patience: 10 * time.Second, id: "7", before: "5"},
		},
		"until it has failed": {
			shown: []reply{rows(first), rows(row("5", "300.00", RefundFailed)), rows(row("7", "1000.00", RefundStarted))}, payments: []reply{paymentIs("refunding", ""), untouched},
			second: refundCase{amount: "1000", patience: 10 * time.Second, id: "7", before: "5"},
		},
		"for as long as patience lasts": {
			shown: []reply{rows(first)}, payments: []reply{paymentIs("refunding", "")},
			second: refundCase{amount: "700", patience: 20 * time.Millisecond, isError: true, outcome: transport.NotDone, kind: RefusedUnderWay, text: "refund 5 of 300.00, started"},
		},
		"not for another's": {
			shown: []reply{rows(first, row("6", "1.00", RefundStarted))}, payments: []reply{paymentIs("refunding", "")},
			second: refundCase{amount: "700", patience: time.Hour, isError: true, outcome: transport.NotDone, kind: RefusedUnderWay, text: "refund 6 of 1.00", steps: look},
		},
		"the same amount again": {
			shown: []reply{rows(done), rows(done, row("7", "300.00", RefundDone))}, payments: []reply{paymentIs("partially_refunded", "300.00")},
			second: refundCase{id: "7", before: "5", sequence: 1},
		},
		"until the first is shown": {
			lost: true, shown: []reply{none, rows(done), rows(done, row("7", "300.00", RefundDone))}, payments: []reply{paymentIs("refunding", ""), paymentIs("partially_refunded", "300.00")},
			second: refundCase{id: "7", before: "5", patience: 10 * time.Second},
		},
		"the first is never shown": {
			lost: true, shown: []reply{none}, payments: []reply{untouched},
			second: refundCase{amount: "700", isError: true, outcome: transport.NotDone, kind: RefusedUnderWay, text: "another refund of payment 13, of 300.00, was sent in this run"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			start := refundCase{payment: []reply{untouched}, refunds: []reply{none, rows(first)}, reverse: []reply{ok(success)}}
			if test.lost {
				start.refunds = []reply{none}
			}
			s := start.server(t)
			c := start.client(s)
			made, err := c.CreateRefund(t.Context(), start.request(t))
			if err != nil || (made.Refund == nil) != test.lost {
				t.Fatalf("%+v, %v", made, err)
			}
			config := clienttest.Quick(nil)
			config.Patience = test.second.patience
			c.gateway = transport.New(config.For(Name, RepeatRules))
			s.Set(pathRefunds, test.shown...)
			s.Set(pathPayment, test.payments...)
			s.Forget()
			made, err = c.CreateRefund(t.Context(), test.second.request(t))
			test.second.check(t, s, made, err)
		})
	}
}

// Many refunds of one payment at the same time are sent one after the other.
func TestRefundsOfOnePaymentTakeTurns(t *testing.T) {
	var mu sync.Mutex
	var made []string
	s := clienttest.Start(t, &clienttest.Server{Answer: func(_ int, r clienttest.Request) reply {
		mu.Lock()
		defer mu.Unlock()
		switch r.Path {
		case pathPayment:
			if len(made) > 0 {
				return paymentIs("partially_refunded", "50.00")
			}
			return untouched
		case pathRefunds:
			return rows(made...)
		case pathReverse:
			made = append(made, row(string(rune('1'+len(made))), "50.00", RefundDone))
			return ok(success)
		}
		return ok(`{"token":"token-one"}`)
	}})
	config := clienttest.Quick(nil)
	config.Patience = 10 * time.Second
	c := New(s.URL, login, password, config)
	var all sync.WaitGroup
	var ids sync.Map
	for i := range 5 {
		all.Go(func() { // in any order
			request := RefundRequest{PaymentID: "13", Amount: clienttest.Decimal(t, "50"), Sequence: int64(i + 1), Adopt: true}
			got, err := c.CreateRefund(t.Context(), request)
			if err != nil || got.Refund == nil || got.IsAdopted {
				t.Errorf("%+v, %v", got, err)
				return
			}
			if _, twice := ids.LoadOrStore(string(got.Refund.ID), true); twice {
				t.Errorf("refund %s is two", got.Refund.ID)
			}
		})
	}
	all.Wait()
	if len(made) != 5 {
		t.Errorf("%d refunds, want 5", len(made))
	}
}

// A stop ends the waiting at once, and what is known until then is said.
func TestStopEndsTheLookForARefund(t *testing.T) {
	for name, reverse := range map[string]reply{"accepted": ok(success), "lost": cut} {
		ctx, stop := context.WithCancel(t.Context())
		test := refundCase{payment: []reply{untouched}, refunds: []reply{none}, reverse: []reply{reverse}, patience: time.Hour}
		s := test.server(t)
		time.AfterFunc(100*time.Millisecond, stop)
		started := time.Now()
		made, err := test.client(s).CreateRefund(ctx, test.request(t))
		if time.Since(started) > 10*time.Second {
			t.Errorf("%s: it took %s", name, time.Since(started))
		}
		test.isError = name == "lost"
		test.isUnclear = test.isError
		test.check(t, s, made, err)
	}
}

// A stop while another refund of this run is under way leaves nothing behind.
func TestStopEndsTheWaitForAnotherRefund(t *testing.T) {
	test := refundCase{payment: []reply{untouched}, refunds: []reply{none, rows(mine)}, reverse: []reply{ok(success)}, patience: time.Hour}
	s := test.server(t)
	c := test.client(s)
	if made, err := c.CreateRefund(t.Context(), test.request(t)); err != nil || made.Refund == nil {
		t.Fatalf("%+v, %v", made, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, stop)
	test.amount, test.isError, test.outcome = "700", true, transport.NotDone
	made, err := c.CreateRefund(ctx, test.request(t))
	test.check(t, s, made, err)
	if strings.Count(s.Steps(), "reverse") != 1 {
		t.Errorf("%s", s.Steps())
	}
}
