//go:build unix

package chaos

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// remoteState is where a team keeps its state, so that one run at a time has it.
type remoteState struct {
	// folder is the one of the example that holds the backend's configuration.
	folder string
	// replace are texts of that configuration, and what stands there in a test.
	replace []string
	// settings are environment variables of the backend.
	settings []string
	// isFreed says that the lock of a killed run goes with its process.
	isFreed bool
}

// TestRemoteStateOnPostgreSQL keeps the state in a database, whose lock goes with its connection.
func TestRemoteStateOnPostgreSQL(t *testing.T) {
	t.Parallel()
	address := startPostgreSQL(t)
	remoteState{folder: "postgresql", isFreed: true, settings: []string{"PG_CONN_STR=" + address}}.test(t)
}

// TestRemoteStateOnS3 keeps the state in a bucket, with a lock file beside it.
func TestRemoteStateOnS3(t *testing.T) {
	t.Parallel()
	clitest.NeedCLI(t, clitest.S3LockFiles)
	address := startS3(t, "team-state")
	remoteState{
		folder:   "s3",
		replace:  []string{`"https://storage.yandexcloud.net"`, fmt.Sprintf("%q", address), "use_lockfile", "use_path_style = true\n    use_lockfile"},
		settings: []string{"AWS_ACCESS_KEY_ID=the-key-of-the-team", "AWS_SECRET_ACCESS_KEY=the-secret-of-the-team"},
	}.test(t)
}

// startS3 runs a server of S3 with an empty bucket until the end of the test.
func startS3(t *testing.T, bucket string) (address string) {
	t.Helper()
	store := s3mem.New()
	check(t, store.CreateBucket(bucket))
	server := httptest.NewServer(gofakes3.New(store).Server())
	t.Cleanup(server.Close)
	return server.URL
}

func (r remoteState) test(t *testing.T) {
	t.Run("one of two runs waits", func(t *testing.T) { testOneWaits(newTeam(t, r, "waiting")) })
	t.Run("one of two runs fails", func(t *testing.T) { testOneFails(newTeam(t, r, "failing")) })
	t.Run("a run is killed", func(t *testing.T) { r.testKilled(newTeam(t, r, "killed")) })
	t.Run("a key is mistyped", func(t *testing.T) { testMistypedKey(newTeam(t, r, "mistyped")) })
}

// team is two people, or jobs, with a folder each and one state.
type team struct {
	*workspace
	colleague *workspace
}

const teamExample = "../../examples/guides/running-in-a-team"

// payoutAfterLinks is a payout beside the example's links: it must be sent once, too.
const payoutAfterLinks = `
resource "invoice_invoice" "payout" {
  order_id = "team-payout-1"
  amount   = "250"
  %s
  depends_on = [invoice_payment_link.order]
}
`

// newTeam makes two copies of the guide's example, which share a remote state of that name.
func newTeam(t *testing.T, r remoteState, name string) *team {
	t.Helper()
	one := newWorkspace(t)
	both := &team{workspace: one, colleague: one.beside()}
	for _, w := range []*workspace{both.workspace, both.colleague} {
		check(t, os.CopyFS(w.dir, os.DirFS(teamExample)))
		backend, err := os.ReadFile(filepath.Join(w.dir, r.folder, "backend.tf"))
		check(t, err)
		replaced := strings.NewReplacer(append([]string{"invoice_links", name, "invoice/links", name}, r.replace...)...).Replace(string(backend))
		check(t, os.WriteFile(filepath.Join(w.dir, "backend.tf"), []byte(replaced), 0o600))
		check(t, os.WriteFile(filepath.Join(w.dir, "payout.tf"), fmt.Appendf(nil, payoutAfterLinks, p2pPayout(`"4111111111111111"`)), 0o600))
		w.settings = append([]string{"TF_CLI_CONFIG_FILE=" + installable(t), "INVOICE_MAX_OUTGOING=250",
			"TF_VAR_cafe_merchant_id=" + invoiceapi.TestMerchantID, "TF_VAR_cafe_api_key=" + invoiceapi.TestAPIKey}, r.settings...)
		w.parallelism = 1 // so that nothing is under way beside a held call
		w.run("init", "-input=false", "-no-color")
		w.mustNotKeep(r.settings)
	}
	return both
}

// mustNotKeep checks that init has written none of the environment's settings into .terraform.
func (w *workspace) mustNotKeep(settings []string) {
	w.t.Helper()
	kept, err := os.ReadFile(filepath.Join(w.dir, ".terraform", "terraform.tfstate"))
	check(w.t, err)
	for _, setting := range settings {
		if name, value, _ := strings.Cut(setting, "="); strings.Contains(string(kept), value) {
			w.t.Errorf("%s is in .terraform", name)
		}
	}
}

// installable returns a CLI configuration with which init finds the provider.
var installable = func() func(*testing.T) string {
	var once sync.Once
	return func(t *testing.T) string {
		t.Helper()
		dir := filepath.Dir(cliConfig)
		config := filepath.Join(dir, "init.tfrc")
		once.Do(func() {
			for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
				folder := filepath.Join(dir, "mirror", host, "invoice-iac/invoice/0.1.0", runtime.GOOS+"_"+runtime.GOARCH)
				check(t, os.MkdirAll(folder, 0o700))
				check(t, os.Link(filepath.Join(dir, "terraform-provider-invoice"), filepath.Join(folder, "terraform-provider-invoice_v0.1.0")))
			}
			text := fmt.Sprintf("disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.Join(dir, "mirror"))
			check(t, os.WriteFile(config, []byte(text), 0o600))
		})
		return config
	}
}()

var applyOneByOne = []string{"apply", "-auto-approve", "-no-color", "-parallelism=1"}

// startAndHold starts an apply, and holds it at its second payment link until release is called.
func (both *team) startAndHold() (first *background, release func()) {
	both.t.Helper()
	isHeld, goOn := make(chan struct{}), make(chan struct{})
	release = sync.OnceFunc(func() { close(goOn) })
	both.t.Cleanup(release)
	var seen atomic.Int32
	intercept := interceptor(func(resp http.ResponseWriter, req *http.Request, gateway http.Handler) {
		if strings.HasSuffix(req.URL.Path, "/CreatePayment") {
			if seen.Add(1) == 2 { // no other call is under way
				close(isHeld)
				<-goOn
			}
		}
		gateway.ServeHTTP(resp, req)
	})
	both.onRequest.Store(&intercept)
	// The held call must not be given up, as a slow gateway's would be.
	both.settings = append(both.settings, "INVOICE_REQUEST_TIMEOUT=10m")
	first = both.start(applyOneByOne...)
	select {
	case <-isHeld:
	case err := <-first.ended:
		both.t.Fatalf("the first run ended before it created a second link: %v\n%s", err, first.printed())
	}
	return first, release
}

// mustBeOnce checks that everything of the configuration was sent once, and is in the state.
func (both *team) mustBeOnce() {
	both.t.Helper()
	for operation, want := range map[string]int{"CreateTerminal": 2, "CreatePayment": 3, "p2p.create": 1} {
		if sent := len(both.box.Requests(operation)); sent != want {
			both.t.Errorf("%d × %s were sent, want %d", sent, operation, want)
		}
	}
	for _, w := range []*workspace{both.workspace, both.colleague} {
		w.auditLinks(3)
		w.mustPlanNothing()
	}
	payouts, err := both.box.P2P.Invoices.All()
	check(both.t, err)
	if inState := both.state("invoice_invoice"); len(payouts) != 1 || len(inState) != 1 || inState[0].text("id") != payouts[0].ID {
		both.t.Errorf("%d payouts at the gateway, want the one of the state: %v", len(payouts), inState)
	}
}

// testOneWaits starts a second run while the first one has the lock.
func testOneWaits(both *team) {
	first, release := both.startAndHold()
	sent := len(both.box.Requests())
	second := both.colleague.start(append(applyOneByOne, "-lock-timeout=60s")...)
	second.mustPrint(both.t, "Acquiring state lock")
	time.Sleep(time.Second)
	select {
	case err := <-second.ended:
		both.t.Fatalf("the second run did not wait: %v\n%s", err, second.printed())
	default:
	}
	if now := len(both.box.Requests()); now != sent {
		both.t.Errorf("the waiting run sent %d requests", now-sent)
	}
	release()
	first.mustEndWith(both.t, "Apply complete! Resources: 6 added, 0 changed, 0 destroyed.")
	second.mustEndWith(both.t, "Apply complete! Resources: 0 added, 0 changed, 0 destroyed.")
	both.mustBeOnce()
}

// testOneFails starts a second run that does not wait. It fails before it asks a gateway.
func testOneFails(both *team) {
	first, release := both.startAndHold()
	sent := len(both.box.Requests())
	second := both.colleague.apply()
	if second.ok || len(second.errors) != 1 || !strings.Contains(second.errors[0], "Error acquiring the state lock") {
		both.t.Errorf("the second run: %s", second.summary())
	}
	if now := len(both.box.Requests()); now != sent {
		both.t.Errorf("the refused run sent %d requests", now-sent)
	}
	release()
	first.mustEndWith(both.t, "Apply complete! Resources: 6 added, 0 changed, 0 destroyed.")
	both.mustBeOnce()
}

// testKilled kills a run that has the lock and has just made a link, and then one that has just
// sent a payout. What they made is in no state, and is found again.
func (r remoteState) testKilled(both *team) {
	for _, path := range []string{"/CreatePayment", "/merchant/invoices"} {
		if killed := both.applyAndKill(killing{victim: "the CLI", path: path, nth: 1, afterWork: true}); killed.victim == nobody {
			both.t.Fatalf("nothing was killed at %s", path)
		}
		if !r.isFreed {
			both.removeLock()
		}
	}
	next := both.colleague.apply("-lock-timeout=30s")
	if adopted := strings.Join(next.warnings(), "\n"); !strings.Contains(adopted, "An existing object was adopted") {
		both.t.Errorf("nothing of the killed runs was adopted: %s", adopted)
	}
	// Who sent a payout decides what it is: it is not adopted, and the error shows how to import it.
	told := importBlock.FindStringSubmatch(next.summary())
	if next.ok || len(next.errors) != 1 || told == nil {
		both.t.Fatalf("the run after the killed ones: %s", next.summary())
	}
	block := fmt.Sprintf("import {\n  to = invoice_invoice.payout\n  id = %q\n}\n", told[1])
	check(both.t, os.WriteFile(filepath.Join(both.colleague.dir, "import.tf"), []byte(block), 0o600))
	both.colleague.mustApply()
	both.mustBeOnce()
}

// lockID is how an error names a lock that another run holds, and importBlock how one shows what
// to import.
var (
	lockID      = regexp.MustCompile(`ID: +([0-9a-f-]{36})`)
	importBlock = regexp.MustCompile(`import \{ to = invoice_invoice.NAME id = "(p2p/[^"]+)" \}`)
)

// removeLock removes the lock of a killed run, as the guide says.
func (both *team) removeLock() {
	both.t.Helper()
	refused := both.colleague.apply()
	found := lockID.FindStringSubmatch(refused.summary())
	if refused.ok || found == nil {
		both.t.Fatalf("the lock of the killed run: %s", refused.summary())
	}
	both.colleague.run("force-unlock", "-force", found[1])
}

// testMistypedKey adds an order with a key that the configuration does not know, which the CLI
// would drop in silence.
func testMistypedKey(both *team) {
	orders := "- {order_id: team-1044, amount: \"10\", description: Чай, expire: \"2027-01-01\"}\n"
	check(both.t, os.WriteFile(filepath.Join(both.dir, "orders.yaml"), []byte(orders), 0o600))
	result := both.apply()
	if result.ok || !strings.Contains(result.summary(), "orders.yaml, team-1044: unknown expire.") {
		both.t.Errorf("the mistyped key: %s", result.summary())
	}
	if sent := both.box.Requests("CreatePayment"); len(sent) != 0 {
		both.t.Errorf("%d links were created", len(sent))
	}
}
