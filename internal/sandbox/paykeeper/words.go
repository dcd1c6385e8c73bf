package paykeeper

import "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"

// statusWords are the statuses of invoices.
var statusWords = sandbox.Words{
	"created": "Ожидает оплаты",
	"sent":    "Ожидает оплаты",
	"paid":    "Оплачен",
	"expired": "Срок оплаты истёк",
	"revoked": "Отменён",
}

// paymentWords are the statuses of payments and refunds.
var paymentWords = sandbox.Words{
	"success":            "Совершён",
	"obtained":           "Совершён",
	"stuck":              "Совершён",
	"canceled":           "Отменён",
	"refunding":          "Возвращается",
	"refunded":           "Возвращён",
	"partially_refunded": "Возвращён частично",
	"started":            "Начат",
	"done":               "Проведён",
	"failed":             "Не прошёл",
}

// taxWords are the rates of an item [P].
var taxWords = sandbox.Words{
	"none":   "без НДС",
	"vat0":   "НДС 0\u00a0%",
	"vat5":   "НДС 5\u00a0%",
	"vat7":   "НДС 7\u00a0%",
	"vat10":  "НДС 10\u00a0%",
	"vat20":  "НДС 20\u00a0%",
	"vat22":  "НДС 22\u00a0%",
	"vat105": "НДС 5/105",
	"vat107": "НДС 7/107",
	"vat110": "НДС 10/110",
	"vat120": "НДС 20/120",
	"vat122": "НДС 22/122",
}

// itemWords are what an item may be by 54-FZ. Which words the gateway takes is
// [?].
var itemWords = sandbox.Words{
	"goods":                 "товар",
	"commodity":             "товар",
	"excise":                "подакцизный товар",
	"job":                   "работа",
	"work":                  "работа",
	"service":               "услуга",
	"payment":               "платёж",
	"another":               "иной предмет расчёта",
	"property_right":        "имущественное право",
	"intellectual_activity": "результат интеллектуальной деятельности",
	"agent_commission":      "агентское вознаграждение",
	"composite":             "составной предмет расчёта",
	"deposit":               "залог",
	"lottery":               "лотерейный билет",
	"gambling_bet":          "ставка",
}

// settlementWords are how an item may be paid by 54-FZ. Which words the gateway
// takes is [?].
var settlementWords = sandbox.Words{ //nolint:gosec // words for goods on credit, no credentials
	"full_prepayment": "предоплата 100\u00a0%",
	"prepayment":      "предоплата",
	"advance":         "аванс",
	"full_payment":    "полный расчёт",
	"full":            "полный расчёт",
	"partial_payment": "частичный расчёт и кредит",
	"credit":          "передача в кредит",
	"credit_payment":  "оплата кредита",
}

// methodWords are the values of pstype that its name explains. Others depend on
// the server [P].
var methodWords = sandbox.Words{
	"card":        "банковская карта",
	"sbp":         "СБП",
	"sbp_default": "СБП",
}
