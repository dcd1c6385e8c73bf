package invoiceapi

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// Types of a terminal as the guide writes them (section 7.2.1). The vendor's
// SDKs write "statical" and "dynamical"; answers are understood either way.
const (
	TerminalStatic  = "static"
	TerminalDynamic = "dynamic"
)

// Terminal is a payment page that stays (guide, sections 7.2.1 and 7.2.2). The
// API never gives back the logo, and the alias only if it is as the vendor's SDKs
// expect.
type Terminal struct {
	ID           values.ID       `json:"id"`
	Alias        values.ID       `json:"alias"`
	Name         string          `json:"name"`
	Description  string          `json:"description"`
	URL          string          `json:"link"`
	Type         TerminalType    `json:"type"`
	DefaultPrice *values.Decimal `json:"defaultPrice"`
	CanComments  *bool           `json:"canComments"`

	saysDefaultPrice bool
}

func (t *Terminal) identity() values.ID { return t.ID }

// UnmarshalJSON reads texts leniently and remembers whether there was a
// defaultPrice at all: null means that the terminal has none, and a gateway that
// leaves the field out says nothing.
func (t *Terminal) UnmarshalJSON(data []byte) error {
	type plain Terminal // without this method
	wire := struct {
		*plain
		Alias        values.Text     `json:"alias"`
		Name         values.Text     `json:"name"`
		Description  values.Text     `json:"description"`
		DefaultPrice json.RawMessage `json:"defaultPrice"`
		CanComments  values.Text     `json:"canComments"`
	}{plain: (*plain)(t)}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	t.Alias, t.Name, t.Description = values.ID(wire.Alias), string(wire.Name), string(wire.Description)
	t.CanComments = nil
	switch wire.CanComments {
	case "true", "1":
		t.CanComments = new(true)
	case "false", "0":
		t.CanComments = new(false)
	}
	t.saysDefaultPrice = len(wire.DefaultPrice) > 0
	t.DefaultPrice = nil
	if !t.saysDefaultPrice {
		return nil
	}
	return json.Unmarshal(wire.DefaultPrice, &t.DefaultPrice)
}

// TerminalType is "static" or "dynamic", or whatever else the gateway writes.
type TerminalType string

// UnmarshalText takes both spellings.
func (t *TerminalType) UnmarshalText(text []byte) error {
	switch string(text) {
	case "statical":
		*t = TerminalStatic
	case "dynamical":
		*t = TerminalDynamic
	default:
		*t = TerminalType(text)
	}
	return nil
}

// CreateTerminalRequest is what CreateTerminal takes (section 7.2.1). Amounts
// are in the currency of the terminal, with at most two decimals.
type CreateTerminalRequest struct {
	Name         string          `json:"name"`
	Alias        string          `json:"alias"`
	Description  string          `json:"description,omitempty"`
	Type         string          `json:"type,omitempty"`
	Logo         string          `json:"logo,omitempty"`
	DefaultPrice *values.Decimal `json:"defaultPrice,omitempty"`
	CanComments  *bool           `json:"canComments,omitempty"`
}

// Differences compares an existing terminal with a request, in the fields that the
// gateway gives back. What was left to the gateway (no type, no canComments) cannot
// differ.
func (t *Terminal) Differences(want CreateTerminalRequest) Differences {
	var d Differences
	if t.Name != "" {
		d.text("name", want.Name, t.Name)
	}
	if want.Type != "" && t.Type != "" {
		d.text("type", want.Type, string(t.Type))
	}
	if t.saysDefaultPrice || t.DefaultPrice != nil {
		d.decimal("default_price", want.DefaultPrice, t.DefaultPrice)
	}
	if want.CanComments != nil && t.CanComments != nil && *want.CanComments != *t.CanComments {
		d.text("can_comments", strconv.FormatBool(*want.CanComments), strconv.FormatBool(*t.CanComments))
	}
	if want.Description != t.Description {
		d = append(d, Difference{Field: "description", Want: want.Description, Got: t.Description, Rewritable: true})
	}
	return d
}

// CreateTerminal creates a terminal whose alias is known to be free. Nothing
// in the API changes or deletes one.
func (c *Client) CreateTerminal(ctx context.Context, request CreateTerminalRequest) (*Terminal, error) {
	return transport.CreateByKey(ctx, c.gateway, opCreateTerminal,
		func(ctx context.Context) (*Terminal, error) {
			terminal, err := call[Terminal](ctx, c, opCreateTerminal, request)
			return c.withAlias(opCreateTerminal, request.Alias, terminal, err)
		},
		func(ctx context.Context) (*Terminal, error) { return c.FindTerminal(ctx, request.Alias) },
		func(found *Terminal) error { return found.Differences(request).Hard().asError() })
}

// FindTerminal looks a terminal up by its alias; nil when there is none.
func (c *Client) FindTerminal(ctx context.Context, alias string) (*Terminal, error) {
	terminal, err := call[Terminal](ctx, c, opGetTerminal, map[string]string{"alias": alias})
	terminal, err = c.withAlias(opGetTerminal, alias, terminal, err)
	return unlessNotFound(terminal, err, CodeTerminalAlias, CodeTerminalID)
}

// withAlias refuses an answer about a terminal with another alias, where the
// answer names one. The vendor's SDKs also use the id as the alias.
func (c *Client) withAlias(operation, alias string, terminal *Terminal, err error) (*Terminal, error) {
	if err != nil || isSameID(terminal.Alias, alias) || values.SameID(string(terminal.ID), alias) {
		return terminal, err
	}
	return nil, c.aboutAnother(operation, "terminal", alias, terminal.Alias)
}

// FindTerminalByID looks a terminal up by its id; nil when there is none. The
// guide calls the alias mandatory, its sample and the vendor's SDKs do not.
func (c *Client) FindTerminalByID(ctx context.Context, id string) (*Terminal, error) {
	terminal, err := callByID[Terminal](ctx, c, opGetTerminal, "terminal", id)
	return unlessNotFound(terminal, err, CodeTerminalID)
}
