package p2p

import (
	"errors"
	"time"

	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// lifetime is how long an invoice is open: in every sample one hour [P].
const lifetime = time.Hour

// create is POST /invoices (document, «Создание инвойса»).
func (c *call) create() (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	i, err := o.invoice()
	if err != nil {
		return nil, err
	}
	if c.Is(repeatedInternalID, "error") && i.InternalID != "" {
		switch _, err := invoices.Find(c.tx, "internal_id", i.InternalID); {
		case err == nil:
			return nil, refuse("internalId: заявка с таким идентификатором уже существует")
		case !errors.Is(err, sandbox.ErrNotFound):
			return nil, err
		}
	}
	if i.Amount, err = c.uniqueAmount(i); err != nil {
		return nil, err
	}
	now := c.Now().UTC()
	i.ID, i.Status, i.Base = sandbox.UUID(), "new", c.base
	i.CreatedAt, i.ExpireAt = now.Format(timeFormat), now.Add(lifetime).Format(timeFormat)
	i.UpdatedAt = i.CreatedAt
	if i.StartDeal {
		if err := c.holdRequisites(c.tx, &i, i.PaymentMethod, i.PaymentOption); err != nil {
			return nil, err
		}
	}
	return c.answer(i), invoices.Insert(c.tx, i)
}

// uniqueAmount is the sum to pay. With a maxAmount it is the smallest sum that
// no other open invoice has (document, maxAmount: «используется для
// уникализации сумм»). That sums differ by kopecks is [I].
func (c *call) uniqueAmount(i Invoice) (string, error) {
	if i.MaxAmount == "" {
		return i.RequestedAmount, nil
	}
	taken, err := sandbox.Column[string](c.tx, `SELECT amount FROM p2p_invoices WHERE status = 'new' AND type = ? AND currency = ?`, i.Type, i.Currency)
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
	return "", refuse("maxAmount: все суммы до максимальной заняты")
}

// read is GET /invoices/{id} [V].
func (c *call) read() (any, error) {
	i, err := c.named()
	if err != nil {
		return nil, err
	}
	return c.answer(i), nil
}

func (c *call) named() (Invoice, error) {
	i, err := invoices.Find(c.tx, "id", c.key)
	return i, missing(err)
}

func missing(err error) error {
	if errors.Is(err, sandbox.ErrNotFound) {
		return errMissing
	}
	return err
}

// byInternalID is GET /internal-id/{internalId}, one unverified claim. If
// several invoices have this internal id, the newest one is returned [?]. A
// server without the call answers that the address is unknown.
func (c *call) byInternalID() (any, error) {
	if c.Is(hasInternalID, "false") {
		return nil, &apiError{404, []string{"Not Found"}}
	}
	i, err := invoices.Find(c.tx, "internal_id", c.key)
	if err != nil {
		return nil, missing(err)
	}
	return c.answer(i), nil
}

// cancel is POST /invoices/{id}/cancel [P]. A paid or disputed invoice cannot
// be canceled [I].
func (c *call) cancel() (any, error) {
	i, err := c.named()
	switch {
	case err != nil:
		return nil, err
	case i.Status == "new":
		i.become("canceled", c.now())
		*c.changed = append(*c.changed, i)
		err = invoices.Update(c.tx, i.ID, i)
	case c.Is(repeatedCancel, "ok") && (i.Status == "canceled" || i.Status == "expired"):
	default:
		return nil, refuse("Заявку в статусе " + i.Status + " нельзя отменить")
	}
	if c.Is(cancelAnswer, "empty") {
		return nil, err
	}
	return c.answer(i), err
}
