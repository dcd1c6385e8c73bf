package sandbox_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// heap is the memory in use.
func heap() uint64 {
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return memory.HeapAlloc
}

// A sandbox that runs for long keeps of long bodies only what the journal has.
func TestRequestsAreForgotten(t *testing.T) {
	bodies := 0
	b := start(t, sandbox.Options{ForgetRequests: true, OnRequest: func(r sandbox.Request) { bodies += len(r.Body) }})
	const calls, size = 100, 500 << 10
	before := heap()
	for range calls {
		b.under("", "POST", "/paykeeper/change/invoice/preview/", strings.Repeat("x", size))
	}
	if grown := int64(heap()) - int64(before); grown > calls*(64<<10)+8<<20 {
		t.Errorf("%d MiB are kept of %d calls", grown>>20, calls)
	}
	equal(t, "kept", len(b.Requests()), 0)
	equal(t, "shown to who asks for each", bodies, calls*size)
	status, page := b.Browse("/sandbox/journal")
	equal(t, "journal", status, 200)
	contains(t, page, "paykeeper.preview")
}
