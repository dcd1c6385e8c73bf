package intellectmoney

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// commission is the share of the gateway. In the sample answer it is 0.035 for
// a payment of 1.0, of which the shop gets 0.96. Here it is in roubles, and the
// shop gets the rest, rounded down [I].
var commission = decimal.RequireFromString("0.035")

// become gives an invoice a state and the amount that is then on it [I]:
// nothing when it is paid, as in the sample answer, because the money has gone
// to the shop; all of it while it is on its way or held.
func (i *Invoice) become(state string, at time.Time) error {
	amount, err := decimal.NewFromString(i.Amount)
	if err != nil {
		return fmt.Errorf("amount %q: %w", i.Amount, err)
	}
	i.State, i.ChangeDate = state, at
	switch state {
	case "Created":
		i.CurrentAmount, i.Transactions = "0.00", nil
	case "PartPaid":
		part := amount.Div(decimal.NewFromInt(2)).Round(2)
		i.CurrentAmount = part.StringFixed(2)
		i.enter("Confirm", part, at)
	case "ToPaid":
		i.CurrentAmount = i.Amount
		i.enter("Created", amount, at)
	case "Held":
		i.CurrentAmount, i.HoldModeFlag = i.Amount, true
		i.enter("Confirm", amount, at)
	case "Paid":
		i.CurrentAmount = "0.00"
		i.purchase(amount, at)
	case "Refund":
		i.CurrentAmount = "0.00"
		i.purchase(amount, at)
		i.refund(amount, at)
	}
	return nil
}

func (i *Invoice) has(kind string) bool {
	for _, t := range i.Transactions {
		if t.InvoicePaymentType == kind {
			return true
		}
	}
	return false
}

// shopAccount is the account of the shop (document, sample answer).
const shopAccount = "6000000000"

// enter adds money from the payer. It may come in parts.
func (i *Invoice) enter(state string, amount decimal.Decimal, at time.Time) {
	i.Transactions = append(i.Transactions, Transaction{
		State: state, CreationDate: at, PaymentAmount: amount.StringFixed(2), RecipientAmount: amount.StringFixed(2), Commission: "0.0",
		PaymentAccount: "Банковская карта", RecipientAccount: "Счет к оплате " + i.ID,
		Description: fmt.Sprintf(`Пополнение счета "%s"`, i.ID), Direction: "Deposit", InvoicePaymentType: "Entry", InputType: "Acquiring",
	})
}

// purchase moves the money on to the shop. This happens once.
func (i *Invoice) purchase(amount decimal.Decimal, at time.Time) {
	if i.has("Purchase") {
		return
	}
	commission := amount.Mul(commission)
	i.Transactions = append(i.Transactions, Transaction{
		State: "Confirm", CreationDate: at, PaymentAmount: amount.StringFixed(2), RecipientAmount: amount.Sub(commission).RoundDown(2).StringFixed(2),
		Commission: commission.String(), PaymentAccount: "Счет к оплате " + i.ID, RecipientAccount: shopAccount,
		Description: fmt.Sprintf(`Зачисление на счет магазина "%s" со счета "%s"`, i.EshopName, i.ID),
		Direction:   "Withdraw", InvoicePaymentType: "Purchase", InputType: "Acquiring",
	})
}

// refund moves all or part of the money back.
func (i *Invoice) refund(amount decimal.Decimal, at time.Time) {
	i.Transactions = append(i.Transactions, Transaction{
		State: "Confirm", CreationDate: at, PaymentAmount: amount.StringFixed(2), RecipientAmount: amount.StringFixed(2), Commission: "0.0",
		PaymentAccount: shopAccount, RecipientAccount: "Счет к оплате " + i.ID,
		Description: fmt.Sprintf(`Возврат по счету "%s"`, i.ID), Direction: "Deposit", InvoicePaymentType: "Refund", InputType: "Acquiring",
	})
}
