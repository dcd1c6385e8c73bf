package sandbox

import "github.com/shopspring/decimal"

// What a paid invoice brings is made up: the document's sample is not paid
// yet. The payer's and the taker's sums are the invoice's, the service keeps
// one percent, and the rest is paid out in USDT at the sample deal's rate [?].
const (
	p2pRate           = "99.23"
	p2pPayoutCurrency = "USDT"
	p2pFeePercent     = 1
)

// The store that all invoices belong to is that of the document's sample.
const (
	p2pStoreID   = 1
	p2pStoreName = "Demo Test"
)

// become gives an invoice a status and what goes with it: sums once paid, and
// the end of its deals once it is over. A dispute leaves them as they are.
func (i *P2PInvoice) become(status, now string) {
	i.Status, i.UpdatedAt = status, now
	end := map[string]string{"paid": "transfer_confirmed", "canceled": "canceled", "expired": "canceled"}[status]
	if deal := i.activeDeal(); deal != nil && end != "" {
		deal.Status, deal.IsActive = end, false
	}
	amount, err := decimal.NewFromString(i.Amount)
	if err != nil || status != "paid" {
		return
	}
	fee := amount.Mul(decimal.NewFromInt(p2pFeePercent)).DivRound(decimal.NewFromInt(100), 2)
	sum := func(amount decimal.Decimal) *P2PSum { return &P2PSum{amount.StringFixed(2), i.Currency, 2} }
	i.ReceivedFromTaker, i.ReceivedFromMaker, i.ServiceFee = sum(amount), sum(amount), sum(fee)
	payout := amount.Sub(fee).DivRound(decimal.RequireFromString(p2pRate), 8).Truncate(6)
	i.Payout = &P2PSum{payout.StringFixed(6), p2pPayoutCurrency, 6}
}

// p2pInvoiceDTO is an InvoiceDTO (document, «Пример ответа»), in its order.
type p2pInvoiceDTO struct {
	ID                   string         `json:"id"`
	InternalID           any            `json:"internalId"`
	UserID               any            `json:"userId"`
	Type                 string         `json:"type"`
	Status               string         `json:"status"`
	PaymentMethod        any            `json:"paymentMethod"`
	PaymentOption        any            `json:"paymentOption"`
	PaymentRequisites    *P2PRequisites `json:"paymentRequisites"`
	Sum                  P2PSum         `json:"sum"`
	StoreID              int            `json:"storeId"`
	StoreName            string         `json:"storeName"`
	ReceivedSumFromTaker any            `json:"receivedSumFromTaker"`
	ReceivedSumFromMaker any            `json:"receivedSumFromMaker"`
	ServiceFeeSum        any            `json:"serviceFeeSum"`
	PayoutSum            *P2PSum        `json:"payoutSum"`
	CreatedAt            string         `json:"createdAt"`
	ExpireAt             string         `json:"expireAt"`
	UpdatedAt            string         `json:"updatedAt"`
	InvoiceURL           string         `json:"invoiceUrl"`
	Deals                []p2pDealDTO   `json:"deals,omitzero"`
	Deal                 *p2pDealDTO    `json:"deal,omitempty"`
}

type p2pDealDTO struct {
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
	DisputeReasonData []any  `json:"disputeReasonData"`
	Payment           any    `json:"payment"`
	Rate              string `json:"rate"`
	IsActive          bool   `json:"isActive"`
	QRCodeLink        any    `json:"qrCodeLink"`
}

// answer is an invoice as the dialect shows it.
func (c *p2pCall) answer(i P2PInvoice) any {
	if c.dialect.P2PAnswer == "array" {
		return []any{i.dto(c.dialect, c.base)}
	}
	return i.dto(c.dialect, c.base)
}

// dto is an invoice as answers and notifications show it. What was not sent is
// null, as paymentOption is in the sample.
func (i *P2PInvoice) dto(dialect Dialect, base string) p2pInvoiceDTO {
	dto := p2pInvoiceDTO{
		ID: i.ID, InternalID: orNull(i.InternalID), UserID: orNull(i.UserID), Type: i.Type, Status: i.Status,
		PaymentMethod: orNull(i.PaymentMethod), PaymentOption: orNull(i.PaymentOption), PaymentRequisites: i.PaymentRequisites,
		Sum: P2PSum{i.Amount, i.Currency, 2}, StoreID: p2pStoreID, StoreName: p2pStoreName,
		ReceivedSumFromTaker: i.ReceivedFromTaker.show(dialect), ReceivedSumFromMaker: i.ReceivedFromMaker.show(dialect),
		ServiceFeeSum: i.ServiceFee.show(dialect), PayoutSum: i.Payout.rounded(dialect.P2PPayoutSubunit),
		CreatedAt: i.CreatedAt, ExpireAt: i.ExpireAt, UpdatedAt: i.UpdatedAt,
		InvoiceURL: base + p2pPagePath + "?id=" + i.ID, Deals: []p2pDealDTO{},
	}
	for _, deal := range i.Deals {
		dto.Deals = append(dto.Deals, deal.dto(dialect, i.Type))
	}
	if i.Status == "paid" {
		dto.Status = dialect.P2PPaid
	}
	if last := len(dto.Deals) - 1; dialect.P2PDeals != "list" && last >= 0 {
		dto.Deal = &dto.Deals[last]
	}
	if dialect.P2PDeals == "single" {
		dto.Deals = nil
	}
	return dto
}

func (d *P2PDeal) dto(dialect Dialect, kind string) p2pDealDTO {
	dto := p2pDealDTO{
		ID: d.ID, Type: kind, Status: d.Status, PaymentMethod: d.PaymentMethod, PaymentOption: d.PaymentOption,
		Requisites: d.Requisites, CanceledAt: d.CanceledAt, DisputeReasonData: []any{},
		Rate: d.Rate, IsActive: d.IsActive, QRCodeLink: orNull(d.QRCodeLink),
	}
	isCard := d.PaymentOption == "TO_CARD"
	name := map[bool]string{true: "cardNumber", false: "phone"}[isCard]
	switch dialect.P2PDealRequisites {
	case "inside":
		dto.Requisites = map[string]string{name: d.Requisites.Requisites, "holder": d.Requisites.Holder}
	case "cardNumber", "card":
		dto.Requisites = map[string]string{"holder": d.Requisites.Holder}
		switch {
		case !isCard:
			dto.Phone = d.Requisites.Requisites
		case dialect.P2PDealRequisites == "card":
			dto.Card = d.Requisites.Requisites
		default:
			dto.CardNumber = d.Requisites.Requisites
		}
	}
	return dto
}

// show is a sum as the dialect writes it, null if there is none.
func (s *P2PSum) show(dialect Dialect) any {
	switch {
	case s == nil:
		return nil
	case dialect.P2PSums == "amount":
		return s.Amount
	}
	return s
}

// rounded is a sum with fewer decimals, cut off rather than rounded up, since
// nobody pays out more than there is.
func (s *P2PSum) rounded(decimals int) *P2PSum {
	if s == nil || s.Subunit <= decimals {
		return s
	}
	amount, err := decimal.NewFromString(s.Amount)
	if err != nil {
		return s
	}
	places := int32(decimals) //nolint:gosec // 2 or 6
	return &P2PSum{amount.Truncate(places).StringFixed(places), s.Currency, decimals}
}
