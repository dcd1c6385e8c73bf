package invoiceapi

import (
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// statusWords are the statuses of guide section 9.1, and those that only the
// vendor's SDKs know [V].
var statusWords = sandbox.Words{
	"init":       "Ожидает оплаты",
	"successful": "Оплачен",
	"fail":       "Не оплачен",
	"closed":     "Отменён",
	"created":    "Создан",
	"process":    "Обрабатывается",
	"error":      "Не оплачен",
	"failed":     "Не оплачен",
	"refunded":   "Возвращён",
}

// refundWords are the statuses of refunds.
var refundWords = sandbox.Words{
	"init":       "Деньги ещё не вернулись",
	"created":    "Деньги ещё не вернулись",
	"process":    "Деньги ещё не вернулись",
	"successful": "Деньги возвращены",
	"fail":       "Возврат не удался",
	"error":      "Возврат не удался",
	"closed":     "Отменён",
}

// methodWords are the ways to pay that the vendor's SDKs know [V].
var methodWords = sandbox.Words{
	"card":  "Банковская карта",
	"phone": "Счёт мобильного телефона",
	"qiwi":  "Кошелёк QIWI",
	"wm":    "WebMoney",
}

// transactionWords are the types of guide section 7.2.3, trtype.
var transactionWords = sandbox.Words{
	"1": "обычный платёж",
	"2": "платёж с блокировкой средств",
	"4": "рекуррентный платёж",
}

// refusal is what a decline means to a payer.
type refusal struct{ Why, Advice string }

const (
	adviceOtherCard = "Оплатите другой картой или узнайте причину в банке, который выпустил карту."
	adviceCheckCard = "Проверьте данные карты."
	adviceCallBank  = "Обратитесь в банк, который выпустил карту."
	adviceCallShop  = "Сообщите магазину: причина не в вашей карте."
	adviceLater     = "Попробуйте позже или оплатите другой картой."
	// Of these codes nobody knows whether the money has moved.
	adviceWait = "Не платите ещё раз, пока магазин или банк не скажет, списаны ли деньги."
)

// refusals are the codes of guide section 9.2.
var refusals = map[string]refusal{
	"[3, -21]": {"Такой платёж уже отправлен.", adviceWait},
	"[3, -20]": {"Операция заняла слишком много времени.", adviceLater},
	"[3, -19]": {"Банк не подтвердил, что платите вы: неверный код 3DS или данные карты, либо подтверждение отменено.", adviceCheckCard},
	"[3, -17]": {"Банк не принял запрос.", adviceCallShop},
	"[3, -2]":  {"Банк не принял запрос.", adviceCallShop},
	"[2, 4]":   {"Банк ограничил платежи этой картой.", adviceOtherCard},
	"[2, 5]":   {"Банк отклонил платёж и не назвал причину.", adviceOtherCard},
	"[2, 12]":  {"Для этой карты или этого магазина такая операция недоступна.", adviceOtherCard},
	"[2, 14]":  {"Карты с таким номером нет.", adviceCheckCard},
	"[2, 41]":  {"Карта заявлена как утерянная.", adviceCallBank},
	"[2, 43]":  {"Карта заявлена как украденная.", adviceCallBank},
	"[2, 51]":  {"На карте недостаточно средств.", "Пополните карту или оплатите другой."},
	"[2, 54]":  {"Срок действия карты истёк или указан неверно.", adviceCheckCard},
	"[2, 57]":  {"Банк не разрешает такую операцию по этой карте.", adviceOtherCard},
	"[2, 58]":  {"Магазину не разрешены такие платежи.", adviceCallShop},
	"[2, 59]":  {"Платёж показался подозрительным, и его остановили.", adviceCallBank},
	"[2, 61]":  {"Сумма больше лимита карты.", "Увеличьте лимит в банке или оплатите другой картой."},
	"[2, 62]":  {"Банк ограничил платежи этой картой.", adviceOtherCard},
	"[2, 65]":  {"По карте исчерпан лимит числа операций.", adviceLater},
	"[2, 82]":  {"Банк, который выпустил карту, не ответил вовремя.", adviceWait},
	"[2, 91]":  {"Банк, который выпустил карту, недоступен.", adviceLater},
	"[2, 93]":  {"Банк отказал, чтобы не нарушить закон.", adviceCallBank},
	"[2, 95]":  {"Такая операция, возможно, уже проведена.", adviceWait},
	"[2, 96]":  {"В банке магазина произошёл сбой.", adviceWait},
}

// tooLateCode is the code of a payment whose time is over (dialect).
const tooLateCode = "[3, -20]"

// refusalOf is what a status_description means. One without a known code is
// shown as it is.
func refusalOf(description string) refusal {
	code := description
	if end := strings.Index(description, "]"); end >= 0 {
		code = description[:end+1]
	}
	if known, ok := refusals[code]; ok {
		return known
	}
	return refusal{description, "Узнайте причину в магазине или в банке, который выпустил карту."}
}
