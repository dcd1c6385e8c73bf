package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// A payout is an invoice by which money goes out. Like a refund it is sent once.
// Its order id is the only key by which it can be found again, at the gateway and
// by its merchant, and what tells two payouts apart.

// Payer is a gateway that also pays out.
type Payer interface {
	InvoiceAdapter
	// PayoutChoice names the argument, and its value, that make an invoice a payout.
	PayoutChoice() (argument, value string)
	// Receiver is where a payout goes to, masked, for messages.
	Receiver(ctx context.Context, config *Invoice) string
	// WithoutReceiver returns what an imported payout has to show instead, in the named
	// attribute, if the configuration keeps the receiver out of the state; else "".
	WithoutReceiver(plan, state *Invoice) (attribute string, value attr.Value)
}

// IsPayout reports whether the money of an invoice goes out: then it is sent once, and
// neither changed nor repeated.
func IsPayout(a InvoiceAdapter, m *Invoice) bool {
	payer, ok := a.(Payer)
	if !ok {
		return false
	}
	argument, value := payer.PayoutChoice()
	chosen, _ := m.Object(a).Attributes()[argument].(types.String)
	return chosen.ValueString() == value
}

// MayBePayout reports whether it is unknown yet in which direction the money goes.
func MayBePayout(a InvoiceAdapter, m *Invoice) bool {
	object := m.Object(a)
	if payer, ok := a.(Payer); ok && !object.IsUnknown() {
		argument, _ := payer.PayoutChoice()
		chosen, given := object.Attributes()[argument]
		return given && chosen.IsUnknown()
	}
	return object.IsUnknown()
}

// IsStoredPayout is [IsPayout] for an invoice as Terraform stores it.
func IsStoredPayout(payer Payer, state []byte) bool {
	var objects map[string]any
	if json.Unmarshal(state, &objects) != nil {
		return false
	}
	object, _ := objects[payer.Name()].(map[string]any)
	argument, value := payer.PayoutChoice()
	return object[argument] == value
}

// IsFailedPayout reports whether the gateway said that it will not pay out. Our
// clock does not end a payout: one past its time may still be carried out.
func (m *Invoice) IsFailedPayout() bool {
	return m.Status.ValueString() == StatusCanceled || m.Status.ValueString() == StatusExpired
}

// Payout is the payout in the register. Without a known order id it has no key.
func (m *Invoice) Payout() ledger.Outgoing {
	one := ledger.Outgoing{
		Kind: "payout", Status: m.Status.ValueString(), IsFailed: m.IsFailedPayout(), IsUnclear: m.IsUnclear(),
		About: fmt.Sprintf("%s (order %q)", m.Money(), m.OrderID.ValueString()),
	}
	if m.ID.ValueString() != "" {
		one.ID = m.Key()
	}
	if orderID := strings.TrimSpace(m.OrderID.ValueString()); orderID != "" {
		one.Keys = []string{"payout " + values.PlainID(orderID)}
	}
	return one
}

// UnclearPayoutWays are the ways out for a payout that may have been made.
const UnclearPayoutWays = "To find out, look at the store's payouts, or ask the gateway's support; with an order_id, every plan looks it up by that. Then:\n" +
	"- if it was made: terraform state rm <its address>, and import it by the id that the gateway shows:\n" +
	"  import {\n    to = invoice_invoice.NAME\n    id = \"<gateway>/<id>\"\n  }\n" +
	"- if it was not: terraform state rm <its address>, and apply again;\n" +
	"- until that is known, terraform untaint <its address> keeps it, and everything else can be planned and applied."

// UnclearPayout is what a user reads about a payout that may have been made.
func UnclearPayout(orderID, money string) string {
	payout := "A payout of " + money
	if orderID != "" {
		payout += fmt.Sprintf(" (order %q)", orderID)
	}
	return payout + " was sent, and no usable answer came: it may have been made. It is not sent again.\n\n" + UnclearPayoutWays
}
