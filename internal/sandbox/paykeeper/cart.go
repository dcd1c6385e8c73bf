package paykeeper

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// taxes are the rates of an item [P].
var taxes = []string{
	"none", "vat0", "vat5", "vat7", "vat10", "vat20", "vat22", "vat105", "vat107", "vat110", "vat120", "vat122",
}

// decimalPattern is a number with a decimal point (document, table 3.1.1). Its
// length is limited: money has few digits.
var decimalPattern = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,6})?$`)

// readAmount reads pay_amount, which is positive and in whole kopecks.
func readAmount(text string) (decimal.Decimal, error) {
	if text == "" {
		return decimal.Zero, refuse("Не указана сумма счёта pay_amount.")
	}
	amount, err := readNumber(json.Number(text), 2)
	if err != nil || !amount.IsPositive() {
		return decimal.Zero, refuse("Неверная сумма счёта pay_amount.")
	}
	return amount, nil
}

func readNumber(text json.Number, decimals int32) (decimal.Decimal, error) {
	if !decimalPattern.MatchString(text.String()) {
		return decimal.Zero, fmt.Errorf("%q is not a number", text)
	}
	number, err := decimal.NewFromString(text.String())
	if err == nil && !number.Equal(number.Truncate(decimals)) {
		err = fmt.Errorf("%q has more than %d decimals", text, decimals)
	}
	return number, err
}

type items []item

// UnmarshalJSON also takes a list in a string, as some PHP clients send it [P].
func (items *items) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		data = []byte(text)
	}
	return json.Unmarshal(data, (*[]item)(items))
}

// inString is the list of a server that writes it as a string, and all numbers
// as strings [P].
func (items items) inString() string {
	type textItem struct {
		Name     string `json:"name"`
		Price    string `json:"price"`
		Quantity string `json:"quantity"`
		Sum      string `json:"sum"`
		Tax      string `json:"tax"`
		kinds
	}
	texts := make([]textItem, 0, len(items))
	for _, i := range items {
		texts = append(texts, textItem{i.Name, i.Price.String(), i.Quantity.String(), i.Sum.String(), i.Tax, i.kinds})
	}
	list, _ := json.Marshal(texts) // strings cannot fail
	return string(list)
}

type item struct {
	Name     string      `json:"name"`
	Price    json.Number `json:"price"`
	Quantity json.Number `json:"quantity"`
	Sum      json.Number `json:"sum"`
	Tax      string      `json:"tax"`
	kinds
}

// kinds are the fields of an item that need not be there [P]. Which words the gateway takes, and what
// it does with others, is not known [?]: they are kept as they come.
type kinds struct {
	ItemType    string `json:"item_type,omitempty"`
	PaymentType string `json:"payment_type,omitempty"`
	Measure     string `json:"measure,omitempty"`
}

// checkRefundCart checks the refund_cart of a reverse, which need not have one.
func checkRefundCart(list string, amount decimal.Decimal) error {
	if list == "" {
		return nil
	}
	var cart items
	if json.Unmarshal([]byte(list), &cart) != nil {
		return refuse("Неверный формат корзины в refund_cart.")
	}
	return cart.check(amount, "сумме возврата")
}

// check checks each item, and that the sums add up to the amount. price times
// quantity may differ from sum, because of discounts and rounding.
func (items items) check(amount decimal.Decimal, ofWhat string) error {
	total := decimal.Zero
	for n, item := range items {
		sum, err := item.check()
		if err != nil {
			return refuse(fmt.Sprintf("Корзина, позиция %d: %s.", n+1, err))
		}
		total = total.Add(sum)
	}
	if !total.Equal(amount) {
		return refuse("Сумма позиций корзины " + total.StringFixed(2) + " не равна " + ofWhat + " " + amount.StringFixed(2) + ".")
	}
	return nil
}

// check returns the sum of the item.
func (i item) check() (decimal.Decimal, error) {
	if strings.TrimSpace(i.Name) == "" {
		return decimal.Zero, refuse("не указано name")
	}
	if _, err := readNumber(i.Price, 2); err != nil {
		return decimal.Zero, refuse("неверное price")
	}
	if quantity, err := readNumber(i.Quantity, 6); err != nil || !quantity.IsPositive() {
		return decimal.Zero, refuse("неверное quantity")
	}
	if !slices.Contains(taxes, i.Tax) {
		return decimal.Zero, refuse("неверное tax")
	}
	sum, err := readNumber(i.Sum, 2)
	if err != nil {
		return decimal.Zero, refuse("неверное sum")
	}
	return sum, nil
}
