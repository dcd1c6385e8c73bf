package sandbox

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// paykeeperTaxes are the rates of a cart's items [P].
var paykeeperTaxes = []string{
	"none", "vat0", "vat5", "vat7", "vat10", "vat20", "vat22", "vat105", "vat107", "vat110", "vat120", "vat122",
}

// paykeeperDecimal is a number whose decimals a point sets off (document,
// table 3.1.1). Its length is bounded, as decimals of any length are not money.
var paykeeperDecimal = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,6})?$`)

// paykeeperAmount reads pay_amount: positive, in whole kopecks.
func paykeeperAmount(text string) (decimal.Decimal, error) {
	if text == "" {
		return decimal.Zero, paykeeperRefuse("Не указана сумма счёта pay_amount.")
	}
	amount, err := paykeeperNumber(json.Number(text), 2)
	if err != nil || !amount.IsPositive() {
		return decimal.Zero, paykeeperRefuse("Неверная сумма счёта pay_amount.")
	}
	return amount, nil
}

func paykeeperNumber(text json.Number, decimals int32) (decimal.Decimal, error) {
	if !paykeeperDecimal.MatchString(text.String()) {
		return decimal.Zero, fmt.Errorf("%q is not a number", text)
	}
	number, err := decimal.NewFromString(text.String())
	if err == nil && !number.Equal(number.Truncate(decimals)) {
		err = fmt.Errorf("%q has more than %d decimals", text, decimals)
	}
	return number, err
}

// paykeeperCart is a service_name with a 54-FZ cart [P]. Numbers may be JSON
// numbers or strings.
type paykeeperCart struct {
	ServiceName string         `json:"service_name"`
	Cart        paykeeperItems `json:"cart"`
}

type paykeeperItems []paykeeperCartItem

// UnmarshalJSON also takes a list in a string, as some PHP clients send it [P].
func (items *paykeeperItems) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		data = []byte(text)
	}
	return json.Unmarshal(data, (*[]paykeeperCartItem)(items))
}

// inString is the cart as a server writes it that keeps it in a string, all its
// numbers too [P].
func (c paykeeperCart) inString() string {
	type item struct {
		Name     string `json:"name"`
		Price    string `json:"price"`
		Quantity string `json:"quantity"`
		Sum      string `json:"sum"`
		Tax      string `json:"tax"`
	}
	items := make([]item, 0, len(c.Cart))
	for _, one := range c.Cart {
		items = append(items, item{one.Name, one.Price.String(), one.Quantity.String(), one.Sum.String(), one.Tax})
	}
	list, _ := json.Marshal(items) // strings alone: it cannot fail
	text, _ := json.Marshal(map[string]string{"service_name": c.ServiceName, "cart": string(list)})
	return string(text)
}

type paykeeperCartItem struct {
	Name     string      `json:"name"`
	Price    json.Number `json:"price"`
	Quantity json.Number `json:"quantity"`
	Sum      json.Number `json:"sum"`
	Tax      string      `json:"tax"`
}

// hasPayKeeperCart tells a cart from text that happens to look like JSON.
func hasPayKeeperCart(service string) bool {
	var fields map[string]json.RawMessage
	return strings.HasPrefix(service, "{") && json.Unmarshal([]byte(service), &fields) == nil && fields["cart"] != nil
}

// readPayKeeperCart takes a service_name apart; plain text is a name without
// a cart.
func readPayKeeperCart(service string) paykeeperCart {
	var cart paykeeperCart
	if !hasPayKeeperCart(service) || json.Unmarshal([]byte(service), &cart) != nil {
		return paykeeperCart{ServiceName: service}
	}
	return cart
}

// checkPayKeeperCart checks a service_name that carries a cart. 54-FZ wants
// its sums to make up the amount; that the gateway refuses others is [I].
// price times quantity is not compared with sum, since there are discounts
// and kopecks to round.
func checkPayKeeperCart(service string, amount decimal.Decimal) error {
	if !hasPayKeeperCart(service) {
		return nil
	}
	var cart paykeeperCart
	if json.Unmarshal([]byte(service), &cart) != nil {
		return paykeeperRefuse("Неверный формат корзины в service_name.")
	}
	total := decimal.Zero
	for n, item := range cart.Cart {
		sum, err := item.check()
		if err != nil {
			return paykeeperRefuse(fmt.Sprintf("Корзина, позиция %d: %s.", n+1, err))
		}
		total = total.Add(sum)
	}
	if !total.Equal(amount) {
		return paykeeperRefuse("Сумма позиций корзины " + total.StringFixed(2) + " не равна сумме счёта " + amount.StringFixed(2) + ".")
	}
	return nil
}

// check answers the item's sum.
func (i paykeeperCartItem) check() (decimal.Decimal, error) {
	if strings.TrimSpace(i.Name) == "" {
		return decimal.Zero, paykeeperRefuse("не указано name")
	}
	if _, err := paykeeperNumber(i.Price, 2); err != nil {
		return decimal.Zero, paykeeperRefuse("неверное price")
	}
	if quantity, err := paykeeperNumber(i.Quantity, 6); err != nil || !quantity.IsPositive() {
		return decimal.Zero, paykeeperRefuse("неверное quantity")
	}
	if !slices.Contains(paykeeperTaxes, i.Tax) {
		return decimal.Zero, paykeeperRefuse("неверное tax")
	}
	sum, err := paykeeperNumber(i.Sum, 2)
	if err != nil {
		return decimal.Zero, paykeeperRefuse("неверное sum")
	}
	return sum, nil
}
