package chaos

import (
	"strconv"
	"strings"
)

// found is one object at a gateway.
type found struct{ id, order, amount string }

// audit compares the sandbox's tables with the state.
func (d *diary) audit() {
	d.t.Helper()
	links, bills, deposits, payouts := d.atGateways()
	invoices := d.w.state("invoice_invoice")
	terminals, err := d.w.box.InvoiceAPI.Terminals.All()
	check(d.t, err)
	var branches []found
	for _, one := range terminals {
		if one.Alias != "till" {
			branches = append(branches, found{one.ID, one.Alias, one.DefaultPrice})
		}
	}
	d.compare("terminal", branches, d.w.state("invoice_terminal"), kindTerminal)
	d.compare("link", links, d.w.state("invoice_payment_link"), kindLink)
	d.compare("bill", bills, invoices, kindBill)
	d.compare("deposit", deposits, invoices, kindDeposit)
	d.compare("payout", payouts, invoices, kindPayout)

	refunds, err := d.w.box.InvoiceAPI.Refunds.All()
	check(d.t, err)
	var made []found
	for _, refund := range refunds {
		made = append(made, found{refund.ID, refund.PaymentID, refund.Amount})
	}
	d.compare("refund", made, d.w.state("invoice_refund"), kindRefund)

	mails, err := d.w.box.PayKeeper.Outbox()
	check(d.t, err)
	mailed := map[string]int{}
	for _, mail := range mails {
		if mailed[mail.InvoiceID]++; mailed[mail.InvoiceID] > 1 {
			d.double("invoice %s was mailed %d times", mail.InvoiceID, mailed[mail.InvoiceID])
		}
	}
	for _, invoice := range invoices {
		if wanted := d.shop.things[kindBill][invoice.text("order_id")]; strings.HasPrefix(invoice.Address, kindBill) && wanted.send && mailed[invoice.text("id")] == 0 {
			d.lost("%s was to be mailed", invoice.Address)
		}
	}
}

// atGateways are the things that can be paid, or were.
func (d *diary) atGateways() (links, bills, deposits, payouts []found) {
	d.t.Helper()
	payments, err := d.w.box.InvoiceAPI.Payments.All()
	check(d.t, err)
	for _, one := range payments {
		if _, wanted := d.shop.things[kindLink][one.OrderID]; one.Status == "init" || one.Status == "successful" && wanted {
			links = append(links, found{one.ID, one.OrderID, one.Amount})
		}
	}
	all, err := d.w.box.PayKeeper.Invoices.All()
	check(d.t, err)
	for _, one := range all {
		if one.Status == "created" || one.Status == "sent" {
			bills = append(bills, found{one.ID, one.OrderID, one.PayAmount})
		}
	}
	invoices, err := d.w.box.P2P.Invoices.All()
	check(d.t, err)
	for _, one := range invoices {
		switch {
		case one.Type == "out":
			payouts = append(payouts, found{one.ID, one.InternalID, one.Amount})
		case one.Status == "new":
			deposits = append(deposits, found{one.ID, one.InternalID, one.Amount})
		}
	}
	return links, bills, deposits, payouts
}

// compare checks one kind: each thing that is wanted is in the state and at the
// gateway, once, with its amount; and nothing else is.
func (d *diary) compare(what string, atGateway []found, inState []resource, kind string) {
	d.t.Helper()
	d.tally.things += len(d.shop.things[kind])
	byID, orders := map[string]found{}, map[string]int{}
	for _, one := range atGateway {
		byID[one.id] = one
		if orders[one.order]++; orders[one.order] > 1 {
			d.double("%s of %s is there %d times", what, one.order, orders[one.order])
		}
	}
	for _, one := range inState {
		if !strings.HasPrefix(one.Address, kind+"[") {
			continue
		}
		key := strings.Trim(strings.TrimPrefix(one.Address, kind), `[]"`)
		wanted, ok := d.shop.things[kind][key]
		there, exists := byID[one.text("id")]
		switch {
		case !ok:
			d.lost("%s is in the state and not wanted", one.Address)
		case !exists:
			d.lost("%s is in the state with id %q, which is not at the gateway", one.Address, one.text("id"))
		case strings.TrimSuffix(there.amount, ".00") != strconv.Itoa(wanted.amount):
			d.t.Errorf("%s is %s at the gateway, and %d is wanted", one.Address, there.amount, wanted.amount)
		}
		delete(byID, one.text("id"))
	}
	for id, one := range byID {
		d.lost("%s %s of %s is at the gateway and in no state", what, id, one.order)
	}
	if got := len(atGateway) - len(byID); got != len(d.shop.things[kind]) {
		d.t.Errorf("%d of %d wanted things of kind %s are there", got, len(d.shop.things[kind]), what)
	}
}
