package chaos

import (
	"strconv"
	"strings"
)

// object is what a gateway has.
type object struct{ id, order, amount string }

// audit compares the sandbox's tables with the state.
func (r *shopRun) audit() {
	r.t.Helper()
	links, bills, deposits, payouts := r.atGateways()
	inState := r.w.state()
	terminals, err := r.w.box.InvoiceAPI.Terminals.All()
	check(r.t, err)
	var branches []object
	for _, terminal := range terminals {
		if terminal.Alias != "till" {
			branches = append(branches, object{terminal.ID, terminal.Alias, terminal.DefaultPrice})
		}
	}
	r.checkKind("terminal", branches, inState, kindTerminal)
	r.checkKind("link", links, inState, kindLink)
	r.checkKind("bill", bills, inState, kindBill)
	r.checkKind("deposit", deposits, inState, kindDeposit)
	r.checkKind("payout", payouts, inState, kindPayout)

	refunds, err := r.w.box.InvoiceAPI.Refunds.All()
	check(r.t, err)
	var made []object
	for _, refund := range refunds {
		made = append(made, object{refund.ID, refund.PaymentID, refund.Amount})
	}
	r.checkKind("refund", made, inState, kindRefund)

	rows, err := r.w.box.PayKeeper.Refunds.All()
	check(r.t, err)
	var back []object
	for _, row := range rows {
		back = append(back, object{row.ID, row.PaymentID, row.Amount})
	}
	r.checkKind("refund by PayKeeper", back, inState, kindBack)

	mails, err := r.w.box.PayKeeper.Outbox()
	check(r.t, err)
	mailed := map[string]int{}
	for _, mail := range mails {
		if mailed[mail.InvoiceID]++; mailed[mail.InvoiceID] > 1 {
			r.reportDouble("invoice %s was mailed %d times", mail.InvoiceID, mailed[mail.InvoiceID])
		}
	}
	for _, invoice := range inState {
		if wanted := r.shop.things[kindBill][invoice.text("order_id")]; strings.HasPrefix(invoice.Address, kindBill) && wanted.send && mailed[invoice.text("id")] == 0 {
			r.reportLost("%s was to be mailed", invoice.Address)
		}
	}
}

// atGateways returns what can be paid, or is.
func (r *shopRun) atGateways() (links, bills, deposits, payouts []object) {
	r.t.Helper()
	payments, err := r.w.box.InvoiceAPI.Payments.All()
	check(r.t, err)
	for _, payment := range payments {
		_, isWanted := r.shop.things[kindLink][payment.OrderID]
		if payment.Status == "init" || payment.Status == "successful" && isWanted {
			links = append(links, object{payment.ID, payment.OrderID, payment.Amount})
		}
	}
	paykeeperInvoices, err := r.w.box.PayKeeper.Invoices.All()
	check(r.t, err)
	for _, bill := range paykeeperInvoices {
		if bill.Status == "created" || bill.Status == "sent" {
			bills = append(bills, object{bill.ID, bill.OrderID, bill.PayAmount})
		}
	}
	p2pInvoices, err := r.w.box.P2P.Invoices.All()
	check(r.t, err)
	for _, invoice := range p2pInvoices {
		switch {
		case invoice.Type == "out":
			payouts = append(payouts, object{invoice.ID, invoice.InternalID, invoice.Amount})
		case invoice.Status == "new":
			deposits = append(deposits, object{invoice.ID, invoice.InternalID, invoice.Amount})
		}
	}
	return links, bills, deposits, payouts
}

// checkKind checks that what is wanted of a kind is in the state and at the gateway, once
// and with its amount, and nothing else.
func (r *shopRun) checkKind(what string, atGateway []object, inState []resource, kind string) {
	r.t.Helper()
	r.tally.things += len(r.shop.things[kind])
	byID, orders := map[string]object{}, map[string]int{}
	for _, found := range atGateway {
		byID[found.id] = found
		if orders[found.order]++; orders[found.order] > 1 {
			r.reportDouble("%s of %s is there %d times", what, found.order, orders[found.order])
		}
	}
	for _, kept := range inState {
		if !strings.HasPrefix(kept.Address, kind+"[") {
			continue
		}
		key := strings.Trim(strings.TrimPrefix(kept.Address, kind), `[]"`)
		wanted, ok := r.shop.things[kind][key]
		there, exists := byID[kept.text("id")]
		switch {
		case !ok:
			r.reportLost("%s is in the state and not wanted", kept.Address)
		case !exists:
			r.reportLost("%s is in the state with id %q, which is not at the gateway", kept.Address, kept.text("id"))
		case strings.TrimSuffix(there.amount, ".00") != strconv.Itoa(wanted.amount):
			r.t.Errorf("%s is %s at the gateway, and %d is wanted", kept.Address, there.amount, wanted.amount)
		}
		delete(byID, kept.text("id"))
	}
	for id, stray := range byID {
		r.reportLost("%s %s of %s is at the gateway and in no state", what, id, stray.order)
	}
	if got := len(atGateway) - len(byID); got != len(r.shop.things[kind]) {
		r.t.Errorf("%d of %d wanted things of kind %s are there", got, len(r.shop.things[kind]), what)
	}
}
