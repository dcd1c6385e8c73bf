package invoiceapi

import "strings"

// card is what a person types on a payment page.
type card struct{ number, expiry, cvc, code string }

// testCard is the guide's test card (section 8) with this number.
func testCard(number string) card {
	return card{number: number, expiry: testCardExpiry, cvc: testCardCVC, code: testCard3DS}
}

// decline is the error of guide section 9.2 that this card gets, and "" if the
// card pays. That an error shows in status_description is [I].
func (card card) decline() string {
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

// masked is the part of a card number that is stored.
func (card card) masked() string {
	number := digits(card.number)
	if len(number) < 13 || len(number) > 19 {
		return ""
	}
	return number[:6] + strings.Repeat("*", len(number)-10) + number[len(number)-4:]
}

func digits(number string) string {
	return strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(number)
}
