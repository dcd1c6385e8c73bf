package p2p

// bank is a payment method. Which fields it has beside its code is [?].
type bank struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	Currency string `json:"currency"`
}

// banks are some payment methods: their list is open.
var banks = []bank{
	{"sberbank", "Сбербанк", "RUB"}, {"tinkoff", "Т-Банк", "RUB"}, {"alfabank", "Альфа-Банк", "RUB"},
	{"kaspi", "Kaspi Bank", "KZT"}, {"halyk", "Halyk Bank", "KZT"},
}

// paymentMethods is GET /payment-methods?currency=RUB, signed with its query [P].
func (c *call) paymentMethods() (any, error) {
	currency := c.query.Get("currency")
	if !currencyPattern.MatchString(currency) {
		return nil, refuse("currency: должно быть кодом валюты, пример: RUB")
	}
	methods := []bank{}
	for _, b := range banks {
		if b.Currency == currency {
			methods = append(methods, b)
		}
	}
	return methods, nil
}

// variant is a way to pay that start-deal takes [P].
type variant struct {
	Option string `json:"option"`
	Method string `json:"method"`
}

// availableVariants is GET /invoices/{id}/available-payment-variants [P]. There
// are none without free requisites, or for what is not open.
func (c *call) availableVariants() (any, error) {
	i, err := c.named()
	if err != nil {
		return nil, err
	}
	variants := []variant{}
	if i.Status != "new" || i.Type != "in" || i.activeDeal() != nil {
		return variants, nil
	}
	if number, err := c.freeRequisite(c.tx); err != nil || number == 0 {
		return variants, err
	}
	options := []string{"SBP", "TO_CARD"}
	if i.PaymentOption != "" {
		options = []string{i.PaymentOption}
	}
	for _, b := range banks {
		for _, option := range options {
			if b.Currency == i.Currency && (i.PaymentMethod == "" || i.PaymentMethod == b.Code) {
				variants = append(variants, variant{option, b.Code})
			}
		}
	}
	return variants, nil
}
