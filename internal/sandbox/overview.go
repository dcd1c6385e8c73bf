package sandbox

import (
	"database/sql"
	"database/sql/driver"
	"maps"
	"slices"
	"strings"

	"modernc.org/sqlite"
)

// OverviewRows is how many objects a page of the overview lists.
const OverviewRows = 50

// Overview is a gateway's part of the index page. Its texts are Russian.
type Overview struct {
	Title  string
	Tables []OverviewTable
	// Notes are hints for a person, such as test cards.
	Notes []Text
}

// OverviewTable is a part of a listing.
type OverviewTable struct {
	// Name is what the address of the page calls the table.
	Name, Title string
	Columns     []string
	Rows        []OverviewRow
	// Total is how many objects fit the filter, Counts how many of all have a status.
	Total  int
	Counts []OverviewCount
}

// OverviewRow is a row, whose first cell links to a page unless Link is "".
type OverviewRow struct {
	Link  string
	Cells []Cell
}

// OverviewCount is how many objects have a status.
type OverviewCount struct {
	Status Cell
	Count  int
}

// Cell is a value on a page. A template shows it as a person of the language
// writes it.
type Cell struct {
	// Text is a value of the API. Word, if set, says what it means.
	Text, Word string
	// Amount, if set, is of money.
	Amount, Currency string
	// At, if set, is a time.
	At any
}

// OverviewQuery is what the index page asks a gateway for.
type OverviewQuery struct {
	// Base is the address of the sandbox.
	Base string
	// Search is what must be in one of an object's texts, Status its status; "" is
	// anything.
	Search, Status string
	// Table is the only table to read; "" is all.
	Table         string
	Limit, Offset int
}

// Listing is how the objects of a table are shown on the index page.
type Listing[T any] struct {
	Name, Title string
	Table       Table[T]
	// Newest is the SQL order that has the newest object first.
	Newest string
	// Search are the columns in which the filter looks.
	Search []string
	// Words are those of the column "status", or of StatusColumn.
	Words        Words
	StatusColumn string
	Columns      []string
	Row          func(T) (link string, cells []Cell)
}

// Read adds the part of the listing that the query asks for, if it does.
func (l Listing[T]) Read(tx *sql.Tx, ask OverviewQuery, to *Overview) error {
	if ask.Table != "" && ask.Table != l.Name {
		return nil
	}
	table := OverviewTable{Name: l.Name, Title: l.Title, Columns: l.Columns}
	selected, fits := l.selection(ask)
	if !fits {
		return nil
	}
	err := tx.QueryRow(`SELECT COUNT(*) FROM `+l.Table.Name+` `+selected.Where(), selected.Args...).Scan(&table.Total)
	if err != nil {
		return err
	}
	if table.Total == 0 && ask.Search != "" {
		return nil
	}
	rows, err := l.Table.Select(tx, selected.Where()+` ORDER BY `+l.Newest+` LIMIT ? OFFSET ?`, append(selected.Args, ask.Limit, ask.Offset)...)
	if err != nil {
		return err
	}
	for _, object := range rows {
		link, cells := l.Row(object)
		table.Rows = append(table.Rows, OverviewRow{link, cells})
	}
	if l.StatusColumn != "" && ask.Search == "" {
		counts, err := CountBy(tx, l.Table.Name, l.StatusColumn)
		if err != nil {
			return err
		}
		for _, status := range slices.Sorted(maps.Keys(counts)) {
			table.Counts = append(table.Counts, OverviewCount{l.Words.Cell(status), counts[status]})
		}
	}
	to.Tables = append(to.Tables, table)
	return nil
}

// selection selects what the query asks for. fits is false if nothing can fit.
func (l Listing[T]) selection(ask OverviewQuery) (selected Selection, fits bool) {
	if ask.Status != "" {
		if l.StatusColumn == "" {
			return selected, false
		}
		selected.Add(l.StatusColumn+` = ?`, ask.Status)
	}
	if ask.Search == "" {
		return selected, true
	}
	columns := l.Search
	if l.StatusColumn != "" {
		columns = append(slices.Clone(columns), l.StatusColumn)
	}
	// One call of has_text for a row: most of the time goes into these calls.
	conditions, args := []string{`has_text(` + strings.Join(columns, ` || char(10) || `) + `, ?)`}, []any{strings.ToLower(ask.Search)}
	if l.StatusColumn != "" {
		for status, word := range l.Words {
			if hasText(word, ask.Search) || hasText(shared.texts.translate(english, word), ask.Search) {
				conditions, args = append(conditions, l.StatusColumn+` = ?`), append(args, status)
			}
		}
	}
	selected.Add(`(`+strings.Join(conditions, ` OR `)+`)`, args...)
	return selected, true
}

// hasText reports whether a text has another in it, in small or capital letters.
func hasText(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

// SQLite's own LIKE knows the capital letters of ASCII only.
func init() {
	sqlite.MustRegisterDeterministicScalarFunction("has_text", 2, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		text, isText := args[0].(string)
		part, isPart := args[1].(string)
		return isText && isPart && strings.Contains(strings.ToLower(text), part), nil
	})
}

// Words are the names of statuses that a person reads, in Russian.
type Words map[string]string

// Of is the word for a status, and the status itself if there is none.
func (words Words) Of(status string) string {
	if word, known := words[status]; known {
		return word
	}
	return status
}

// Cell shows a status with its word.
func (words Words) Cell(status string) Cell { return Cell{Text: status, Word: words[status]} }
