package doctor

import (
	"context"
	"errors"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
)

// noInvoice is an id that no invoice has.
const noInvoice = "00000000-0000-0000-0000-000000000000"

// askP2P asks the merchant invoices API, which has no lists.
func (v *visit) askP2P(ctx context.Context, client *p2p.Client) {
	a, err := v.ask(func() error {
		_, err := client.FindInvoice(ctx, noInvoice)
		return err
	})
	if !v.isAccepted(a, err) {
		return
	}
	v.checkAbsence(err)
	for _, id := range v.wanted(v.options.Invoices, anyID) {
		v.askP2PInvoice(ctx, client, id)
	}
}

func (v *visit) askP2PInvoice(ctx context.Context, client *p2p.Client, id string) {
	var invoice *p2p.Invoice
	find := func(look func(context.Context, string) (*p2p.Invoice, error), id string) (answer, error) {
		return v.ask(func() (err error) {
			invoice, err = look(ctx, id)
			return err
		})
	}
	a, err := find(client.FindInvoice, id)
	if (err == nil || isRefusal(err)) && invoice == nil {
		a, err = find(client.FindByInternalID, id)
		if errors.Is(err, p2p.ErrAbsenceUnproven) {
			v.checkObject("invoice", id, false, nil)
			return
		}
	}
	v.checkObject("invoice", id, invoice != nil, err)
	if v.fails(a, err) || invoice == nil {
		return
	}
	v.sees("p2p_answer", map[string]string{"object": "object", "array": "array"}[kind(a.json())])
	v.seeSums(objectIn(a.json()), invoice)
	v.seeDeals(objectIn(a.json()), invoice)
	if invoice.InternalID == "" {
		return
	}
	internalID := string(invoice.InternalID)
	a, err = find(client.FindByInternalID, internalID)
	switch {
	case err == nil && invoice != nil:
		v.sees("p2p_internal_id", "true")
	case errors.Is(err, p2p.ErrAbsenceUnproven) && a.status() == 404:
		v.sees("p2p_internal_id", "false")
	default:
		v.fails(a, err)
	}
}

func (v *visit) seeSums(o object, invoice *p2p.Invoice) {
	if !invoice.IsPaid() {
		return
	}
	v.sees("p2p_paid", o.text("status"))
	for _, name := range []string{"receivedSumFromTaker", "receivedSumFromMaker", "serviceFeeSum"} {
		v.sees("p2p_sums", map[string]string{"object": "object", "string": "amount", "number": "amount"}[o.kind(name)])
	}
	if payout := o.inner("payoutSum"); payout.kind("subunit") == "number" || payout.kind("subunit") == "string" {
		v.sees("p2p_payout_subunit", payout.text("subunit"))
	}
}

func (v *visit) seeDeals(o object, invoice *p2p.Invoice) {
	if len(invoice.Deals) == 0 {
		return
	}
	deals := rowsIn(o["deals"])
	alone := o.kind("deal") == "object"
	switch {
	case len(deals) > 0 && alone:
		v.sees("p2p_deals", "both")
	case len(deals) > 0:
		v.sees("p2p_deals", "list")
	case alone || o.kind("deals") == "object":
		v.sees("p2p_deals", "single")
	}
	if alone {
		deals = append(deals, o.inner("deal"))
	}
	for _, deal := range deals {
		v.seeDeal(deal)
	}
}

func (v *visit) seeDeal(deal object) {
	requisites := deal.inner("requisites")
	switch {
	case requisites.has("requisites"):
		v.sees("p2p_deal_requisites", "object")
	case requisites.has("phone"), requisites.has("cardNumber"), requisites.has("card"):
		v.sees("p2p_deal_requisites", "inside")
	case deal.has("cardNumber"):
		v.sees("p2p_deal_requisites", "cardNumber")
	case deal.has("card"):
		v.sees("p2p_deal_requisites", "card")
	case deal.has("phone"):
		v.cannotSee("Requisites stand beside the deal's fields. How a card is called there, the deal of a card shows: -invoice.", "p2p_deal_requisites")
	}
	if deal.text("status") != "transfer_confirmed" {
		return
	}
	payment := deal.inner("payment")
	switch {
	case deal.kind("payment") == "null":
		v.sees("p2p_deal_payment", "null")
	case deal.kind("payment") == "string":
		v.sees("p2p_deal_payment", "text")
	case payment.has("amount"):
		v.sees("p2p_deal_payment", "sum")
	case payment.has("sum"):
		v.sees("p2p_deal_payment", "object")
	}
}
