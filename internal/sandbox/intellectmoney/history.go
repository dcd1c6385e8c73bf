package intellectmoney

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// filterTime is yyyy-MM-dd HH:mm:ss (document, DateFrom), in Moscow [I]. A public
// client sends filterDay, which is its midnight [P].
const (
	filterTime = "2006-01-02 15:04:05"
	filterDay  = "2006-01-02"
)

// history is /personal/payment/getInvoicesHistory.
func (c *call) history() (fields, error) {
	skip, take, order := c.number("Skip"), c.take(), c.order()
	withTransactions := c.flag("IncludePaymentTransactions")
	selected := c.selection()
	if c.mistake != nil {
		return nil, c.mistake
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
	// The inner query finds the page in an index, or sorts narrow rows.
	page := `WHERE id IN (SELECT id FROM intellectmoney_invoices ` + selected.Where() + order + ` LIMIT ? OFFSET ?)` + order
	args := slices.Concat(selected.Args, []any{take, skip})
	found, err := invoices.Select(c.tx, page, args...)
	if err != nil {
		return nil, err
	}
	if withTransactions || c.Is(transactionList, "always") {
		if err := findTransactions(c.tx, found, page, args...); err != nil {
			return nil, err
		}
	}
	list := make([]any, 0, len(found))
	for n := range found {
		list = append(list, c.answer(&found[n], withTransactions))
	}
	return fields{{"InvoicesHistoryList", list}}, nil
}

// take reads how many invoices to return. The parameter is required (document).
// That 0 is refused is [I].
func (c *call) take() int {
	limit := c.Number(maxTake)
	take := c.number("Take")
	switch {
	case c.values["Take"] == "":
		c.refuse("Не указан обязательный параметр Take.")
	case take == 0:
		c.wrong("Take")
	case take > limit && c.Is(longTake, "error"):
		c.refuse("Параметр Take не может быть больше " + strconv.Itoa(limit) + ".")
	}
	return min(take, limit)
}

// order reads SortOrder (document, 0 to 4). The id decides between equal values
// [I].
func (c *call) order() string {
	keys := []string{"creation_date", "creation_date", "change_date", "state_number", "CAST(amount AS REAL)"}
	sort := c.number("SortOrder")
	if sort >= len(keys) {
		c.wrong("SortOrder")
		return ""
	}
	way := " DESC"
	if sort == 0 && c.Is(firstOrder, "oldest") || sort > 0 && c.Is(direction, "ascending") {
		way = " ASC"
	}
	return ` ORDER BY ` + keys[sort] + way + `, id` + way
}

// selection reads the filters. An unknown shop or organisation selects nothing
// [I].
func (c *call) selection() (selected sandbox.Selection) {
	for _, id := range []struct {
		parameter, column string
		digits            int
	}{{"EshopId", "eshop_id", 6}, {"OrganizationId", "organization_id", 5}, {"InvoiceId", "id", 10}} {
		sent := c.values[id.parameter]
		if sent == "" {
			continue
		}
		if !allDigits(sent) || len(sent) > id.digits || (id.parameter == "InvoiceId" && (len(sent) != id.digits || sent[0] != '3')) {
			c.wrong(id.parameter)
		}
		selected.Add(id.column+` = ?`, sent)
	}
	if c.values["State"] != "" {
		selected.Add(`state_number = ?`, c.state())
	}
	if email := c.values["OwnerEmail"]; email != "" {
		if utf8.RuneCountInString(email) > 100 {
			c.wrong("OwnerEmail")
		}
		selected.Add(`owner_email = ? COLLATE NOCASE`, email) // in any case [I]
	}
	if c.flag("WithRefunds") {
		selected.Add(`has_refunds`)
	}
	if !c.flag("IsHoldingSearch") && c.Is(holding, "own") {
		selected.Add(`organization_id = ?`, DemoOrganizationID)
	}
	c.periods(&selected)
	return selected
}

// state reads the number of a state, or its name: so a public client filters [P].
func (c *call) state() int {
	if number, isName := stateNumbers[c.values["State"]]; isName && c.Is(checks, "clients") {
		return number
	}
	number := c.number("State")
	if !slices.Contains([]int{0, 1, 2, 3, 4, 6}, number) {
		c.wrong("State")
	}
	return number
}

// periods reads the two pairs of dates. Either end may be left out.
func (c *call) periods(selected *sandbox.Selection) {
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
		if err != nil && c.Is(checks, "clients") {
			at, err = time.Parse(filterDay, sent)
		}
		if err != nil || !strings.HasPrefix(at.Format(filterTime), sent) {
			c.refuse("Неверный формат параметра " + end.parameter + ": ожидается yyyy-MM-dd HH:mm:ss.")
		}
		selected.Add(end.column+` `+end.compare+` ?`, at.Format(storedFormat))
	}
}

// number reads a whole number that is not negative. An absent one is 0.
func (c *call) number(name string) int {
	sent := c.values[name]
	number, err := strconv.Atoi(sent)
	if sent != "" && (err != nil || !allDigits(sent)) {
		c.wrong(name)
		return 0
	}
	return number
}

// flag reads true or false, also as .NET writes them [I].
func (c *call) flag(name string) bool {
	switch strings.ToLower(c.values[name]) {
	case "true":
		return true
	case "", "false":
	default:
		c.wrong(name)
	}
	return false
}

func (c *call) wrong(name string) {
	c.refuse("Неверное значение параметра " + name + ".")
}

// refuse records a mistake. Only the first one counts.
func (c *call) refuse(desc string) {
	if c.mistake == nil {
		c.mistake = refuse(desc)
	}
}

func allDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
