package p2p

import (
	"cmp"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// dealLifetime is how long requisites are reserved: 30 minutes in the
// document's sample [I].
const dealLifetime = 30 * time.Minute

// startDeal is POST /invoices/{id}/start-deal [P].
func (c *call) startDeal() (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	method, option := o.text("paymentMethod", sandbox.Required), o.text("paymentOption", sandbox.Optional)
	if err := o.err(); err != nil {
		return nil, err
	}
	i, err := c.named()
	switch {
	case err != nil:
		return nil, err
	case i.Type != "in":
		return nil, refuse("Сделку можно начать только для типа in")
	case i.Status != "new":
		return nil, refuse("Заявка в статусе " + i.Status)
	case i.activeDeal() != nil:
		return nil, refuse("У заявки уже есть активная сделка")
	}
	if err := c.holdRequisites(c.tx, &i, method, option); err != nil {
		return nil, err
	}
	return c.answer(i), invoices.Update(c.tx, i.ID, i)
}

// holdRequisites reserves requisites for an invoice. If none are free, the
// invoice stays as it is: that is no error [P]. The default method and option
// are those of the document's sample [I].
func (g *Gateway) holdRequisites(tx *sql.Tx, i *Invoice, method, option string) error {
	free, err := g.freeRequisite(tx)
	if err != nil || free == 0 {
		return err
	}
	now := g.Now().UTC()
	i.UpdatedAt = now.Format(timeFormat)
	i.Deals = append(i.Deals, newDeal(free, cmp.Or(method, "sberbank"), cmp.Or(option, "SBP"), now))
	return nil
}

// freeRequisite is the number of requisites that no deal holds, and 0 if there are
// none.
func (g *Gateway) freeRequisite(tx *sql.Tx) (int, error) {
	if g.Is(freeRequisites, "none") {
		return 0, nil
	}
	held, err := sandbox.Column[int](tx, `SELECT requisite FROM p2p_invoices WHERE requisite > 0 ORDER BY requisite`)
	if err != nil {
		return 0, err
	}
	free := 1
	for _, number := range held {
		if number == free {
			free++
		}
	}
	if g.options.Requisites > 0 && free > g.options.Requisites {
		return 0, nil
	}
	return free, nil
}

// isToCard and isQR report how the requisites of an option are to be read [P].
// Others are phone numbers.
func isToCard(option string) bool { return option == "TO_CARD" || option == "CROSS_BORDER" }
func isQR(option string) bool     { return strings.HasSuffix(option, "_QR") }

func newDeal(number int, method, option string, now time.Time) Deal {
	deal := Deal{
		ID: sandbox.UUID(), Status: "transfer_waiting", PaymentMethod: method, PaymentOption: option, Number: number, IsActive: true,
		Rate: rate, CanceledAt: now.Add(dealLifetime).Format(timeFormat),
	}
	deal.Requisites.Holder = fmt.Sprintf("Получатель %d", number)
	switch {
	case isToCard(option):
		deal.Requisites.Requisites = fmt.Sprintf("220000000000%04d", number%10000)
		return deal
	case isQR(option):
		deal.Requisites.Requisites = fmt.Sprintf("https://qr.example/AD%014d?type=02", number)
		deal.QRCodeLink = deal.Requisites.Requisites
		return deal
	}
	phone := fmt.Sprintf("%07d", 7779900+number)
	deal.Requisites.Requisites = fmt.Sprintf("+7(996)%s-%s-%s", phone[:3], phone[3:5], phone[5:])
	deal.QRCodeLink = "https://www.sberbank.com/sms/pbpn?requisiteNumber=7996" + phone
	return deal
}
