package intellectmoney

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// States of an invoice (СКО), as answers name them, and their numbers in the
// filter State.
const (
	StateCreated  = "Created"  // 0
	StatePartPaid = "PartPaid" // 1
	StatePaid     = "Paid"     // 2
	StateToPaid   = "ToPaid"   // 3, in the works
	StateRefund   = "Refund"   // 4
	StateHeld     = "Held"     // 6
)

// Money is a sum of an answer. Some are absent, some null.
type Money struct {
	Amount   *values.Decimal `json:"Amount"`
	Currency values.Text     `json:"Currency"`
}

// UnmarshalJSON never fails: a strange sum must not lose an invoice.
func (m *Money) UnmarshalJSON(data []byte) error {
	*m = Money{}
	var wire struct {
		Amount   json.RawMessage `json:"Amount"`
		Currency values.Text     `json:"Currency"`
	}
	if json.Unmarshal(data, &wire) != nil {
		wire.Amount = data // a bare number
	}
	m.Amount, m.Currency = values.ReadDecimal(wire.Amount), wire.Currency
	return nil
}

// Invoice is an item of the history. The gateway also answers a stub
// (PurchaseData.Invoice) and fields about its own pages, which are left out.
type Invoice struct {
	ID           values.ID     `json:"Id"`
	State        values.Text   `json:"State"`
	Created      values.Time   `json:"CreationDate"`
	Changed      values.Time   `json:"ChangeDate"`
	Expires      values.Time   `json:"ExpirationDate"`
	Amount       Money         `json:"Amount"`
	Current      Money         `json:"CurrentAmount"` // not what was paid: 0 for a paid one in the document's sample
	OrderID      values.Text   `json:"PurchaseOrderId"`
	OwnerEmail   values.Text   `json:"OwnerEmail"`
	EshopID      values.ID     `json:"EShopId"`
	Organization values.Text   `json:"OrganizationName"`
	RRN          values.Text   `json:"Rrn"`
	Transactions []Transaction `json:"-"`
	Details      *Details      `json:"-"` // nil unless they are asked for
}

// Transaction is an item of an invoice's HistoryList.
type Transaction struct {
	ID              values.ID   `json:"Id"`
	PaymentNumber   values.Text `json:"PaymentNumber"`
	State           values.Text `json:"State"`
	Type            values.Text `json:"InvoicePaymentType"`
	Direction       values.Text `json:"Direction"`
	InputType       values.Text `json:"InputType"`
	Amount          Money       `json:"PaymentAmount"`
	RecipientAmount Money       `json:"RecipientAmount"`
	Commission      Number      `json:"Comission"` // the gateway's spelling
	Description     values.Text `json:"Description"`
	Created         values.Time `json:"CreationDate"`

	Details *TransactionDetails `json:"-"` // nil unless they are asked for
}

// Number is a decimal that may be absent.
type Number struct{ Value *values.Decimal }

// UnmarshalJSON never fails.
func (n *Number) UnmarshalJSON(data []byte) error {
	var m Money
	_ = m.UnmarshalJSON(data)
	n.Value = m.Amount
	return nil
}

// IsPaid reports whether the whole amount has come.
func (i *Invoice) IsPaid() bool { return i.State == StatePaid }

// UnmarshalJSON reads an item of InvoicesHistoryList.
func (i *Invoice) UnmarshalJSON(data []byte) error {
	type plain Invoice // without this method
	*i = Invoice{Details: &Details{}}
	wire := struct {
		*plain
		*Details
		History      json.RawMessage `json:"HistoryList"`
		Transactions json.RawMessage `json:"PaymentTransactions"`
		Purchase     struct {
			EshopName values.Text `json:"EshopName"`
		} `json:"PurchaseData"`
	}{plain: (*plain)(i), Details: i.Details}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	i.Details.EshopName = wire.Purchase.EshopName
	// The sample has its transactions in HistoryList, and its stub a second list.
	for _, list := range []json.RawMessage{wire.History, wire.Transactions} {
		var transactions []*Transaction
		if json.Unmarshal(list, &transactions) != nil || len(i.Transactions) > 0 {
			continue
		}
		for _, one := range transactions {
			if one != nil { // null is no transaction
				i.Transactions = append(i.Transactions, *one)
			}
		}
	}
	return nil
}

// UnmarshalJSON reads an item of HistoryList.
func (t *Transaction) UnmarshalJSON(data []byte) error {
	type plain Transaction // without this method
	*t = Transaction{Details: &TransactionDetails{}}
	wire := struct {
		*plain
		*TransactionDetails
	}{(*plain)(t), t.Details}
	return json.Unmarshal(data, &wire)
}

// parseInvoices reads the result of getInvoicesHistory. Details are dropped unless they are
// asked for: ten thousand invoices would hold them.
func parseInvoices(result json.RawMessage, details bool) ([]Invoice, error) {
	var wire struct {
		List []Invoice `json:"InvoicesHistoryList"` // null or left out for none
	}
	if err := json.Unmarshal(result, &wire); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(wire.List, func(i Invoice) bool { return i.ID == "" }) {
		return nil, errors.New("it holds an invoice without an id")
	}
	if !details {
		for i := range wire.List {
			wire.List[i].dropDetails()
		}
	}
	return wire.List, nil
}
