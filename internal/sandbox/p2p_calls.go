package sandbox

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// p2pLifetime is how long an invoice is open: every sample expires an hour
// after its creation [P]. p2pDealLifetime is how long requisites are held: the
// document's sample has 30 minutes [I].
const (
	p2pLifetime     = time.Hour
	p2pDealLifetime = 30 * time.Minute
)

// create is POST /invoices (document, «Создание инвойса»).
func (c *p2pCall) create() (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	i, err := o.invoice()
	if err != nil {
		return nil, err
	}
	if c.dialect.P2PRepeatedInternalID == "error" && i.InternalID != "" {
		switch _, err := findP2PInvoice(c.tx, `WHERE internal_id = ?`, i.InternalID); {
		case err == nil:
			return nil, p2pRefuse("internalId: заявка с таким идентификатором уже существует")
		case !errors.Is(err, errNotFound):
			return nil, err
		}
	}
	if i.Amount, err = c.uniqueAmount(i); err != nil {
		return nil, err
	}
	now := c.sandbox.now().UTC()
	i.ID, i.Status, i.Base = uuid(), "new", c.base
	i.CreatedAt, i.ExpireAt = now.Format(p2pTime), now.Add(p2pLifetime).Format(p2pTime)
	i.UpdatedAt = i.CreatedAt
	if i.StartDeal {
		if err := c.sandbox.startP2PDeal(c.tx, c.dialect, &i, i.PaymentMethod, i.PaymentOption); err != nil {
			return nil, err
		}
	}
	return c.answer(i), insertP2PInvoice(c.tx, i)
}

// uniqueAmount is the sum to pay: with a maxAmount the least one up to it that
// no other open invoice has (document, maxAmount: «используется для
// уникализации сумм»). That it grows by kopecks is [I].
func (c *p2pCall) uniqueAmount(i P2PInvoice) (string, error) {
	if i.MaxAmount == "" {
		return i.RequestedAmount, nil
	}
	taken, err := collect(c.tx, func(row scanner) (amount string, err error) {
		err = row.Scan(&amount)
		return amount, err
	}, `SELECT amount FROM p2p_invoices WHERE status = 'new' AND type = ? AND currency = ?`, i.Type, i.Currency)
	if err != nil {
		return "", err
	}
	used := map[string]bool{}
	for _, amount := range taken {
		used[amount] = true
	}
	amount, err := decimal.NewFromString(i.RequestedAmount)
	if err != nil {
		return "", err
	}
	highest, err := decimal.NewFromString(i.MaxAmount)
	if err != nil {
		return "", err
	}
	for step := decimal.New(1, -2); amount.LessThanOrEqual(highest); amount = amount.Add(step) {
		if !used[amount.StringFixed(2)] {
			return amount.StringFixed(2), nil
		}
	}
	return "", p2pRefuse("maxAmount: все суммы до максимальной заняты")
}

// read is GET /invoices/{id} [V].
func (c *p2pCall) read() (any, error) {
	i, err := c.named()
	if err != nil {
		return nil, err
	}
	return c.answer(i), nil
}

func (c *p2pCall) named() (P2PInvoice, error) {
	i, err := findP2PInvoice(c.tx, `WHERE id = ?`, c.key)
	return i, p2pMissing(err)
}

func p2pMissing(err error) error {
	if errors.Is(err, errNotFound) {
		return errP2PMissing
	}
	return err
}

// byInternalID is GET /internal-id/{internalId}, one unverified claim. Of
// several invoices with one internal id the newest is answered [?]. A server
// without the call says no more than that the address is unknown.
func (c *p2pCall) byInternalID() (any, error) {
	if c.dialect.P2PInternalID == "false" {
		return nil, &p2pError{404, []string{"Not Found"}}
	}
	i, err := findP2PInvoice(c.tx, `WHERE internal_id = ?`, c.key)
	if err != nil {
		return nil, p2pMissing(err)
	}
	return c.answer(i), nil
}

// cancel is POST /invoices/{id}/cancel [P]. What was paid or is in dispute
// cannot be canceled [I].
func (c *p2pCall) cancel() (any, error) {
	i, err := c.named()
	switch {
	case err != nil:
		return nil, err
	case i.Status == "new":
		i.become("canceled", c.sandbox.p2pNow())
		c.changed = append(c.changed, i)
		err = updateP2PInvoice(c.tx, i.ID, i)
	case c.dialect.P2PRepeatedCancel == "ok" && (i.Status == "canceled" || i.Status == "expired"):
	default:
		return nil, p2pRefuse("Заявку в статусе " + i.Status + " нельзя отменить")
	}
	if c.dialect.P2PCancel == "empty" {
		return nil, err
	}
	return c.answer(i), err
}

// startDeal is POST /invoices/{id}/start-deal [P].
func (c *p2pCall) startDeal() (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	method, option := o.text("paymentMethod", required), o.text("paymentOption", optional)
	if err := o.err(); err != nil {
		return nil, err
	}
	i, err := c.named()
	switch {
	case err != nil:
		return nil, err
	case i.Type != "in":
		return nil, p2pRefuse("Сделку можно начать только для типа in")
	case i.Status != "new":
		return nil, p2pRefuse("Заявка в статусе " + i.Status)
	case i.activeDeal() != nil:
		return nil, p2pRefuse("У заявки уже есть активная сделка")
	}
	if err := c.sandbox.startP2PDeal(c.tx, c.dialect, &i, method, option); err != nil {
		return nil, err
	}
	return c.answer(i), updateP2PInvoice(c.tx, i.ID, i)
}

// startP2PDeal gives an invoice requisites to pay to. If none are free it
// stays as it is: that is no error [P]. Without a method or an option the
// gateway picks those of the document's sample [I].
func (s *Sandbox) startP2PDeal(tx *sql.Tx, dialect Dialect, i *P2PInvoice, method, option string) error {
	if dialect.P2PRequisites == "none" {
		return nil
	}
	held, err := collect(tx, func(row scanner) (number int, err error) {
		err = row.Scan(&number)
		return number, err
	}, `SELECT requisite FROM p2p_invoices WHERE requisite > 0 ORDER BY requisite`)
	if err != nil {
		return err
	}
	free := 1
	for _, number := range held {
		if number == free {
			free++
		}
	}
	if s.options.P2PRequisites > 0 && free > s.options.P2PRequisites {
		return nil
	}
	if method == "" {
		method = "sberbank"
	}
	if option == "" {
		option = "SBP"
	}
	now := s.now().UTC()
	i.UpdatedAt = now.Format(p2pTime)
	i.Deals = append(i.Deals, newP2PDeal(free, method, option, now))
	return nil
}

func newP2PDeal(number int, method, option string, now time.Time) P2PDeal {
	deal := P2PDeal{
		ID: uuid(), Status: "transfer_waiting", PaymentMethod: method, PaymentOption: option, Number: number, IsActive: true,
		Rate: p2pRate, CanceledAt: now.Add(p2pDealLifetime).Format(p2pTime),
	}
	deal.Requisites.Holder = fmt.Sprintf("Получатель %d", number)
	if option == "TO_CARD" {
		deal.Requisites.Requisites = fmt.Sprintf("220000000000%04d", number%10000)
		return deal
	}
	phone := fmt.Sprintf("%07d", 7779900+number)
	deal.Requisites.Requisites = fmt.Sprintf("+7(996)%s-%s-%s", phone[:3], phone[3:5], phone[5:])
	deal.QRCodeLink = "https://www.sberbank.com/sms/pbpn?requisiteNumber=7996" + phone
	return deal
}
