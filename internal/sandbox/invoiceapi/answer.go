package invoiceapi

import (
	"encoding/json"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// terminalAnswer has the fields of guide section 7.2.1, without alias and logo.
// A default price that was not sent is null [?]. With terminal_fields=sdk it has
// those that the models of vendor SDKs have, and no others.
func (c *call) terminalAnswer(t Terminal) any {
	kind := t.Type
	if c.Is(terminalTypes, "statical") {
		kind += "al"
	}
	answer := map[string]any{
		"id":           c.idAnswer(t.ID),
		"link":         c.base + terminalPath + t.ID,
		"name":         t.Name,
		"description":  t.Description,
		"type":         kind,
		"defaultPrice": sandbox.OrNull(json.Number(t.DefaultPrice)),
		"canComments":  t.CanComments,
	}
	if c.Is(terminalAlias, "shown") || c.Is(terminalFields, "sdk") {
		answer["alias"] = t.Alias
	}
	if c.Is(terminalFields, "sdk") {
		delete(answer, "canComments")
	}
	return answer
}

// paymentAnswer has the fields of guide section 7.2.3, and payment_method [P].
// update_date and custom_parameters may be null [P]. So is a payment method that
// nobody has picked yet: vendor SDKs read it into an enumeration [V]. Other texts
// that were not sent are empty [?].
func (c *call) paymentAnswer(p Payment) any {
	return map[string]any{
		"id":                 c.idAnswer(p.ID),
		"order":              map[string]any{"currency": p.Currency, "amount": sandbox.OrNull(json.Number(p.Amount)), "description": p.Description, "id": p.OrderID},
		"status":             c.statusAnswer(p.Status),
		"status_description": p.StatusDescription,
		"create_date":        p.CreatedAt,
		"update_date":        sandbox.OrNull(p.UpdatedAt),
		"expire_date":        sandbox.OrNull(p.ExpiresAt),
		"custom_parameters":  sandbox.OrNull(json.RawMessage(p.CustomParameters)),
		"payment_url":        c.base + payPath + p.ID,
		"payment_method":     map[string]any{"type": sandbox.OrNull(p.PaymentMethod), "terminal_id": c.idAnswer(p.TerminalID)},
	}
}

// refundAnswer has the fields of guide section 7.2.7. In the guide's sample
// funds is the amount of the payment minus bonuses. Here nobody pays with
// bonuses.
func (c *call) refundAnswer(r Refund, p Payment) any {
	created, updated := "create_date", "update_date"
	if c.Is(dateNames, "date_insert") {
		created, updated = "date_insert", "date_update"
	}
	return map[string]any{
		"id":         c.idAnswer(r.ID),
		"refund":     map[string]any{"currency": r.Currency, "amount": sandbox.OrNull(json.Number(r.Amount)), "reason": r.Reason},
		"status":     c.statusAnswer(r.Status),
		"payment_id": c.idAnswer(r.PaymentID),
		"payment_method": map[string]any{
			"terminal_id": c.idAnswer(p.TerminalID),
			"type":        sandbox.OrNull(p.PaymentMethod),
			"account":     p.Account,
			"funds":       sandbox.OrNull(json.Number(p.Amount)),
			"bonuses":     0,
		},
		created:             r.CreatedAt,
		updated:             sandbox.OrNull(r.UpdatedAt),
		"custom_parameters": sandbox.OrNull(json.RawMessage(p.CustomParameters)),
	}
}

// statusAnswer is a status as the dialect writes it.
func (g *Gateway) statusAnswer(status string) string {
	if status == "fail" {
		return g.Value(failedStatus)
	}
	return status
}

// errorAnswer is an error body. additions name the fields that are wrong, so an
// error about none has no additions: vendor SDKs cannot read them [V].
func (g *Gateway) errorAnswer(e *apiError) any {
	answer := map[string]any{"error": int(e.code), "description": e.description}
	if len(e.additions) > 0 && g.Is(terminalFields, "guide") {
		answer["additions"] = e.additions
	}
	return answer
}

// idAnswer is an id as the dialect writes it. With ids=number an id of hex
// digits stays a string: a gateway does not rename its objects.
func (g *Gateway) idAnswer(id string) any {
	if g.Is(ids, "number") && id != "" && len(id) < 16 && strings.Trim(id, "0123456789") == "" {
		return json.Number(id)
	}
	return id
}
