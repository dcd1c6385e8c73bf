package p2p

import (
	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// The document's sample is not paid yet, so these sums are made up. Payer and
// taker each pay the amount of the invoice, the service keeps one percent, and
// the rest is paid out in USDT at the rate of the sample's deal [?].
const (
	rate           = "99.23"
	payoutCurrency = "USDT"
	feePercent     = 1
)

// attachmentPath is where the files of disputes would be. Where they are is [?].
const attachmentPath = path + "/attachments/"

// All invoices belong to the store of the document's sample.
const (
	storeID   = 1
	storeName = "Demo Test"
)

// become gives an invoice a status and what goes with it. A paid invoice has
// sums, and the deal of a finished one ends. A dispute changes neither: it is
// about the last deal.
func (i *Invoice) become(status, now string) {
	i.Status, i.UpdatedAt = status, now
	end := map[string]string{"paid": "transfer_confirmed", "canceled": "canceled", "expired": "canceled"}[status]
	if deal := i.activeDeal(); deal != nil && end != "" {
		deal.Status, deal.IsActive = end, false
	}
	if last := len(i.Deals) - 1; status == "dispute" && last >= 0 {
		i.disputeDeal(last, noPayment, "")
	}
	amount, err := decimal.NewFromString(i.Amount)
	if err != nil || status != "paid" {
		return
	}
	fee := amount.Mul(decimal.NewFromInt(feePercent)).DivRound(decimal.NewFromInt(100), 2)
	sum := func(amount decimal.Decimal) *Sum { return &Sum{amount.StringFixed(2), i.Currency, 2} }
	i.ReceivedFromTaker, i.ReceivedFromMaker, i.ServiceFee = sum(amount), sum(amount), sum(fee)
	payout := amount.Sub(fee).DivRound(decimal.RequireFromString(rate), 8).Truncate(6)
	i.Payout = &Sum{payout.StringFixed(6), payoutCurrency, 6}
}

// invoiceDTO is an InvoiceDTO (document, «Пример ответа»), in its order.
type invoiceDTO struct {
	ID                   string      `json:"id"`
	InternalID           any         `json:"internalId"`
	UserID               any         `json:"userId"`
	Type                 string      `json:"type"`
	Status               string      `json:"status"`
	PaymentMethod        any         `json:"paymentMethod"`
	PaymentOption        any         `json:"paymentOption"`
	PaymentRequisites    *Requisites `json:"paymentRequisites"`
	Sum                  Sum         `json:"sum"`
	StoreID              int         `json:"storeId"`
	StoreName            string      `json:"storeName"`
	ReceivedSumFromTaker any         `json:"receivedSumFromTaker"`
	ReceivedSumFromMaker any         `json:"receivedSumFromMaker"`
	ServiceFeeSum        any         `json:"serviceFeeSum"`
	PayoutSum            *Sum        `json:"payoutSum"`
	CreatedAt            string      `json:"createdAt"`
	ExpireAt             string      `json:"expireAt"`
	UpdatedAt            string      `json:"updatedAt"`
	InvoiceURL           string      `json:"invoiceUrl"`
	Deals                []dealDTO   `json:"deals,omitzero"`
	Deal                 *dealDTO    `json:"deal,omitempty"`
}

type dealDTO struct {
	ID                string `json:"id"`
	Type              string `json:"type"`
	Status            string `json:"status"`
	PaymentMethod     string `json:"paymentMethod"`
	PaymentOption     string `json:"paymentOption"`
	Requisites        any    `json:"requisites,omitempty"`
	Phone             string `json:"phone,omitempty"`
	CardNumber        string `json:"cardNumber,omitempty"`
	Card              string `json:"card,omitempty"`
	CanceledAt        string `json:"canceledAt"`
	DisputeAttachment any    `json:"disputeAttachment"`
	DisputeReason     any    `json:"disputeReason"`
	DisputeReasonData any    `json:"disputeReasonData"`
	Payment           any    `json:"payment"`
	Rate              string `json:"rate"`
	IsActive          bool   `json:"isActive"`
	QRCodeLink        any    `json:"qrCodeLink"`
}

// answer is an invoice as the dialect shows it.
func (c *call) answer(i Invoice) any {
	if c.Is(answerShape, "array") {
		return []any{c.dto(i, c.base)}
	}
	return c.dto(i, c.base)
}

// dto is an invoice in answers and notifications. What was not sent is null, as
// paymentOption is in the sample.
func (g *Gateway) dto(i Invoice, base string) invoiceDTO {
	dto := invoiceDTO{
		ID: i.ID, InternalID: sandbox.OrNull(i.InternalID), UserID: sandbox.OrNull(i.UserID), Type: i.Type, Status: g.statusAnswer(i),
		PaymentMethod: sandbox.OrNull(i.PaymentMethod), PaymentOption: sandbox.OrNull(i.PaymentOption), PaymentRequisites: i.PaymentRequisites,
		Sum: Sum{i.Amount, i.Currency, 2}, StoreID: storeID, StoreName: storeName,
		ReceivedSumFromTaker: g.show(i.ReceivedFromTaker), ReceivedSumFromMaker: g.show(i.ReceivedFromMaker),
		ServiceFeeSum: g.show(i.ServiceFee), PayoutSum: i.Payout.rounded(g.Number(payoutSubunit)),
		CreatedAt: i.CreatedAt, ExpireAt: i.ExpireAt, UpdatedAt: i.UpdatedAt,
		InvoiceURL: base + pagePath + "?id=" + i.ID, Deals: []dealDTO{},
	}
	for _, deal := range i.Deals {
		dto.Deals = append(dto.Deals, g.dealDTO(deal, &i))
	}
	if last := len(dto.Deals) - 1; !g.Is(dealList, "list") && last >= 0 {
		dto.Deal = &dto.Deals[last]
	}
	if g.Is(dealList, "single") {
		dto.Deals = nil
	}
	return dto
}

// statusAnswer is the status of an invoice as the dialect writes it.
func (g *Gateway) statusAnswer(i Invoice) string {
	if i.Status == "paid" {
		return g.Value(paidWord)
	}
	return i.Status
}

func (g *Gateway) dealDTO(d Deal, i *Invoice) dealDTO {
	dto := dealDTO{
		ID: d.ID, Type: i.Type, Status: d.Status, PaymentMethod: d.PaymentMethod, PaymentOption: d.PaymentOption,
		Requisites: d.Requisites, CanceledAt: d.CanceledAt,
		DisputeAttachment: sandbox.OrNull(d.DisputeAttachment), DisputeReason: sandbox.OrNull(d.DisputeReason), DisputeReasonData: []any{},
		Rate: d.Rate, IsActive: d.IsActive, QRCodeLink: sandbox.OrNull(d.QRCodeLink),
	}
	if d.DisputeAmount != "" { // PHP writes an empty object as a list.
		dto.DisputeReasonData = map[string]string{"amount": d.DisputeAmount}
	}
	if d.Status == "transfer_confirmed" {
		sum := Sum{i.Amount, i.Currency, 2}
		dto.Payment = map[string]any{"sum": sum, "object": map[string]any{"id": d.ID, "sum": sum}, "text": d.ID}[g.Value(dealPayment)]
	}
	g.placeRequisites(&dto, d)
	return dto
}

// placeRequisites puts a phone or a card where the dialect has it. The data of a
// QR code are always in the object [P].
func (g *Gateway) placeRequisites(dto *dealDTO, d Deal) {
	if isQR(d.PaymentOption) {
		return
	}
	name := map[bool]string{true: "cardNumber", false: "phone"}[isToCard(d.PaymentOption)]
	switch g.Value(requisitesPlace) {
	case "inside":
		dto.Requisites = map[string]string{name: d.Requisites.Requisites, "holder": d.Requisites.Holder}
	case "cardNumber", "card":
		dto.Requisites = map[string]string{"holder": d.Requisites.Holder}
		switch {
		case name == "phone":
			dto.Phone = d.Requisites.Requisites
		case g.Is(requisitesPlace, "card"):
			dto.Card = d.Requisites.Requisites
		default:
			dto.CardNumber = d.Requisites.Requisites
		}
	}
}

// show is a sum as the dialect writes it, and null if there is none.
func (g *Gateway) show(s *Sum) any {
	switch {
	case s == nil:
		return nil
	case g.Is(sumShape, "amount"):
		return s.Amount
	}
	return s
}

// rounded is a sum with at most so many decimals. It is rounded down: no
// gateway pays out more than it has.
func (s *Sum) rounded(decimals int) *Sum {
	if s == nil || s.Subunit <= decimals {
		return s
	}
	amount, err := decimal.NewFromString(s.Amount)
	if err != nil {
		return s
	}
	places := int32(decimals) //nolint:gosec // 2 or 6
	return &Sum{amount.Truncate(places).StringFixed(places), s.Currency, decimals}
}
