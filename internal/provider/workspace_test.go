package provider

import (
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// testProvider repeats without noticeable pauses.
func testProvider() *invoiceProvider {
	return &invoiceProvider{version: "test", waitMin: time.Millisecond, waitMax: 5 * time.Millisecond, settleTime: 3 * time.Second, patience: 300 * time.Millisecond}
}

// newWorkspace runs beside other tests.
func newWorkspace(t *testing.T, dialect ...string) *clitest.Workspace {
	t.Helper()
	t.Parallel()
	return newWorkspaceBeside(t, dialect...)
}

// newWorkspaceBeside makes a further workspace in one test. A provider that is
// served to several runs keeps the settings of the last one until it is
// configured again, which a provider of its own does not.
func newWorkspaceBeside(t *testing.T, dialect ...string) *clitest.Workspace {
	t.Helper()
	return clitest.New(t, newServer(testProvider()), dialect...)
}
