package sandbox

import (
	"database/sql/driver"
	"slices"
	"strconv"
	"strings"
	"time"

	"modernc.org/sqlite"
)

// list is /info/invoice/list/ (document, section 3.2), newest first.
func (c *paykeeperCall) list() (any, error) {
	selected, err := c.history()
	if err != nil {
		return nil, err
	}
	from, err := c.count("from", 0)
	if err != nil {
		return nil, err
	}
	limit, err := c.count("limit", c.dialect.PayKeeperMaxPage)
	if err != nil {
		return nil, err
	}
	return c.answers(selected, ` LIMIT ? OFFSET ?`, min(limit, c.dialect.PayKeeperMaxPage), from)
}

// listCount is /info/invoice/listcount/ (document, section 3.3). A status that
// no invoice has is left out, as SQL's GROUP BY does [I], and fullcount counts
// what the statuses select [I].
func (c *paykeeperCall) listCount() (any, error) {
	selected, err := c.history()
	if err != nil {
		return nil, err
	}
	counts, err := countBy(c.tx, `(SELECT `+paykeeperShownStatus+` AS shown FROM paykeeper_invoices `+selected.where()+`)`, `shown`, selected.args...)
	if err != nil {
		return nil, err
	}
	statuses, total := []map[string]string{}, 0
	for _, status := range paykeeperHistory {
		if counts[status] > 0 {
			statuses = append(statuses, map[string]string{"status": status, "count": strconv.Itoa(counts[status])})
			total += counts[status]
		}
	}
	var full any = []map[string]string{{"count": strconv.Itoa(total)}}
	if c.dialect.PayKeeperFullCount == "number" {
		full = total
	}
	return map[string]any{"statuses": statuses, "fullcount": full}, nil
}

// search is /info/invoice/search/ [V]. It includes created invoices [P]. Which
// fields it looks at is not known: here all that people remember, for any part
// of them, whatever its case [?]. It has no pages: more than that many are held
// back [I].
func (c *paykeeperCall) search() (any, error) {
	selected, err := c.period()
	if err != nil {
		return nil, err
	}
	selected.add(`paykeeper_remembers(?, id, clientid, orderid, service_name, client_email, client_phone)`, c.form.Get("query"))
	return c.answers(selected, ` LIMIT ?`, paykeeperMostFound)
}

const paykeeperMostFound = 100

// SQLite's own functions fold the case of ASCII only, so search brings one
// that says whether any field holds the query. Functions belong to the driver,
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

// answers are the invoices selected, newest first, as the end of the query
// pages them.
func (c *paykeeperCall) answers(selected selection, end string, args ...any) ([]paykeeperInvoiceAnswer, error) {
	invoices, err := collect(c.tx, scanPayKeeperInvoice, selectPayKeeperInvoices+selected.where()+
		` ORDER BY created_datetime DESC, number DESC`+end, append(selected.args, args...)...)
	answers := make([]paykeeperInvoiceAnswer, 0, len(invoices))
	for _, i := range invoices {
		answers = append(answers, c.answer(i))
	}
	return answers, err
}

// paykeeperHistory are the statuses that the history shows: created ones are
// left out (document, section 3.4).
var paykeeperHistory = []string{"sent", "paid", "expired"}

// paykeeperShownStatus is a status as answers have it, see status.
const paykeeperShownStatus = `CASE status WHEN 'revoked' THEN 'expired' ELSE status END`

// history are the invoices that list and listcount select.
func (c *paykeeperCall) history() (selection, error) {
	wanted := c.form["status[]"]
	for _, status := range wanted {
		if !slices.Contains(paykeeperHistory, status) {
			return selection{}, paykeeperRefuse("Неверный статус " + status + ".")
		}
	}
	if len(wanted) == 0 {
		wanted = paykeeperHistory
	}
	selected, err := c.period()
	var args []any
	for _, status := range wanted {
		args = append(args, status)
	}
	selected.add(paykeeperShownStatus+` IN (?`+strings.Repeat(`,?`, len(args)-1)+`)`, args...)
	return selected, err
}

// period are the invoices of the days asked for. Either end may be left out
// [?]. A day with a '~' behind it comes after every time of that day and before
// the next day.
func (c *paykeeperCall) period() (selection, error) {
	var selected selection
	after, err := c.day("start_date")
	if err != nil {
		return selected, err
	}
	before, err := c.day("end_date")
	if err != nil {
		return selected, err
	}
	inclusive := c.dialect.PayKeeperDates == "inclusive"
	if after != "" {
		if !inclusive {
			after += "~"
		}
		selected.add(`created_datetime > ?`, after)
	}
	if before != "" {
		if inclusive {
			before += "~"
		}
		selected.add(`created_datetime < ?`, before)
	}
	if c.dialect.PayKeeperRevoked == "missing" {
		selected.add(`status <> 'revoked'`)
	}
	return selected, nil
}

func (c *paykeeperCall) day(name string) (string, error) {
	sent := c.form.Get(name)
	if sent == "" {
		return "", nil
	}
	if _, err := time.Parse(paykeeperDate, sent); err != nil {
		return "", paykeeperRefuse("Неверный формат " + name + ": ожидается YYYY-MM-DD.")
	}
	return sent, nil
}

// count reads a whole number that is not negative.
func (c *paykeeperCall) count(name string, fallback int) (int, error) {
	sent := c.form.Get(name)
	if sent == "" {
		return fallback, nil
	}
	count, err := strconv.Atoi(sent)
	if err != nil || count < 0 {
		return 0, paykeeperRefuse("Неверное значение " + name + ".")
	}
	return count, nil
}
