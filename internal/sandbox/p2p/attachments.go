package p2p

import (
	"bytes"
	"mime"
	"mime/multipart"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// The reasons of a dispute [P].
const (
	noPayment  = "no_payment"
	invalidSum = "invalid_sum"
)

// attached are the fields of a call with a file [P]. The signature does not cover
// its body.
type attached map[string][]string

// attachment reads the body of a call with a file, which must be there.
func (c *call) attachment() (attached, error) {
	_, parameters, err := mime.ParseMediaType(c.contentType)
	if err != nil || parameters["boundary"] == "" {
		return nil, refuse("Формат данных запроса должен быть multipart/form-data с boundary")
	}
	form, err := multipart.NewReader(bytes.NewReader(c.body), parameters["boundary"]).ReadForm(sandbox.MaxRequestBody)
	switch {
	case err != nil:
		return nil, refuse("Тело запроса не удалось прочитать как multipart/form-data")
	case len(form.File["attachment"]) == 0:
		return nil, refuse("attachment: нужен файл")
	}
	return form.Value, nil
}

func (a attached) get(name string) string {
	if len(a[name]) == 0 {
		return ""
	}
	return a[name][0]
}

// confirmTransfer is POST /invoices/{id}/confirm-transfer: the payer's receipt
// for the deal [P]. That it changes no status is [I]: somebody looks at it.
func (c *call) confirmTransfer() (any, error) {
	if _, err := c.attachment(); err != nil {
		return nil, err
	}
	i, err := c.named()
	switch {
	case err != nil:
		return nil, err
	case i.Status != "new":
		return nil, refuse("Заявка в статусе " + i.Status)
	case i.activeDeal() == nil:
		return nil, refuse("У заявки нет активной сделки")
	}
	i.UpdatedAt = c.now()
	return c.answer(i), invoices.Update(c.tx, i.ID, i)
}

// dispute is POST /invoices/{id}/dispute [P]. Which invoices can be disputed is
// [?]: here all that have the deal, unless it is disputed already.
func (c *call) dispute() (any, error) {
	form, err := c.attachment()
	if err != nil {
		return nil, err
	}
	reason, amount := form.get("disputeReason"), ""
	switch reason {
	case noPayment:
	case invalidSum:
		sum, err := decimal.NewFromString(form.get("disputeReasonData[amount]"))
		if err != nil || !amountPattern.MatchString(form.get("disputeReasonData[amount]")) || !sum.IsPositive() {
			return nil, refuse("disputeReasonData[amount]: должно быть положительной суммой, пример: 2000.00")
		}
		amount = sum.StringFixed(2)
	default:
		return nil, refuse("disputeReason: допустимые значения: " + sandbox.Quoted([]string{noPayment, invalidSum}))
	}
	i, err := c.named()
	if err != nil {
		return nil, err
	}
	deal := slices.IndexFunc(i.Deals, func(d Deal) bool { return d.ID == form.get("dealId") })
	switch {
	case deal < 0:
		return nil, refuse("dealId: у заявки нет такой сделки")
	case i.Status == "dispute":
		return nil, refuse("Спор уже открыт")
	}
	i.Status, i.UpdatedAt = "dispute", c.now()
	i.disputeDeal(deal, reason, amount)
	*c.changed = append(*c.changed, i)
	return c.answer(i), invoices.Update(c.tx, i.ID, i)
}

// disputeDeal gives a deal what a dispute brings: a reason and a file. Where the
// file is [?].
func (i *Invoice) disputeDeal(deal int, reason, amount string) {
	d := &i.Deals[deal]
	d.DisputeReason, d.DisputeAmount = reason, amount
	d.DisputeAttachment = i.Base + attachmentPath + d.ID + ".pdf"
}
