package sandbox

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// historySchema remembers that a database was seeded.
const historySchema = `
CREATE TABLE IF NOT EXISTS seeded_history (invoices INTEGER NOT NULL, seed TEXT NOT NULL, at TEXT NOT NULL);`

// seeding is a row of seeded_history.
type seeding struct {
	Invoices int    `json:"invoices"`
	Seed     string `json:"seed"`
	At       string `json:"at"`
}

func seededHistory(tx *sql.Tx) ([]seeding, error) {
	return Collect(tx, func(row *sql.Rows) (one seeding, err error) {
		err = row.Scan(&one.Invoices, &one.Seed, &one.At)
		return one, err
	}, `SELECT invoices, seed, at FROM seeded_history`)
}

func storeSeededHistory(_ *sql.Tx, to Execer, one seeding) error {
	_, err := to.Exec(`INSERT INTO seeded_history (invoices, seed, at) VALUES (?,?,?)`, one.Invoices, one.Seed, one.At)
	return err
}

// historyLength is how far back a seeded history goes.
const historyLength = 90 * 24 * time.Hour

// ErrHistorySeeded means that SeedHistory has filled this database before.
var ErrHistorySeeded = errors.New("the database has a seeded history already")

// SeedHistory makes up n invoices of the last 90 days at each gateway that has a
// history. The same seed makes the same history, relative to the sandbox's clock.
// A database is seeded once: later calls change nothing and return
// ErrHistorySeeded.
func (s *Sandbox) SeedHistory(n int, seed uint64) error {
	if n <= 0 {
		return fmt.Errorf("seed a history of %d invoices: n must be positive", n)
	}
	err := s.Transact(func(tx *sql.Tx) error {
		var seeded bool
		if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM seeded_history)`).Scan(&seeded); err != nil {
			return err
		}
		if seeded {
			return ErrHistorySeeded
		}
		for index, g := range s.gateways {
			if g.Seed == nil {
				continue
			}
			// Each gateway has a source of its own, so that its history does not
			// depend on the other gateways.
			random := rand.New(rand.NewPCG(seed, uint64(index))) //nolint:gosec // repeatable on purpose
			if err := g.Seed(tx, n, MadeUp{random, s.Now()}); err != nil {
				return err
			}
		}
		return storeSeededHistory(tx, tx, seeding{n, strconv.FormatUint(seed, 10), s.Now().UTC().Format(time.RFC3339)})
	})
	if err != nil {
		return fmt.Errorf("seed a history of %d invoices: %w", n, err)
	}
	return nil
}

// MadeUp makes up the values of invoices.
type MadeUp struct {
	*rand.Rand
	Now time.Time
}

// Times are n moments of the history, oldest first, in hundredths of a second.
// About every eighth shares its second with the one before.
func (m MadeUp) Times(n int) []time.Time {
	start := m.Now.Add(-historyLength)
	times := make([]time.Time, n)
	for i := range times {
		times[i] = start.Add(time.Duration(m.Int64N(int64(historyLength)))).Truncate(10 * time.Millisecond)
	}
	slices.SortFunc(times, time.Time.Compare)
	for i := 1; i < n; i++ {
		if m.IntN(8) == 0 {
			second := times[i-1].Truncate(time.Second)
			if at := second.Add(time.Duration(m.IntN(100)) * 10 * time.Millisecond); at.After(times[i-1]) {
				times[i] = at
			} else {
				times[i] = times[i-1]
			}
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// Between is a moment at most limit after from, and not in the future.
func (m MadeUp) Between(from time.Time, limit time.Duration) time.Time {
	limit = min(limit, m.Now.Sub(from))
	return from.Add(time.Duration(m.Int64N(max(int64(limit), 1)))).Truncate(10 * time.Millisecond)
}

// Amount is a price. Many are small, few are large, half have kopecks.
func (m MadeUp) Amount() decimal.Decimal {
	rubles := int64(50 + m.IntN(10)*m.IntN(10)*m.IntN(300) + m.IntN(3000))
	kopecks := int64(0)
	if m.IntN(2) == 0 {
		kopecks = int64(1 + m.IntN(99))
	}
	return decimal.New(rubles*100+kopecks, -2)
}

// Choices are weighted: the weights add up to 100.
type Choices = []struct {
	Name   string
	Weight int
}

// Pick takes one of several by weight.
func (m MadeUp) Pick(choices Choices) string {
	n := m.IntN(100)
	for _, c := range choices {
		if n -= c.Weight; n < 0 {
			return c.Name
		}
	}
	return choices[len(choices)-1].Name
}

// Person is someone who pays.
type Person struct{ Name, Email, Phone string }

// Person is one of about a hundred people, so that each has several invoices.
func (m MadeUp) Person() Person {
	names := []struct{ russian, latin string }{
		{"Анна Белова", "anna.belova"}, {"Пётр Орлов", "p.orlov"}, {"Мария Ким", "maria_kim"}, {"Олег Ёлкин", "oleg"},
		{"Ольга Щукина", "olga.schukina"}, {"Тимур Ахметов", "timur"}, {"Ирина Ветрова", "i.vetrova"}, {"Лев Громов", "lev.gromov"},
	}
	one, number := names[m.IntN(len(names))], m.IntN(12)
	return Person{
		Name:  one.russian,
		Email: fmt.Sprintf("%s%d@example.com", one.latin, number),
		Phone: fmt.Sprintf("+7 900 %03d-%02d-%02d", len(one.latin)*11, number, len(one.russian)),
	}
}

// Goods is the name of what is sold.
func (m MadeUp) Goods() string {
	goods := []string{"Кофе в зёрнах, 1 кг", "Воронка V60", "Обучение бариста", "Доставка", "Остекление балкона", "Абонемент \"Утро\"", "Ремонт кофемашины"}
	return goods[m.IntN(len(goods))]
}

// Order is the id of an order. One invoice in ten has none.
func (m MadeUp) Order(at time.Time, number int) string {
	if m.IntN(10) == 0 {
		return ""
	}
	return at.In(Moscow).Format("2006-01") + fmt.Sprintf("-web-%05d", number+1)
}
