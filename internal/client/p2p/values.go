package p2p

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// Reading the types below never fails: a strange field must not lose an invoice that
// was just created.

// Money is a sum of an answer: {"amount":"1000.00","currency":"RUB","subunit":2},
// null, or an amount alone.
type Money struct {
	Amount   *values.Decimal // nil when the gateway gives none
	Currency string
	Subunit  int // how many decimals the currency has
}

// UnmarshalJSON reads what it can.
func (m *Money) UnmarshalJSON(data []byte) error {
	*m = Money{}
	data = bytes.TrimSpace(data)
	if len(data) == 0 || data[0] != '{' {
		m.Amount = values.ReadDecimal(data)
		return nil
	}
	var wire struct {
		Amount   json.RawMessage `json:"amount"`
		Currency values.Text     `json:"currency"`
		Subunit  values.Text     `json:"subunit"`
	}
	if json.Unmarshal(data, &wire) == nil {
		m.Amount, m.Currency = values.ReadDecimal(wire.Amount), string(wire.Currency)
		// Atoi returns the largest number for one out of range.
		if subunit, err := strconv.Atoi(string(wire.Subunit)); err == nil {
			m.Subunit = subunit
		}
	}
	return nil
}

// PaidSum is the sum of a deal's payment: {"amount":"1000.00","currency":"RUB"}, alone or as its
// "sum". The document's only sample is null. A text or a number may be an id: it is no sum.
type PaidSum struct{ Money }

// UnmarshalJSON reads what it can.
func (p *PaidSum) UnmarshalJSON(data []byte) error {
	*p = PaidSum{}
	var wire struct {
		Amount   json.RawMessage `json:"amount"`
		Currency values.Text     `json:"currency"`
		Sum      Money           `json:"sum"`
	}
	if data = bytes.TrimSpace(data); len(data) == 0 || data[0] != '{' {
		return nil
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		return nil //nolint:nilerr // Another shape is no sum.
	}
	p.Money = wire.Sum
	if amount := values.ReadDecimal(wire.Amount); amount != nil {
		p.Money = Money{Amount: amount, Currency: string(wire.Currency)}
	}
	return nil
}

// Requisites are where money goes to: a card, a phone, an account
// (RequisitesDTO). They are masked in logs.
type Requisites struct {
	Requisites string `json:"requisites"`
	Holder     string `json:"holder,omitempty"`
}

// UnmarshalJSON also reads a bare text, which is requisites without a holder, and the
// names of each kind of requisites.
func (r *Requisites) UnmarshalJSON(data []byte) error {
	*r = Requisites{}
	if r.Requisites = words(data); r.Requisites != "" {
		return nil
	}
	var wire struct {
		Requisites json.RawMessage `json:"requisites"`
		kinds
		Holder values.Text `json:"holder"`
	}
	if json.Unmarshal(data, &wire) == nil {
		r.Requisites, r.Holder = cmp.Or(words(wire.Requisites), wire.number()), string(wire.Holder)
	}
	return nil
}

// kinds are the names of requisites by their kind.
type kinds struct {
	CardNumber json.RawMessage `json:"cardNumber"`
	Card       json.RawMessage `json:"card"`
	Phone      json.RawMessage `json:"phone"`
}

func (k kinds) number() string { return cmp.Or(words(k.CardNumber), words(k.Card), words(k.Phone)) }

// words is a text, or a number as it is written; "" for anything else.
func words(data json.RawMessage) string {
	var text values.ID
	if len(data) == 0 || json.Unmarshal(data, &text) != nil {
		return ""
	}
	return string(text)
}

// UnmarshalJSON looks for the requisites beside the deal's other fields, too.
func (d *Deal) UnmarshalJSON(data []byte) error {
	type plain Deal
	var wire struct {
		*plain
		kinds
	}
	*d = Deal{}
	wire.plain = (*plain)(d)
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	if number := wire.number(); number != "" && (d.Requisites == nil || d.Requisites.Requisites == "") {
		if d.Requisites == nil {
			d.Requisites = &Requisites{}
		}
		d.Requisites.Requisites = number
	}
	return nil
}

// Deals are the deals of an invoice. With startDeal and nobody free there are none.
type Deals []Deal

// UnmarshalJSON reads a list, null, and one deal alone; what is no deal is left out.
func (d *Deals) UnmarshalJSON(data []byte) error {
	*d = nil
	data = bytes.TrimSpace(data)
	var list []json.RawMessage
	if json.Unmarshal(data, &list) != nil {
		list = []json.RawMessage{data}
	}
	for _, one := range list {
		if len(one) == 0 || one[0] != '{' {
			continue
		}
		var deal Deal
		if json.Unmarshal(one, &deal) == nil {
			*d = append(*d, deal)
		}
	}
	return nil
}

// with adds a deal that stands alone, beside the list or instead of it, unless the
// list has it already.
func (d Deals) with(alone Deals) Deals {
	for _, one := range alone {
		if !slices.ContainsFunc(d, func(listed Deal) bool { return values.SameID(string(listed.ID), string(one.ID)) }) {
			d = append(d, one)
		}
	}
	return d
}

// Flag is a boolean that PHP may write as 1, "1" or "true"; nil is not given.
type Flag struct{ Value *bool }

// UnmarshalJSON reads what it can.
func (f *Flag) UnmarshalJSON(data []byte) error {
	f.Value = nil
	var text values.Text
	if json.Unmarshal(data, &text) == nil {
		if value, err := strconv.ParseBool(string(text)); err == nil {
			f.Value = &value
		}
	}
	return nil
}
