package paykeeper

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
)

// period fills a shop with so many invoices of ours and of others, on so many days.
func period(s *shop, random *rand.Rand, days, ours, others int) (ids []string) {
	taken := map[[2]int]bool{}
	for n := range ours + others {
		at := [2]int{random.IntN(days), random.IntN(24 * 60 * 60 * 1000)}
		for taken[at] {
			at[1]++
		}
		taken[at] = true
		id := s.add(at[0], at[1], []string{StatusSent, StatusPaid}[random.IntN(2)])
		if n < ours {
			ids = append(ids, id)
		}
	}
	random.Shuffle(len(ids), func(a, b int) { ids[a], ids[b] = ids[b], ids[a] })
	return ids
}

func TestRefreshGoals(t *testing.T) {
	for _, c := range []struct {
		name               string
		days, ours, others int
		parallel, max      int
	}{
		{"one day", 1, 1000, 0, 10, 25}, {"one day, all at once", 1, 1000, 0, 50, 25}, {"100 days", 100, 1000, 0, 10, 60},
		{"among many", 100, 1000, 100_000, 10, 1020}, {"few", 1, 4, 0, 10, 4}, {"one page", 1, 60, 0, 1, 6}, {"some", 3, 150, 0, 1, 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			s := newShop()
			ids := period(s, random, c.days, c.ours, c.others)
			refreshAll(t, s.serve(t), ids, c.parallel, func(id string, i *Invoice, err error) {
				if err != nil || i == nil || string(i.ID) != id {
					t.Errorf("%s: %v, %v", id, i, err)
				}
			})
			t.Logf("%d calls: %v", s.all, s.calls)
			if s.all > c.max {
				t.Errorf("%d calls, want at most %d", s.all, c.max)
			}
		})
	}
}

// Whatever the order, the period, the server and what changes meanwhile: each answer is one that
// byid could have given during the run, and the calls stay within the bound.
func TestRefreshIsAsReadingOneByOne(t *testing.T) {
	for seed := range refreshSeeds {
		t.Run(strconv.Itoa(seed), func(t *testing.T) { checkRefresh(t, uint64(seed)) })
	}
}

func checkRefresh(t *testing.T, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 7))
	s := newShop()
	s.includesStart, s.includesEnd, s.revokedMissing = random.IntN(2) == 0, random.IntN(2) == 0, random.IntN(2) == 0
	if random.IntN(4) == 0 {
		s.maxPage = 10
	}
	days := []int{1, 2, 7, 40, 200}[random.IntN(5)]
	ours := 1 + random.IntN(600)
	ids := period(s, random, days, ours, random.IntN(1+[]int{0, 200, 3000}[random.IntN(3)]))
	if random.IntN(4) == 0 { // a part was never sent
		for _, id := range ids[:random.IntN(len(ids))] {
			s.change(id, func(i *shopInvoice) { i.status = StatusCreated })
		}
		random.Shuffle(len(ids), func(a, b int) { ids[a], ids[b] = ids[b], ids[a] })
	}
	changes := []float64{0, 0, 0.05, 0.5}[random.IntN(4)]
	s.after = func(int) { changeSomething(s, random, ids, days, changes) }
	parallel := []int{1, 10, 50}[random.IntN(3)]
	refreshAll(t, s.serve(t), ids, parallel, func(id string, i *Invoice, err error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if err != nil || i != nil && string(i.ID) != id || !s.invoices[id].states[shown(i)] {
			t.Errorf("%s: %q, %v, but it was %v", id, shown(i), err, s.invoices[id].states)
		}
	})
	unlisted := 0
	for _, id := range ids {
		if s.invoices[id].isUnlisted {
			unlisted++
		}
	}
	pages, reads := s.pages(ids), len(ids)-unlisted
	if days > 2 {
		// It is rarely bought at once, and pages next to what is bought are not full: they
		// have whole days, and nobody knows how many fit.
		full := 8
		if s.maxPage < 100 {
			full = 3
		}
		pages = s.pagesOfDays(ids)
		pages += pages/full + 2
	}
	if parallel > 1 {
		reads += parallel // nobody knows yet which of those under way no list has
	}
	bound := 2*min(reads, pages) + int(math.Log2(float64(len(ids)))) + 2
	if parallel > 1 {
		bound++ // to compare with, if no read has ended
	}
	if changes == 0.5 {
		bound += reads // invoices move from page to page, and what is missing is read by its id
	}
	t.Logf("%d reads, %d that no list has, %d days, %d pages of %d, %d at once, changes %v, ends %v %v: %d calls %v, bound %d",
		len(ids), unlisted, days, pages, s.maxPage, parallel, changes, s.includesStart, s.includesEnd, s.all, s.calls, unlisted+bound)
	if s.all > unlisted+bound {
		t.Errorf("too many calls")
	}
}

// changeSomething pays, revokes, deletes and makes invoices.
func changeSomething(s *shop, random *rand.Rand, ids []string, days int, often float64) {
	if random.Float64() >= often {
		return
	}
	id := ids[random.IntN(len(ids))]
	switch now := s.invoices[id].status; random.IntN(5) {
	case 0, 1:
		s.add(random.IntN(days), 24*60*60*1000-1-random.IntN(1000), StatusSent)
	case 2:
		if now == StatusSent || now == StatusCreated {
			s.change(id, func(i *shopInvoice) { i.status = StatusPaid })
		}
	case 3:
		if now == StatusSent {
			s.change(id, func(i *shopInvoice) { i.status = "revoked" })
		}
	case 4:
		if now == StatusSent {
			s.change(id, func(i *shopInvoice) { i.status = "deleted" })
		}
	}
}

// In the order of their creation every invoice is outside of what was bought before.
func TestRefreshInOrder(t *testing.T) {
	for _, perDay := range []int{1, 10, 300} {
		for _, newestFirst := range []bool{false, true} {
			s := newShop()
			ids := period(s, rand.New(rand.NewPCG(3, 4)), 1000/perDay, 1000, 0)
			slices.Sort(ids)
			if newestFirst {
				slices.Reverse(ids)
			}
			refreshAll(t, s.serve(t), ids, 1, func(id string, i *Invoice, err error) {
				if err != nil || i == nil {
					t.Errorf("%s: %v, %v", id, i, err)
				}
			})
			t.Logf("%d a day, newest first %t: %d calls %v", perDay, newestFirst, s.all, s.calls)
			if s.all > 2*10+10+2 {
				t.Errorf("%d a day, newest first %t: %d calls %v", perDay, newestFirst, s.all, s.calls)
			}
		}
	}
}
