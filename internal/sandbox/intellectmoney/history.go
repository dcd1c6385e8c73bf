package intellectmoney

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// filterTime is yyyy-MM-dd HH:mm:ss (document, DateFrom), in
// Moscow [I].
const filterTime = "2006-01-02 15:04:05"

// history is /personal/payment/getInvoicesHistory.
func (c *call) history() (fields, error) {
	skip, err := c.number("Skip")
	if err != nil {
		return nil, err
	}
	take, err := c.take()
	if err != nil {
		return nil, err
	}
	order, err := c.order()
	if err != nil {
		return nil, err
	}
	transactions, err := c.flag("IncludePaymentTransactions")
	if err != nil {
		return nil, err
	}
	selected, err := c.selection()
	if err != nil {
		return nil, err
	}
	if limit := c.options.MaxInvoices; limit > 0 {
		var count int
		if err := c.tx.QueryRow(`SELECT COUNT(*) FROM intellectmoney_invoices `+selected.Where(), selected.Args...).Scan(&count); err != nil {
			return nil, err
		}
		if count > limit {
			return nil, errTooMany
		}
	}
	// The inner query finds the page in an index, or sorts what is no wider
	// than an id and a key.
	page := `WHERE id IN (SELECT id FROM intellectmoney_invoices ` + selected.Where() + order + ` LIMIT ? OFFSET ?)` + order
	args := slices.Concat(selected.Args, []any{take, skip})
	found, err := invoices.Select(c.tx, page, args...)
	if err != nil {
		return nil, err
	}
	if transactions || c.Is(transactionList, "always") {
		if err := findTransactions(c.tx, found, page, args...); err != nil {
			return nil, err
		}
	}
	list := make([]any, 0, len(found))
	for n := range found {
		list = append(list, c.answer(&found[n], transactions))
	}
	return fields{{"InvoicesHistoryList", list}}, nil
}

// take reads how many invoices are wanted, which must be sent (document). That
// 0 is refused is [I].
func (c *call) take() (int, error) {
	limit := c.Number(maxTake)
	take, err := c.number("Take")
	switch {
	case err != nil:
		return 0, err
	case c.values["Take"] == "":
		return 0, refuse("Не указан обязательный параметр Take.")
	case take == 0:
		return 0, c.wrong("Take")
	case take > limit && c.Is(longTake, "error"):
		return 0, refuse("Параметр Take не может быть больше " + strconv.Itoa(limit) + ".")
	}
	return min(take, limit), nil
}

// order reads SortOrder (document, 0 to 4). Among equals the id decides [I].
func (c *call) order() (string, error) {
	sort, err := c.number("SortOrder")
	keys := []string{"creation_date", "creation_date", "change_date", "state_number", "CAST(amount AS REAL)"}
	switch {
	case err != nil:
		return "", err
	case sort >= len(keys):
		return "", c.wrong("SortOrder")
	}
	way := " DESC"
	if sort == 0 && c.Is(firstOrder, "oldest") || sort > 0 && c.Is(direction, "ascending") {
		way = " ASC"
	}
	return ` ORDER BY ` + keys[sort] + way + `, id` + way, nil
}

// selection reads the filters. One that nothing matches selects nothing, also
// when there is no such shop or organisation [I].
func (c *call) selection() (sandbox.Selection, error) {
	var selected sandbox.Selection
	for _, id := range []struct {
		parameter, column string
		digits            int
	}{{"EshopId", "eshop_id", 6}, {"OrganizationId", "organization_id", 5}, {"InvoiceId", "id", 10}} {
		sent := c.values[id.parameter]
		if sent == "" {
			continue
		}
		if !allDigits(sent) || len(sent) > id.digits || (id.parameter == "InvoiceId" && (len(sent) != id.digits || sent[0] != '3')) {
			return selected, c.wrong(id.parameter)
		}
		selected.Add(id.column+` = ?`, sent)
	}
	if sent := c.values["State"]; sent != "" {
		number, err := c.number("State")
		if err != nil || !slices.Contains([]int{0, 1, 2, 3, 4, 6}, number) {
			return selected, c.wrong("State")
		}
		selected.Add(`state_number = ?`, number)
	}
	if email := c.values["OwnerEmail"]; email != "" {
		if utf8.RuneCountInString(email) > 100 {
			return selected, c.wrong("OwnerEmail")
		}
		selected.Add(`owner_email = ? COLLATE NOCASE`, email) // Whatever its case [I].
	}
	refunds, err := c.flag("WithRefunds")
	if err != nil {
		return selected, err
	}
	if refunds {
		selected.Add(`has_refunds`)
	}
	everywhere, err := c.flag("IsHoldingSearch")
	if err != nil {
		return selected, err
	}
	if !everywhere && c.Is(holding, "own") {
		selected.Add(`organization_id = ?`, DemoOrganizationID)
	}
	return selected, c.periods(&selected)
}

// periods reads the two pairs of dates, each end of which may be left out.
func (c *call) periods(selected *sandbox.Selection) error {
	from, to := `>=`, `<=`
	if c.Is(periodEnds, "exclusive") {
		from = `>`
	}
	if !c.Is(periodEnds, "inclusive") {
		to = `<`
	}
	for _, end := range []struct{ parameter, column, compare string }{
		{"DateFrom", "creation_date", from}, {"DateTo", "creation_date", to},
		{"ChangeDateFrom", "change_date", from}, {"ChangeDateTo", "change_date", to},
	} {
		sent := c.values[end.parameter]
		if sent == "" {
			continue
		}
		at, err := time.Parse(filterTime, sent)
		if err != nil || at.Format(filterTime) != sent {
			return refuse("Неверный формат параметра " + end.parameter + ": ожидается yyyy-MM-dd HH:mm:ss.")
		}
		selected.Add(end.column+` `+end.compare+` ?`, at.Format(storedFormat))
	}
	return nil
}

// number reads a whole number that is not negative; 0 when it was not sent.
func (c *call) number(name string) (int, error) {
	sent := c.values[name]
	if sent == "" {
		return 0, nil
	}
	number, err := strconv.Atoi(sent)
	if err != nil || !allDigits(sent) {
		return 0, c.wrong(name)
	}
	return number, nil
}

// flag reads true or false, in the case of .NET, too [I].
func (c *call) flag(name string) (bool, error) {
	switch strings.ToLower(c.values[name]) {
	case "true":
		return true, nil
	case "", "false":
		return false, nil
	}
	return false, c.wrong(name)
}

func (c *call) wrong(name string) error {
	return refuse("Неверное значение параметра " + name + ".")
}

func allDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
