package intellectmoney

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// How an answer's dates are written (document, sample answer).
const (
	answerTime      = "2006-01-02T15:04:05.00-07:00"
	answerNaiveTime = "2006-01-02T15:04:05.00"
)

// firstPurchase is the id of the first invoice's PurchaseData.
const firstPurchase = 900000

// answer is an invoice as in the sample answer: its fields, their order and
// their formats.
func (c *call) answer(i *Invoice, transactions bool) fields {
	history, payments := []any{}, []any{}
	switch when := c.Value(transactionList); {
	case when == "always", when == "flag" && transactions:
		history = c.transactions(i)
	case when == "separate" && transactions:
		payments = c.transactions(i)
	}
	answer := fields{
		{"Id", c.id(i)},
		{"State", i.State},
		{"HoldModeFlag", i.HoldModeFlag},
		{"ChangeDate", c.moment(i.ChangeDate)},
		{"CreationDate", c.moment(i.CreationDate)},
		{"ExpirationDate", c.moment(i.ExpirationDate)},
		{"Amount", c.money(i.Amount, i.Currency)},
		{"CurrentAmount", c.money(i.CurrentAmount, i.Currency)},
		{"SurchargeAmount", c.money(i.SurchargeAmount, i.Currency)},
		{"AdditionalInfo", []any{
			fields{{"Key", "Магазин"}, {"Value", i.EshopName}},
			fields{{"Key", "Url"}, {"Value", i.EshopURL}},
		}},
		{"HistoryList", history},
	}
	if len(payments) > 0 {
		answer = append(answer, field{"PaymentTransactions", payments})
	}
	receipt := i.MerchantReceipt != ""
	rates := []any{}
	if receipt {
		rates = vatRates
	}
	answer = append(answer, fields{
		{"OwnerEmail", sandbox.OrNull(i.OwnerEmail)},
		{"OwnerFIO", sandbox.OrNull(i.OwnerFIO)},
		{"PurchaseOrderId", sandbox.OrNull(i.PurchaseOrderID)},
		{"UserId", 0},
		{"PassthroughModeFlag", false},
		{"EShopId", i.EshopID},
		{"HttpRequestErrorCount", 0},
		{"HttpRequests", []any{}},
		{"Rrn", sandbox.OrNull(i.Rrn)},
		{"PurchaseData", c.purchase(i)},
		{"IsCanEnrollmentByDisabledMethod", false},
		{"InvoiceChangeAmountHistoryData", []any{}},
		{"OriginalAmount", c.money(i.OriginalAmount, i.Currency)},
		{"FormType", "None"},
		{"OrganizationName", sandbox.OrNull(i.OrganizationName)},
		{"MerchantReceipt", sandbox.OrNull(i.MerchantReceipt)},
		{"IsHaveCashboxReceipts", receipt},
		{"ReceiptVatRate", rates},
		{"IsRecurrent", false},
	}...)
	if c.Is(comment, "shown") {
		answer = append(answer, field{"Comment", "Оплата счета " + i.ID})
	}
	return c.present(answer)
}

// transactions are in UTC, also when the dates of the invoice are not
// (document, sample answer).
func (c *call) transactions(i *Invoice) []any {
	all := []any{}
	for _, t := range i.Transactions {
		all = append(all, c.present(fields{
			{"Id", json.Number(t.ID)},
			{"PaymentNumber", t.PaymentNumber},
			{"State", t.State},
			{"CreationDate", t.CreationDate.UTC().Format(answerTime)},
			{"PaymentAmount", c.money(t.PaymentAmount, i.Currency)},
			{"RecipientAmount", c.money(t.RecipientAmount, i.Currency)},
			{"PaymentAccount", t.PaymentAccount},
			{"RecipientAccount", t.RecipientAccount},
			{"Account", i.ID},
			{"Description", t.Description},
			{"Direction", t.Direction},
			{"PurchaseOrderId", sandbox.OrNull(i.PurchaseOrderID)},
			{"AdditionalInfo", []any{}},
			{"InvoicePaymentType", t.InvoicePaymentType},
			{"InvoiceId", c.id(i)},
			{"IsElectedPayment", false},
			{"CatalogPaymentId", 0},
			{"InputType", t.InputType},
			{"ShortPan", ""},
			{"Country", ""},
			{"Bank", ""},
			{"IPAdress", ""},
			{"UserEmail", sandbox.OrNull(i.OwnerEmail)},
			{"CardHolder", ""},
			{"Comission", c.decimal(t.Commission)}, // the gateway's spelling
			{"EshopName", fmt.Sprintf("%s (%d)", i.EshopName, i.EshopID)},
		}))
	}
	return all
}

// purchase is PurchaseData. Its Invoice is a stub with default values: its
// State is always Created. Its OrderId is a date, as in the sample.
func (c *call) purchase(i *Invoice) fields {
	number, _ := json.Number(i.ID).Int64()
	stub := fields{
		{"Id", c.id(i)},
		{"State", "Created"},
		{"HoldModeFlag", false},
		{"ChangeDate", c.moment(i.CreationDate)},
		{"CreationDate", c.moment(i.CreationDate)},
		{"ExpirationDate", c.moment(i.CreationDate)},
		{"AdditionalInfo", []any{}},
		{"HistoryList", []any{}},
		{"PaymentTransactions", []any{}},
		{"UserId", 0},
		{"PassthroughModeFlag", false},
		{"EShopId", 0},
		{"HttpRequestErrorCount", 0},
		{"HttpRequests", []any{}},
		{"PurchaseData", fields{{"Id", 0}, {"EshopId", 0}, {"SMSEnable", true}, {"IsHeldByEshop", false}}},
		{"IsCanEnrollmentByDisabledMethod", false},
		{"InvoiceChangeAmountHistoryData", []any{}},
		{"IsHaveCashboxReceipts", false},
		{"ReceiptVatRate", []any{}},
		{"IsRecurrent", false},
	}
	return c.present(fields{
		{"Id", int(number - firstInvoice + firstPurchase)},
		{"PurchaseMoney", c.money(i.Amount, i.Currency)},
		{"OrderId", i.CreationDate.UTC().Format(answerTime)},
		{"BackUrl", i.EshopURL},
		{"UserFields", ""},
		{"Invoice", stub},
		{"EshopId", i.EshopID},
		{"EshopUrl", i.EshopURL},
		{"EshopName", i.EshopName},
		{"SMSEnable", true},
		{"UserEmail", sandbox.OrNull(i.OwnerEmail)},
		{"IsHeldByEshop", false},
		{"ParseUserFields", []any{}},
	})
}

// vatRates are the same for every invoice with a receipt
// (document, sample answer).
var vatRates = func() []any {
	var rates []any
	for n, name := range []string{"20%", "10%", "расч 20/120", "расч 10/110", "0%", "Не облагается", "5%", "7%", "расч 5/105", "расч 7/107"} {
		rates = append(rates, fields{{"Key", strconv.Itoa(n + 1)}, {"Value", name}})
	}
	return rates
}()

// present leaves out nil, unless the dialect writes null.
func (c *call) present(all fields) fields {
	if c.Is(absentFields, "null") {
		return all
	}
	kept := all[:0]
	for _, f := range all {
		if f.value != nil {
			kept = append(kept, f)
		}
	}
	return kept
}

func (c *call) id(i *Invoice) any {
	if c.Is(idType, "string") {
		return i.ID
	}
	return json.Number(i.ID)
}

func (c *call) moment(at time.Time) any {
	switch {
	case at.IsZero():
		return nil
	case c.Is(offset, "+00:00"):
		return at.UTC().Format(answerTime)
	case c.Is(offset, "naive"):
		return at.In(sandbox.Moscow).Format(answerNaiveTime)
	}
	return at.In(sandbox.Moscow).Format(answerTime)
}

func (c *call) money(amount, currency string) fields {
	return fields{{"Amount", c.decimal(amount)}, {"Currency", currency}}
}

// decimal is a number with at least one decimal. A stored text that is no
// number is shown as it is.
func (c *call) decimal(stored string) any {
	number, err := decimal.NewFromString(stored)
	if err != nil {
		return stored
	}
	places := int32(1)
	if c.Is(amountFormat, "scale") {
		places = max(places, -number.Exponent())
	} else if trimmed, err := decimal.NewFromString(number.String()); err == nil {
		places = max(places, -trimmed.Exponent())
	}
	return json.Number(number.StringFixed(places))
}
