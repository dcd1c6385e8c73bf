package p2p

import (
	"cmp"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// statusWords are the statuses of invoices [P].
var statusWords = sandbox.Words{
	"new":            "Ожидает перевода",
	"paid":           "Оплачена",
	"canceled":       "Отменена",
	"expired":        "Срок оплаты истёк",
	"dispute":        "Открыт спор",
	"recalculated":   "Оплачена, сумма пересчитана",
	"recalculation":  "Оплачена, сумма пересчитывается",
	"re_calculation": "Оплачена, сумма пересчитывается",
}

// payoutWords are the statuses of payouts, where others than statusWords.
var payoutWords = sandbox.Words{
	"new":     "Ожидает выплаты",
	"paid":    "Выплачена",
	"expired": "Срок выплаты истёк",
}

// statusWord is the word for the status of an invoice.
func (i *Invoice) statusWord() string {
	if i.Type == "out" {
		return cmp.Or(payoutWords[i.Status], statusWords.Of(i.Status))
	}
	return statusWords.Of(i.Status)
}

// optionWords are the ways to transfer [P].
var optionWords = sandbox.Words{
	"TO_CARD":       "перевод на карту",
	"SBP":           "СБП по номеру телефона",
	"SBP_QR":        "СБП по QR-коду",
	"MANUAL_SBP_QR": "СБП по QR-коду, вручную",
	"CROSS_BORDER":  "перевод на карту за границей",
	"MOBILE_TOP_UP": "пополнение мобильного телефона",
}

// reasonWords are the reasons of a dispute [P].
var reasonWords = sandbox.Words{
	noPayment:  "перевод не найден",
	invalidSum: "переведена другая сумма",
}

// bankWord is the name of a payment method. Their list is open.
func bankWord(code string) string {
	for _, b := range banks {
		if b.Code == code {
			return b.Name
		}
	}
	return code
}

// requisitesWord says what the requisites of an option are.
func requisitesWord(option string) string {
	switch {
	case isToCard(option):
		return "Номер карты"
	case isQR(option):
		return "Данные QR-кода"
	}
	return "Номер телефона"
}
