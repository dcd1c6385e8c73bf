package transport

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

type element struct{ id values.ID }

// changing is a list that changes between the pages.
type changing struct {
	elements []element
	maxPage  int // the maximum length of a page
	calls    int
	change   func(*changing)
	next     int
	tied     int // the number of neighbours that are tied
}

func (l *changing) list() List[element] {
	return List[element]{Size: 10, ID: func(e *element) values.ID { return e.id }, Page: l.page, Tied: func(a, b *element) bool {
		first, _ := strconv.Atoi(string(a.id))
		second, _ := strconv.Atoi(string(b.id))
		return l.tied > 0 && first/l.tied == second/l.tied
	}}
}

func newChanging(count, maxPage int) *changing {
	l := &changing{maxPage: maxPage, change: func(*changing) {}}
	for range count {
		l.add(len(l.elements))
	}
	return l
}

func (l *changing) add(at int) {
	l.elements = slices.Insert(l.elements, at, element{values.ID(strconv.Itoa(l.next))})
	l.next++
}

func (l *changing) page(_ context.Context, skip, take int) ([]element, error) {
	if l.calls++; l.calls > 1000 {
		return nil, errors.New("it never ends")
	}
	defer l.change(l)
	from := min(skip, len(l.elements))
	return slices.Clone(l.elements[from:min(from+min(take, l.maxPage), len(l.elements))]), nil
}

func (l *changing) read(t *testing.T) []element {
	t.Helper()
	all, err := l.list().ReadAll(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[values.ID]bool{}
	for _, one := range all {
		if seen[one.id] {
			t.Errorf("%s comes twice", one.id)
		}
		seen[one.id] = true
	}
	return all
}

func TestReadAllPages(t *testing.T) {
	for _, c := range []struct{ count, maxPage, calls int }{
		{0, 10, 1}, {1, 10, 2}, {2, 10, 2}, {9, 10, 2}, {10, 10, 2}, {11, 10, 3}, {19, 10, 3}, {20, 10, 4}, {100, 10, 12}, {1000, 10, 112},
		{5, 3, 3}, {100, 7, 18}, {10, 4, 4}, {7, 1, 8},
	} {
		l := newChanging(c.count, c.maxPage)
		if all := l.read(t); !slices.Equal(all, l.elements) || l.calls != c.calls {
			t.Errorf("%d elements, at most %d a page: %d elements in %d calls, want %d calls", c.count, c.maxPage, len(all), l.calls, c.calls)
		}
	}
}

// A gateway that ignores skip gives the same page for ever. That page is all, or an error if
// there may be more.
func TestReadAllOfAGatewayThatDoesNotSkip(t *testing.T) {
	for _, count := range []int{9, 10} {
		l := newChanging(count, 10)
		list := l.list()
		list.Page = func(ctx context.Context, _, take int) ([]element, error) { return l.page(ctx, 0, take) }
		all, err := list.ReadAll(t.Context())
		if count < 10 && (err != nil || len(all) != count) || count == 10 && !errors.Is(err, ErrUnsettled) || l.calls > 2+maxIdle {
			t.Errorf("%d elements of %d, %d calls, %v", len(all), count, l.calls, err)
		}
	}
}

// Some gateways return nothing beyond a depth. That is not the end of the list, and a short
// page is not the end either.
func TestReadAllOfAGatewayThatGivesLess(t *testing.T) {
	l := newChanging(50, 10)
	list := l.list()
	list.Page = func(ctx context.Context, skip, take int) ([]element, error) {
		if skip > 25 {
			return nil, nil
		}
		return l.page(ctx, skip, take)
	}
	if _, err := list.ReadAll(t.Context()); !errors.Is(err, ErrUnsettled) {
		t.Error(err)
	}
	l = newChanging(50, 10)
	list = l.list()
	list.Page = func(ctx context.Context, skip, take int) ([]element, error) {
		page, err := l.page(ctx, skip, take)
		if skip == 9 {
			page = page[:9]
		}
		return page, err
	}
	if all, err := list.ReadAll(t.Context()); err != nil || len(all) != 50 {
		t.Errorf("%d elements, %v", len(all), err)
	}
}

// More elements are tied than fit on a page, in an order that changes. Nobody can read that.
func TestReadAllOfALargeTie(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 3))
	l := newChanging(60, 10)
	l.tied = 30
	if all := l.read(t); len(all) != 60 {
		t.Errorf("in a strict order: %d of 60", len(all))
	}
	l.change = func(l *changing) {
		random.Shuffle(30, func(i, j int) { l.elements[i], l.elements[j] = l.elements[j], l.elements[i] })
	}
	if _, err := l.list().ReadAll(t.Context()); !errors.Is(err, ErrUnsettled) {
		t.Error(err)
	}
}

// An element that does not join the pages is put aside, since it lies beyond a gap.
func TestReadAllOfAListThatShrinksTwice(t *testing.T) {
	for _, removed := range [][2]int{{15, 3}, {25, 5}, {9, 9}} {
		l := newChanging(200, 10)
		l.change = func(l *changing) {
			switch l.calls {
			case 12:
				l.elements = slices.Delete(l.elements, 0, removed[0])
			case 13:
				l.elements = slices.Delete(l.elements, 0, removed[1])
			}
		}
		all := l.read(t)
		for _, one := range l.elements {
			if !slices.Contains(all, one) {
				t.Errorf("%v: %s is missing", removed, one.id)
			}
		}
	}
}

func TestReadAllFails(t *testing.T) {
	boom := errors.New("boom")
	list := newChanging(1, 1).list()
	list.Page = func(context.Context, int, int) ([]element, error) { return nil, boom }
	_, err := list.ReadAll(t.Context())
	if !errors.Is(err, boom) {
		t.Error(err)
	}
}

// Whatever happens between the pages, what is there from the start to the end is read, and
// nothing is read twice.
func TestReadAllOfAListThatChanges(t *testing.T) {
	for seed := range uint64(300) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			l := newChanging(random.IntN(120), []int{10, 10, 7, 3}[random.IntN(4)])
			start := slices.Clone(l.elements)
			changes := 0
			l.change = func(l *changing) {
				for range random.IntN(4) {
					if changes++; changes > 60 {
						return
					}
					switch n := len(l.elements); random.IntN(4) {
					case 0, 1:
						l.add(0)
					case 2:
						l.add(n)
					default:
						if n > 0 {
							at := random.IntN(n)
							l.elements = slices.Delete(l.elements, at, at+1)
						}
					}
				}
			}
			all := l.read(t)
			for _, one := range start {
				if slices.Contains(l.elements, one) && !slices.Contains(all, one) {
					t.Errorf("%s was there at the start, and is missing", one.id)
				}
			}
		})
	}
}

// The order of elements that the gateway holds equal may differ from page to page.
func TestReadAllOfALooseOrder(t *testing.T) {
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 2))
		l := newChanging(97, 10)
		l.tied = 1 + int(seed%5)
		l.change = func(l *changing) {
			for group := 0; group+l.tied <= len(l.elements); group += l.tied {
				random.Shuffle(l.tied, func(i, j int) {
					l.elements[group+i], l.elements[group+j] = l.elements[group+j], l.elements[group+i]
				})
			}
		}
		if all := l.read(t); len(all) != 97 {
			t.Errorf("seed %d: %d of 97", seed, len(all))
		}
	}
}
