package sandbox

import (
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the SQLite driver, without cgo
)

// openDatabase opens the SQLite file at path, or a private database in
// memory, and creates the tables.
//
// One connection serves everything. In memory each connection would see an
// empty database of its own. In a file it keeps SQLITE_BUSY out of the process.
// So code inside a transaction must not use the database outside of it.
//
// What SQLite sorts stays in memory: a container may have no folder for temporary files.
func openDatabase(path string, schemas []string) (*sql.DB, error) {
	source := ":memory:?_txlock=immediate&_pragma=temp_store(MEMORY)"
	if path != "" && path != ":memory:" {
		absolute, err := filepath.Abs(path)
		if err != nil {
			return nil, fmt.Errorf("open the sandbox's database %s: %w", path, err)
		}
		// The path goes into a URI, in which '?' and '%' mean something else.
		escaped := (&url.URL{Path: filepath.ToSlash(absolute)}).EscapedPath()
		source = "file:" + escaped + "?_txlock=immediate&_pragma=busy_timeout(5000)" +
			"&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=temp_store(MEMORY)"
	}
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, fmt.Errorf("open the sandbox's database %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	for _, schema := range schemas {
		if _, err := db.Exec(schema); err != nil {
			_ = db.Close()
			return nil, fmt.Errorf("create tables in the sandbox's database %s: %w", path, err)
		}
	}
	return db, nil
}

// Transact runs work in one transaction and commits it if work succeeds.
//
// It takes no context on purpose. A gateway finishes what it has begun when the
// caller hangs up. A canceled query could close the one connection, and a
// database in memory with it.
func (s *Sandbox) Transact(work func(*sql.Tx) error) error {
	tx, err := s.db.Begin()
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := work(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

type preparedStatements struct {
	tx *sql.Tx
	by map[string]*sql.Stmt
}

// Prepare returns an Execer that prepares each statement once. This halves the
// time of thousands of inserts. The end of the transaction closes the statements.
func Prepare(tx *sql.Tx) Execer { return preparedStatements{tx, map[string]*sql.Stmt{}} }

func (p preparedStatements) Exec(query string, args ...any) (sql.Result, error) {
	statement := p.by[query]
	if statement == nil {
		var err error
		if statement, err = p.tx.Prepare(query); err != nil {
			return nil, err
		}
		p.by[query] = statement
	}
	return statement.Exec(args...)
}

// Collect reads all rows of a query.
func Collect[T any](tx *sql.Tx, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// Column reads all rows of a query for one column.
func Column[T any](tx *sql.Tx, query string, args ...any) ([]T, error) {
	return Collect(tx, func(row *sql.Rows) (value T, err error) {
		err = row.Scan(&value)
		return value, err
	}, query, args...)
}

// ExecOne runs a statement that must change one row. It returns ErrNotFound when
// there is none.
func ExecOne(tx *sql.Tx, query string, args ...any) error {
	result, err := tx.Exec(query, args...)
	if err != nil {
		return err
	}
	changed, err := result.RowsAffected()
	if err != nil {
		return err
	}
	if changed == 0 {
		return ErrNotFound
	}
	return nil
}

// Selection is what the filters of a list select, as an SQL condition.
type Selection struct {
	conditions []string
	// Args are those of the condition.
	Args []any
}

// Add narrows the selection.
func (s *Selection) Add(condition string, args ...any) {
	s.conditions, s.Args = append(s.conditions, condition), append(s.Args, args...)
}

// Where is the WHERE clause, "" when everything is selected.
func (s *Selection) Where() string {
	if len(s.conditions) == 0 {
		return ""
	}
	return `WHERE ` + strings.Join(s.conditions, ` AND `)
}

// CountBy counts the rows of a table by a column. The table may be a query in
// brackets, with its args.
func CountBy(tx *sql.Tx, table, column string, args ...any) (map[string]int, error) {
	type group struct {
		value string
		count int
	}
	groups, err := Collect(tx, func(row *sql.Rows) (g group, err error) {
		err = row.Scan(&g.value, &g.count)
		return g, err
	}, `SELECT `+column+`, COUNT(*) FROM `+table+` GROUP BY `+column, args...)
	counts := map[string]int{}
	for _, g := range groups {
		counts[g.value] = g.count
	}
	return counts, err
}

// HexID makes an id of 32 hex digits.
func HexID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails, see crypto/rand
	return hex.EncodeToString(id[:])
}

// UUID makes a random UUID, version 4.
func UUID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails, see crypto/rand
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// NextNumber is the number of the next row of an AUTOINCREMENT table. Numbers of
// deleted rows are not used again.
func NextNumber(tx *sql.Tx, table string) (int64, error) {
	var last int64
	err := tx.QueryRow(`SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = ?), 0)`, table).Scan(&last)
	return last + 1, err
}
