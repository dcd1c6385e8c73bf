package paykeeper

import (
	"encoding/json"
	"slices"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// CartItem is one line of a receipt under 54-FZ. Price and Sum are roubles,
// Quantity may be fractional, Tax is none, vat0, vat5, vat7, vat10, vat20,
// vat22, vat105, vat107, vat110, vat120 or vat122. The last three are of public clients; what
// is empty is not sent.
type CartItem struct {
	Name     values.Text    `json:"name"`
	Price    values.Decimal `json:"price"`
	Quantity values.Decimal `json:"quantity"`
	Sum      values.Decimal `json:"sum"`
	Tax      values.Text    `json:"tax"`

	ItemType    values.Text `json:"item_type,omitempty"`
	PaymentType values.Text `json:"payment_type,omitempty"`
	Measure     values.Text `json:"measure,omitempty"`
}

// Cart is the receipt of an invoice.
type Cart []CartItem

func (c Cart) equal(other Cart) bool { return slices.EqualFunc(c, other, CartItem.equal) }

func (i CartItem) equal(other CartItem) bool {
	return i.Name == other.Name && i.Tax == other.Tax && i.Price.Equal(other.Price.Decimal) &&
		i.Quantity.Equal(other.Quantity.Decimal) && i.Sum.Equal(other.Sum.Decimal) &&
		isSameIfShown(i.ItemType, other.ItemType) && isSameIfShown(i.PaymentType, other.PaymentType) && isSameIfShown(i.Measure, other.Measure)
}

// isSameIfShown compares what a server may leave out of its answer, or fill in.
func isSameIfShown(a, b values.Text) bool { return a == b || a == "" || b == "" }

// UnmarshalJSON reads the lines, which PHP clients also send as a JSON document in a
// string.
func (c *Cart) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil && text != "" {
		data = []byte(text)
	}
	return json.Unmarshal(data, (*[]CartItem)(c))
}
