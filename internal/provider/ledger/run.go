// Package ledger is what the resources of one run know of each other: locks, what was
// issued, adopted or paid meanwhile, and money that moved.
package ledger

import (
	"fmt"
	"strings"
	"sync"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// Run is what the resources of one provider instance, so of one plan or apply,
// have to know of each other.
type Run struct {
	mu sync.Mutex
	// keys makes look-up-then-create one step for each key of ours: two
	// resources with one alias must not both find it free.
	keys map[string]*sync.Mutex
	// adopted holds payments and invoices that this run took over as they were. With
	// create_before_destroy the old resource is destroyed afterwards and must
	// not close the payment that the new one lives on.
	adopted map[string]bool
	// issued holds payments and invoices that this run issued. Adopting one of them
	// means that two resources have the same order id.
	issued map[string]bool
	// paid holds what turned out to be paid in this run; see paidMeanwhile.
	paid map[string]string
	// paidAndNew holds the orders of paid invoices that are forgotten, and of new ones.
	paidAndNew sync.Map
	// hasEmptyHistory is true once a history was shown that nobody read.
	hasEmptyHistory bool
	// claims holds the order ids of what this run plans.
	claims claims
	// UnclearLinks holds the orders of links that may or may not have been issued.
	UnclearLinks unclearOrders
	// UnclearInvoices holds those of invoices.
	UnclearInvoices unclearOrders
	// destroys holds the links and invoices whose destroy this run planned; see destroyKind.
	destroys map[string]bool
	// Register holds the refunds and payouts that this run has seen.
	Register Register
}

func NewRun() *Run {
	return &Run{
		keys: map[string]*sync.Mutex{}, adopted: map[string]bool{}, issued: map[string]bool{},
		paid: map[string]string{}, destroys: map[string]bool{},
	}
}

// Lock makes the caller the only one working on a key, until it calls unlock.
func (r *Run) Lock(key string) (unlock func()) {
	r.mu.Lock()
	if r.keys[key] == nil {
		r.keys[key] = &sync.Mutex{}
	}
	one := r.keys[key]
	r.mu.Unlock()
	one.Lock()
	return one.Unlock
}

func (r *Run) Adopt(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.adopted[id] = true
}

func (r *Run) IsAdopted(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return hasID(r.adopted, id)
}

// PaidMeanwhile notes what turned out to be paid when it was to be withdrawn:
// the plan did not know, and whatever replaces it would ask for the money a
// second time. orderID is "" for one that has none of the merchant's own.
func (r *Run) PaidMeanwhile(kind, orderID, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.paid[kind+"/"+orderID] = name
}

// IsPaidMeanwhile returns the name of what was paid for the same order, or maybe
// for the same where there is none to tell by.
func (r *Run) IsPaidMeanwhile(kind, orderID string) (name string, paid bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	name, paid = r.paid[kind+"/"+orderID]
	return name, paid
}

func PaidMeanwhileError(name string) (summary, detail string) {
	return "The order has been paid meanwhile",
		fmt.Sprintf("In this run the %s was to be withdrawn, and turned out to be paid after the plan was made. Nothing was issued: it would ask for the money a second time. "+
			"If this one was to replace it, take it out of the configuration. If it is the same one under another name, import it: import { to = <its address>, id = %q }. "+
			"Only if it is about something else, apply again.", name, name[strings.LastIndex(name, " ")+1:])
}

func (r *Run) Issue(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.issued[id] = true
}

func (r *Run) IsIssued(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return hasID(r.issued, id)
}

// hasID finds an id however the gateway spells it this time.
func hasID(ids map[string]bool, id string) bool {
	for one := range ids {
		if values.SameID(one, id) {
			return true
		}
	}
	return false
}

// MeetsOtherHalf notes that a paid invoice is forgotten, or a new one issued, and
// reports whether the other half was noted for the same order.
func (r *Run) MeetsOtherHalf(order string, isNew bool) bool {
	r.paidAndNew.Store(halfOfOrder{order, isNew}, true)
	_, met := r.paidAndNew.Load(halfOfOrder{order, !isNew})
	return met
}

type halfOfOrder struct {
	order string
	isNew bool
}
