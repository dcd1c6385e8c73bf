package paykeeper

import (
	"database/sql/driver"
	"slices"
	"strconv"
	"strings"
	"time"

	"modernc.org/sqlite"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// list is /info/invoice/list/ (document, section 3.2), newest first.
func (c *call) list() (any, error) {
	selected, err := c.history()
	if err != nil {
		return nil, err
	}
	from, err := c.count("from", 0)
	if err != nil {
		return nil, err
	}
	limit, err := c.count("limit", c.Number(maxPage))
	if err != nil {
		return nil, err
	}
	return c.answers(selected, ` LIMIT ? OFFSET ?`, min(limit, c.Number(maxPage)), from)
}

// listCount is /info/invoice/listcount/ (document, section 3.3). A status
// without invoices is left out, as by SQL's GROUP BY [I]. fullcount is the sum
// of the counts [I].
func (c *call) listCount() (any, error) {
	selected, err := c.history()
	if err != nil {
		return nil, err
	}
	counts, err := sandbox.CountBy(c.tx, `(SELECT `+shownStatus+` AS shown FROM paykeeper_invoices `+selected.Where()+`)`, `shown`, selected.Args...)
	if err != nil {
		return nil, err
	}
	statuses, total := []map[string]string{}, 0
	for _, status := range historyStatuses {
		if counts[status] > 0 {
			statuses = append(statuses, map[string]string{"status": status, "count": strconv.Itoa(counts[status])})
			total += counts[status]
		}
	}
	var full any = []map[string]string{{"count": strconv.Itoa(total)}}
	if c.Is(fullCount, "number") {
		full = total
	}
	return map[string]any{"statuses": statuses, "fullcount": full}, nil
}

// search is /info/invoice/search/ [V]. It includes created invoices [P]. Which
// fields the server searches is not known: here all that people remember, in
// any part and in any case [?]. It has no pages: it returns at most maxFound
// invoices [I].
func (c *call) search() (any, error) {
	selected, err := c.period()
	if err != nil {
		return nil, err
	}
	selected.Add(`paykeeper_remembers(?, id, clientid, orderid, service_name, client_email, client_phone)`, c.form.Get("query"))
	return c.answers(selected, ` LIMIT ?`, maxFound)
}

const maxFound = 100

// SQLite folds the case of ASCII only, so search has a function of its own. It
// reports whether any field contains the query. Functions belong to the driver,
// not to a database.
func init() {
	sqlite.MustRegisterDeterministicScalarFunction("paykeeper_remembers", -1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		query, fields := args[0], args[1:]
		return slices.ContainsFunc(fields, func(field driver.Value) bool {
			return strings.Contains(lower(field), lower(query))
		}), nil
	})
}

func lower(value driver.Value) string {
	text, _ := value.(string)
	return strings.ToLower(text)
}

// answers are the selected invoices, newest first. end selects a page of them.
func (c *call) answers(selected sandbox.Selection, end string, args ...any) ([]invoiceAnswer, error) {
	found, err := invoices.Select(c.tx, selected.Where()+
		` ORDER BY created_datetime DESC, number DESC`+end, append(selected.Args, args...)...)
	answers := make([]invoiceAnswer, 0, len(found))
	for _, i := range found {
		answers = append(answers, c.answer(i))
	}
	return answers, err
}

// historyStatuses are the statuses in the history. Created invoices are not in
// it (document, section 3.4).
var historyStatuses = []string{"sent", "paid", "expired"}

// shownStatus is the SQL of status.
const shownStatus = `CASE status WHEN 'revoked' THEN 'expired' ELSE status END`

// history are the invoices that list and listcount select.
func (c *call) history() (sandbox.Selection, error) {
	wanted := c.form["status[]"]
	for _, status := range wanted {
		if !slices.Contains(historyStatuses, status) {
			return sandbox.Selection{}, refuse("Неверный статус " + status + ".")
		}
	}
	if len(wanted) == 0 {
		wanted = historyStatuses
	}
	selected, err := c.period()
	var args []any
	for _, status := range wanted {
		args = append(args, status)
	}
	selected.Add(shownStatus+` IN (?`+strings.Repeat(`,?`, len(args)-1)+`)`, args...)
	return selected, err
}

// period are the invoices of the requested days. Either end may be left out
// [?]. A day with a '~' behind it sorts after all times of that day and before
// the next day.
func (c *call) period() (sandbox.Selection, error) {
	var selected sandbox.Selection
	after, err := c.day("start_date")
	if err != nil {
		return selected, err
	}
	before, err := c.day("end_date")
	if err != nil {
		return selected, err
	}
	inclusive := c.Is(periodEnds, "inclusive")
	if after != "" {
		if !inclusive {
			after += "~"
		}
		selected.Add(`created_datetime > ?`, after)
	}
	if before != "" {
		if inclusive {
			before += "~"
		}
		selected.Add(`created_datetime < ?`, before)
	}
	if c.Is(revoked, "missing") {
		selected.Add(`status <> 'revoked'`)
	}
	return selected, nil
}

func (c *call) day(name string) (string, error) {
	sent := c.form.Get(name)
	if sent == "" {
		return "", nil
	}
	if _, err := time.Parse(dateFormat, sent); err != nil {
		return "", refuse("Неверный формат " + name + ": ожидается YYYY-MM-DD.")
	}
	return sent, nil
}

// count reads a whole number that is not negative. fallback stands for an
// absent one.
func (c *call) count(name string, fallback int) (int, error) {
	sent := c.form.Get(name)
	if sent == "" {
		return fallback, nil
	}
	count, err := strconv.Atoi(sent)
	if err != nil || count < 0 {
		return 0, refuse("Неверное значение " + name + ".")
	}
	return count, nil
}
