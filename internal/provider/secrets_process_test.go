package provider

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// secretRun is a workspace whose provider is a process of its own, as for users: with
// credentials from the environment, logs and crash output. It keeps everything that anybody may
// read, and searches it for secrets at the end.
type secretRun struct {
	*clitest.Workspace
	*secretLedger
	logPath  string
	surfaces []surface

	// misbehave, if set, answers instead of the gateway. sent are the secrets of the request.
	misbehave atomic.Pointer[func(w http.ResponseWriter, r *http.Request, sent []string)]
	answers   atomic.Int64
}

// The credentials hold characters that JSON, HTML, forms and logs escape.
const (
	secretAPIKey          = `Znvkapi4/Key"<&>+%41'Zq81vTnWe`
	secretPayKeeper       = `Щпароль44/Zpkpass4" <&>+%41'Hj27rBxMo`
	secretP2PKey          = `Zptpiden4/"<&>+%41'Lw93kYcVa`
	secretP2PSign         = `Zptpsign4/"<&>+%41'Dt64pRfUi`
	secretBearer          = `Zimbear44/"<&>+%41'Ns58hGzQe`
	secretIMSign          = `Zimsign44/"<&>+%41'Xb39mLdKo`
	secretUserToken       = `Zimuser44/"<&>+%41'Vf72jPwCy`
	secretIMPassword      = `Щпароль44/Zimpass44" <&>+%41'Ga15sEtRu`
	secretHook            = `Zhookwk44/"<&>+%41'Кб46нМжПы`
	secretWriteOnly       = `Zwriton44/"<&>+%41'Фд83тЛшЮя`
	secretHolder          = `КОНСТАНТИНОПОЛЬСКИЙ-"<&> ИННОКЕНТИЙ`
	secretCard            = "2200154785963249"
	secretWrittenCard     = "2204470956831722"
	secretWrittenHolder   = `ВОЗДВИЖЕНСКАЯ-"<&> ЕВДОКИЯ`
	secretSpacedCard      = "5543 7354 8462 6654" // the guide's test card
	otherRequisites       = "+7 (912) 83649571 / счёт 40817810"
	payerCard             = "5336694182753180"
	intellectmoneyAccount = "4276 5500 1122 3347"
	otherPayer            = "Pokupatelnica.81@pochta.example"
	otherPayersPhone      = "8 (495) 777-66-55"
)

func newSecretRun(t *testing.T, cliConfig string) *secretRun {
	t.Helper()
	t.Parallel()
	box, err := gateways.Open(gateways.Options{
		InvoiceAPI: invoiceapi.Options{APIKey: secretAPIKey},
		PayKeeper:  paykeeper.Options{Password: secretPayKeeper},
		P2P:        p2p.Options{APIKey: secretP2PKey, SecretKey: secretP2PSign},
		IntellectMoney: intellectmoney.Options{
			BearerToken: secretBearer, SignSecretKey: secretIMSign, UserToken: secretUserToken, Password: secretIMPassword,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	s := &secretRun{secretLedger: &secretLedger{secrets: map[string]secret{}}, logPath: filepath.Join(t.TempDir(), "trace.log")}
	for name, value := range map[string]string{
		"API key": secretAPIKey, "PayKeeper password": secretPayKeeper, "P2P key": secretP2PKey, "P2P secret key": secretP2PSign,
		"bearer token": secretBearer, "IntellectMoney secret key": secretIMSign, "user token": secretUserToken,
		"IntellectMoney password": secretIMPassword, "write-only token": secretWriteOnly,
		"write-only requisites": secretWrittenCard, "write-only holder": secretWrittenHolder, "card number in a text": secretSpacedCard,
		"payer's card": payerCard,
		// The number of a card, which no attribute shows.
		"account of a transaction": intellectmoneyAccount,
	} {
		s.add(name, nowhere, value)
	}
	s.add("payer in a text", inErrors, otherPayer, otherPayersPhone)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.Workspace = &clitest.Workspace{T: t, Dir: t.TempDir(), Sandbox: box, URL: server.URL}
	s.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+cliConfig, "TF_IN_AUTOMATION=1", "NO_COLOR=1", "TF_LOG=TRACE", "TF_LOG_PATH="+s.logPath,
		"TF_LOG_SDK=TRACE", // clitest switches it off
		"INVOICE_MAX_RETRIES=0",
		"TF_VAR_hook="+secretHook, "TF_VAR_write_only="+secretWriteOnly, "TF_VAR_card="+secretCard, "TF_VAR_holder="+secretHolder,
		"TF_VAR_written_card="+secretWrittenCard, "TF_VAR_written_holder="+secretWrittenHolder)
	for _, variable := range box.Environment(server.URL) {
		s.setenv(variable.Name, variable.Value)
	}
	return s
}

// setenv sets a variable for the CLI and so for the provider. The last value counts.
func (s *secretRun) setenv(name, value string) { s.Env = append(s.Env, name+"="+value) }

func (s *secretRun) setDialect(settings ...string) {
	s.T.Helper()
	dialect, err := gateways.Switches.Parse(settings...)
	s.Must(err)
	s.Sandbox.SetDialect(dialect)
}

// byLogin makes the provider fetch IntellectMoney's user token.
func (s *secretRun) byLogin() {
	s.setenv("INVOICE_INTELLECTMONEY_USER_TOKEN", "")
	s.setenv("INVOICE_INTELLECTMONEY_LOGIN", intellectmoney.DemoLogin)
	s.setenv("INVOICE_INTELLECTMONEY_PASSWORD", secretIMPassword)
}

// ServeHTTP is the gateway. It notes every secret that goes in and out of the sandbox, and adds
// foreign secrets to every answer.
func (s *secretRun) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	sent := s.ofRequest(r, body)
	if answer := s.misbehave.Load(); answer != nil {
		(*answer)(w, r, sent)
		return
	}
	kept := httptest.NewRecorder()
	cut := func() (cut any) {
		defer func() { cut = recover() }() // so the sandbox cuts a connection
		s.Sandbox.Handler().ServeHTTP(kept, r)
		return nil
	}()
	s.ofAnswer(kept.Body.Bytes())
	answer := s.plant(kept.Body.Bytes())
	for name, values := range kept.Header() {
		w.Header()[name] = values
	}
	if cut == nil {
		w.Header().Del("Content-Length")
	}
	if kept.Body.Len() > 0 || cut == nil {
		w.WriteHeader(kept.Code)
		_, _ = w.Write(answer)
		_ = http.NewResponseController(w).Flush()
	}
	if cut != nil {
		panic(http.ErrAbortHandler)
	}
}

// plant puts further fields into an answer that no client reads: an account of something else,
// and a card number in a text.
func (s *secretRun) plant(answer []byte) []byte {
	start := bytes.IndexByte(answer, '{')
	if start < 0 || start > 1 || bytes.HasPrefix(answer[start:], []byte("{}")) {
		return answer
	}
	fields := `"debug":{` + s.planted(int(s.answers.Add(1))) + `},"note":"card ` + secretSpacedCard + ` was seen, of ` + otherPayer + `, ` + otherPayersPhone + `",`
	return bytes.Join([][]byte{answer[:start+1], []byte(fields), answer[start+1:]}, nil)
}

// cli runs the CLI and keeps what it printed.
func (s *secretRun) cli(args ...string) (output string, ok bool) {
	s.T.Helper()
	output, ok = s.Exec(args...)
	s.surfaces = append(s.surfaces, surface{strings.Join(args, " "), output, inPrint})
	return output, ok
}

func (s *secretRun) must(args ...string) string {
	s.T.Helper()
	output, ok := s.cli(args...)
	if !ok {
		s.T.Fatalf("%s: %s", strings.Join(args, " "), output)
	}
	return output
}

// mustFail runs what has to fail. It returns the output with its white space folded, and
// without colours and the frame around messages.
func (s *secretRun) mustFail(args ...string) string {
	s.T.Helper()
	output, ok := s.cli(args...)
	if ok {
		s.T.Errorf("%s succeeded: %s", strings.Join(args, " "), output)
	}
	return folded(output)
}

var colours = regexp.MustCompile(`\x1b\[[0-9;]*m|[│╷╵]`)

func folded(output string) string {
	return strings.Join(strings.Fields(colours.ReplaceAllString(output, "")), " ")
}

// document runs a command whose output is the state or a plan.
func (s *secretRun) document(args ...string) string {
	s.T.Helper()
	output := s.must(args...)
	s.surfaces[len(s.surfaces)-1].from = inState
	return output
}

// searchAll searches everything that was printed, logged or left in files.
func (s *secretRun) searchAll() {
	s.T.Helper()
	log, err := os.ReadFile(s.logPath)
	s.Must(err)
	ours, cores := splitLog(string(log), ofProvider)
	for part, in := range map[string]string{"gateway call, bodies": ours, "sdk.framework": ours, "backend/local": cores} {
		if !strings.Contains(in, part) && len(s.Sandbox.Requests()) > 0 {
			s.T.Errorf("the log lacks %q: is it complete?", part)
		}
	}
	said, calls := splitLog(ours, isMessage)
	all := append(s.surfaces, surface{"the errors in the provider's log", said, inErrors}, surface{"the provider's TRACE log", calls, inLog}, surface{"the CLI's own TRACE log", cores, inState}) //nolint:gocritic // a copy
	err = filepath.WalkDir(s.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all = append(all, surface{entry.Name(), string(text) + unzipped(text), inState})
		return err
	})
	s.Must(err)
	s.search(s.T, all)
}

var logEntry = regexp.MustCompile(`(?m)^\d{4}-\d\d-\d\dT\S+ \[[A-Z]+\] +`)

// ofProvider reports whether an entry of the log comes from the provider rather than from the
// CLI. OpenTofu logs every object that it writes to the state, and Terraform some, with the
// values of sensitive attributes. No provider can change that. Credentials and write-only
// values are in neither.
func ofProvider(entry string) bool {
	return strings.HasPrefix(entry[len(logEntry.FindString(entry)):], "provider")
}

// isMessage reports whether an entry is a message that the SDK logs, and that users see.
func isMessage(entry string) bool { return strings.Contains(entry, "diagnostic_detail=") }

// splitLog takes the entries of one kind out of a log.
func splitLog(log string, isOne func(entry string) bool) (ones, others string) {
	var kept, left strings.Builder
	starts := logEntry.FindAllStringIndex(log, -1)
	for i, start := range starts {
		end := len(log)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		entry, part := log[start[0]:end], &left
		if isOne(entry) {
			part = &kept
		}
		part.WriteString(entry)
	}
	return kept.String(), left.String()
}

// unzipped is the content of a plan file, which is an archive.
func unzipped(file []byte) string {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, one := range archive.File {
		if reader, err := one.Open(); err == nil {
			_, _ = io.Copy(&b, reader)
		}
	}
	return b.String()
}

// hang answers nothing until the caller goes away. waiting waits for so many callers.
func (s *secretRun) hang() (waiting func(n int), release func()) {
	calls, done := make(chan struct{}, 100), make(chan struct{})
	var once sync.Once
	answer := func(_ http.ResponseWriter, r *http.Request, _ []string) {
		calls <- struct{}{}
		select {
		case <-done:
		case <-r.Context().Done():
		}
	}
	s.misbehave.Store(&answer)
	return func(n int) {
		for range n {
			<-calls
		}
	}, func() { once.Do(func() { close(done) }); s.misbehave.Store(nil) }
}
