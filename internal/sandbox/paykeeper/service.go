package paykeeper

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// service is a service_name: a text, or JSON with a text and more [P].
type service struct {
	Name string `json:"service_name"`
	// Cart is a 54-FZ cart. Its numbers may be JSON numbers or strings.
	Cart items `json:"cart"`
	// Lang is the language of the bill.
	Lang string `json:"lang"`
	// Callback is the page that a payer returns to.
	Callback string `json:"user_result_callback"`
}

// serviceFields are the fields of a service_name that is JSON with more than a
// text. There are none in others, which may look like JSON.
func serviceFields(name string) map[string]json.RawMessage {
	var fields map[string]json.RawMessage
	if !strings.HasPrefix(name, "{") || json.Unmarshal([]byte(name), &fields) != nil {
		return nil
	}
	if fields["cart"] == nil && fields["lang"] == nil && fields["user_result_callback"] == nil {
		return nil
	}
	return fields
}

// readService reads a service_name.
func readService(name string) service {
	var s service
	if serviceFields(name) == nil || json.Unmarshal([]byte(name), &s) != nil {
		return service{Name: name}
	}
	return s
}

// withCartInString is the service_name with the list of items in a string [P].
func (s service) withCartInString(name string) string {
	fields := map[string]any{"service_name": s.Name}
	for key, value := range serviceFields(name) {
		fields[key] = value
	}
	fields["cart"] = s.Cart.inString()
	text, _ := json.Marshal(fields) // it was JSON before
	return string(text)
}

// checkService checks a service_name. 54-FZ wants the sums of a cart to add up
// to the amount; that the gateway refuses other sums is [I], and so is that it
// refuses other languages, and what is no page's address.
func checkService(name string, amount decimal.Decimal) error {
	fields := serviceFields(name)
	if lang := fields["lang"]; lang != nil && !slices.Contains(languages, textOf(lang)) {
		return refuse("Неверное значение lang в service_name: ожидается ru или en.")
	}
	if callback := fields["user_result_callback"]; callback != nil && !sandbox.IsPageAddress(textOf(callback)) {
		return refuse("Неверный адрес user_result_callback в service_name.")
	}
	if fields["cart"] == nil {
		return nil
	}
	var s service
	if json.Unmarshal([]byte(name), &s) != nil {
		return refuse("Неверный формат корзины в service_name.")
	}
	return s.Cart.check(amount, "сумме счёта")
}

var languages = []string{"ru", "en"}

// textOf is a JSON string, and "" for other JSON.
func textOf(raw json.RawMessage) (text string) {
	_ = json.Unmarshal(raw, &text)
	return text
}
