package provider

import "sync"

// run is what the resources of one provider instance, so of one plan or apply,
// have to know of each other.
type run struct {
	mu sync.Mutex
	// keys makes look-up-then-create one step for each key of ours: two
	// resources with one alias must not both find it free.
	keys map[string]*sync.Mutex
	// adopted holds payments that this run took over as they were. With
	// create_before_destroy the old resource is destroyed afterwards and must
	// not close the payment that the new one lives on.
	adopted map[string]bool
	// issued holds payments that this run issued. Adopting one of them means that
	// two resources have the same order id.
	issued map[string]bool
	// unclearRefunds holds payments of which the state has a refund that may or
	// may not have been made; see refundGuard.
	unclearRefunds map[string]bool
}

func newRun() *run {
	return &run{keys: map[string]*sync.Mutex{}, adopted: map[string]bool{}, issued: map[string]bool{}, unclearRefunds: map[string]bool{}}
}

// lock makes the caller the only one working on a key, until it calls unlock.
func (r *run) lock(key string) (unlock func()) {
	r.mu.Lock()
	if r.keys[key] == nil {
		r.keys[key] = &sync.Mutex{}
	}
	one := r.keys[key]
	r.mu.Unlock()
	one.Lock()
	return one.Unlock
}

func (r *run) adopt(paymentID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.adopted[paymentID] = true
}

func (r *run) isAdopted(paymentID string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.adopted[paymentID]
}

func (r *run) issue(paymentID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.issued[paymentID] = true
}

func (r *run) isIssued(paymentID string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.issued[paymentID]
}

func (r *run) noteUnclearRefund(paymentID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unclearRefunds[paymentID] = true
}

func (r *run) hasUnclearRefund(paymentID string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unclearRefunds[paymentID]
}
