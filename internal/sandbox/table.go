package sandbox

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// Table stores objects of a type, one in each row.
type Table[T any] struct {
	Name string
	// Key is the column that an object is known by.
	Key string
	// Order lists all objects, oldest first. "" is the order of creation.
	Order string
	// Columns are the columns of Fields, which points to the values of an object
	// in the same order. A column that is derived from others points to a copy.
	Columns string
	Fields  func(*T) []any
}

// Execer is a *sql.Tx, or the result of Prepare.
type Execer interface {
	Exec(query string, args ...any) (sql.Result, error)
}

// Select reads the objects that the end of the query selects.
func (t Table[T]) Select(tx *sql.Tx, end string, args ...any) ([]T, error) {
	return Collect(tx, func(row *sql.Rows) (object T, err error) {
		err = row.Scan(t.Fields(&object)...)
		return object, err
	}, `SELECT `+t.Columns+` FROM `+t.Name+` `+end, args...)
}

// All reads all objects, oldest first.
func (t Table[T]) All(tx *sql.Tx) ([]T, error) {
	return t.Select(tx, `ORDER BY `+cmp.Or(t.Order, `rowid`))
}

// Find reads the newest object with this value in a column. It returns
// ErrNotFound when there is none.
func (t Table[T]) Find(tx *sql.Tx, column string, value any) (object T, err error) {
	err = tx.QueryRow(`SELECT `+t.Columns+` FROM `+t.Name+` WHERE `+column+` = ? ORDER BY rowid DESC LIMIT 1`, value).Scan(t.Fields(&object)...)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return object, err
}

// Get reads the object with this key.
func (t Table[T]) Get(tx *sql.Tx, key string) (T, error) { return t.Find(tx, t.Key, key) }

func (t Table[T]) marks() string {
	return `(?` + strings.Repeat(`,?`, strings.Count(t.Columns, ",")) + `)`
}

// Insert stores a new object.
func (t Table[T]) Insert(to Execer, object T) error {
	_, err := to.Exec(`INSERT INTO `+t.Name+` (`+t.Columns+`) VALUES `+t.marks(), t.Fields(&object)...)
	return err
}

// Update stores an object under the key it had.
func (t Table[T]) Update(tx *sql.Tx, key string, object T) error {
	return ExecOne(tx, `UPDATE `+t.Name+` SET (`+t.Columns+`) = `+t.marks()+` WHERE `+t.Key+` = ?`, append(t.Fields(&object), key)...)
}

// Delete removes an object.
func (t Table[T]) Delete(tx *sql.Tx, key string) error {
	return ExecOne(tx, `DELETE FROM `+t.Name+` WHERE `+t.Key+` = ?`, key)
}

// Objects give tests direct access to the objects of a gateway. Tests see what
// is stored, and change what the API cannot change.
type Objects[T any] struct {
	sandbox *Sandbox
	what    string
	store   store[T]
	catchUp func() error
}

// store is a Table, or a gateway's own store of objects that need several tables.
type store[T any] interface {
	All(*sql.Tx) ([]T, error)
	Get(*sql.Tx, string) (T, error)
	Update(*sql.Tx, string, T) error
	Delete(*sql.Tx, string) error
}

// NewObjects makes Objects. what names an object in errors. catchUp, if set, runs
// before objects are read: it lets expire what has expired.
func NewObjects[T any](s *Sandbox, what string, store store[T], catchUp func() error) Objects[T] {
	return Objects[T]{s, what, store, catchUp}
}

// All returns all objects, oldest first.
func (o Objects[T]) All() (all []T, err error) {
	err = o.look(func(tx *sql.Tx) error { all, err = o.store.All(tx); return err })
	return all, err
}

// Get returns the object with this key. The error is ErrNotFound if there is none.
func (o Objects[T]) Get(key string) (object T, err error) {
	err = o.look(func(tx *sql.Tx) error { object, err = o.store.Get(tx, key); return err })
	return object, o.wrap("get", key, err)
}

func (o Objects[T]) look(work func(*sql.Tx) error) error {
	if o.catchUp != nil {
		if err := o.catchUp(); err != nil {
			return err
		}
	}
	return o.sandbox.Transact(work)
}

// Update changes the object with this key behind the API's back. It is not
// atomic, so that change may call the sandbox.
func (o Objects[T]) Update(key string, change func(*T)) error {
	object, err := o.Get(key)
	if err != nil {
		return err
	}
	change(&object)
	return o.wrap("update", key, o.sandbox.Transact(func(tx *sql.Tx) error { return o.store.Update(tx, key, object) }))
}

// UpdateInTx changes the object with this key in one transaction. If change
// fails, the object stays as it is.
func (o Objects[T]) UpdateInTx(key string, change func(*sql.Tx, *T) error) error {
	return o.wrap("change", key, o.sandbox.Transact(func(tx *sql.Tx) error {
		object, err := o.store.Get(tx, key)
		if err == nil {
			err = change(tx, &object)
		}
		if err == nil {
			err = o.store.Update(tx, key, object)
		}
		return err
	}))
}

// Delete removes an object. Other objects that refer to it stay.
func (o Objects[T]) Delete(key string) error {
	return o.wrap("delete", key, o.sandbox.Transact(func(tx *sql.Tx) error { return o.store.Delete(tx, key) }))
}

func (o Objects[T]) wrap(verb, key string, err error) error {
	if err != nil {
		return fmt.Errorf("%s %s %s: %w", verb, o.what, key, err)
	}
	return nil
}
