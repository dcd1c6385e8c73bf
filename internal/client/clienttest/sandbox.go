package clienttest

import (
	"net/http/httptest"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
)

// Box is a sandbox behind a real server.
type Box struct {
	*gateways.Sandbox
	URL string
}

// Sandbox opens a sandbox for the test. The settings choose its dialect, such as "ids=number".
func Sandbox(t *testing.T, options gateways.Options, settings ...string) *Box {
	t.Helper()
	dialect, err := gateways.Switches.Parse(settings...)
	if err != nil {
		t.Fatal(err)
	}
	options.Dialect = dialect
	box, err := gateways.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(box.Handler())
	t.Cleanup(func() { server.Close(); _ = box.Close() })
	return &Box{box, server.URL}
}
