package sandbox

import (
	"database/sql"
	"fmt"
	"strings"
)

// invoiceCard is what a person types on a payment page.
type invoiceCard struct{ number, expiry, cvc, code string }

// invoiceTestCard is the guide's test card, section 8, under another number if
// one is given.
func invoiceTestCard(number string) invoiceCard {
	return invoiceCard{number: number, expiry: testCardExpiry, cvc: testCardCVC, code: testCard3DS}
}

// decline is what the gateway makes of the card: "" is success, else an error
// of guide section 9.2. That declines show in status_description is [I].
func (card invoiceCard) decline() string {
	switch number := digits(card.number); {
	case number != TestCard && number != DeclinedCard:
		return "[2, 14] No such card"
	case strings.ReplaceAll(card.expiry, " ", "") != testCardExpiry:
		return "[2, 54] Expired card"
	case strings.TrimSpace(card.cvc) != testCardCVC || strings.TrimSpace(card.code) != testCard3DS:
		return "[3, -19] Authentication failed"
	case number == DeclinedCard:
		return "[2, 51] Not sufficient funds"
	}
	return ""
}

// masked is all of a card number that is ever stored.
func (card invoiceCard) masked() string {
	number := digits(card.number)
	if len(number) < 13 || len(number) > 19 {
		return ""
	}
	return number[:6] + strings.Repeat("*", len(number)-10) + number[len(number)-4:]
}

func digits(number string) string {
	return strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(number)
}

// payInvoice tries to pay a payment. Only one in init whose time is not over
// can be paid; any other is answered as it is, and nothing changes. So paying
// twice is paying once.
func (s *Sandbox) payInvoice(id string, card invoiceCard) (InvoicePayment, error) {
	var p InvoicePayment
	err := s.transact(func(tx *sql.Tx) (err error) {
		if err := s.expireInvoicePayments(tx, s.currentDialect()); err != nil {
			return err
		}
		if p, err = findInvoicePayment(tx, `WHERE id = ?`, id); err != nil {
			return err
		}
		now := s.invoiceNow()
		if p.Status != "init" || p.expired(now) {
			return nil
		}
		p.Status, p.StatusDescription, p.UpdatedAt = "successful", "", now
		if decline := card.decline(); decline != "" {
			p.Status, p.StatusDescription = "fail", decline
		}
		p.Account = card.masked()
		if p.PaymentMethod == "" {
			p.PaymentMethod = "card"
		}
		return updateInvoicePayment(tx, id, p)
	})
	return p, err
}

// PayInvoicePayment pays like a person on the payment page who knows the
// card's other data: TestCard succeeds, DeclinedCard and unknown numbers make
// the payment fail, which is no error here. It is an error when the page would
// not have let them pay: the payment is closed, failed or out of time. Paying
// a paid one changes nothing.
func (s *Sandbox) PayInvoicePayment(id string, card string) error {
	before, err := s.invoicePayment(id)
	if err != nil {
		return fmt.Errorf("pay payment %s: %w", id, err)
	}
	after, err := s.payInvoice(id, invoiceTestCard(card))
	switch {
	case err != nil:
		return fmt.Errorf("pay payment %s: %w", id, err)
	case after.Status == "successful":
		return nil
	case before.Status != "init":
		return fmt.Errorf("pay payment %s: its status is %s", id, before.Status)
	case after.Status == "init":
		return fmt.Errorf("pay payment %s: it ran out at %s", id, before.ExpiresAt)
	}
	return nil
}
