package intellectmoney

import (
	"encoding/json"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// Details are what few callers want to know of an invoice.
type Details struct {
	HoldMode       Flag        `json:"HoldModeFlag"`
	OriginalAmount Money       `json:"OriginalAmount"`
	Surcharge      Money       `json:"SurchargeAmount"`
	OwnerName      values.Text `json:"OwnerFIO"`
	EshopName      values.Text `json:"-"` // of PurchaseData
	IsRecurrent    Flag        `json:"IsRecurrent"`
	FormType       values.Text `json:"FormType"`
	// Receipt is a JSON document in a string.
	Receipt        values.Text `json:"MerchantReceipt"`
	AdditionalInfo Pairs       `json:"AdditionalInfo"`
}

// TransactionDetails are what few callers want to know of a transaction.
type TransactionDetails struct {
	Account          values.Text `json:"Account"`
	PaymentAccount   values.Text `json:"PaymentAccount"`
	RecipientAccount values.Text `json:"RecipientAccount"`
	// ShortPAN is the number of the card, masked by the gateway.
	ShortPAN values.Text `json:"ShortPan"`
	Country  values.Text `json:"Country"`
	Bank     values.Text `json:"Bank"`
	Email    values.Text `json:"UserEmail"`
}

func (i *Invoice) dropDetails() {
	i.Details = nil
	for n := range i.Transactions {
		i.Transactions[n].Details = nil
	}
}

// Flag is true, false, or absent.
type Flag struct{ Value *bool }

// UnmarshalJSON never fails.
func (f *Flag) UnmarshalJSON(data []byte) error {
	var value *bool
	if json.Unmarshal(data, &value) == nil {
		f.Value = value
	}
	return nil
}

// Pair is a line of additional information.
type Pair struct {
	Key   values.Text `json:"Key"`
	Value values.Text `json:"Value"`
}

// Pairs are the lines of it.
type Pairs []Pair

// UnmarshalJSON never fails.
func (p *Pairs) UnmarshalJSON(data []byte) error {
	var pairs []Pair
	if json.Unmarshal(data, &pairs) == nil {
		*p = pairs
	}
	return nil
}
