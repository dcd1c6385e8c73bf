package transport

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const (
	// awkward is a secret that every encoding escapes.
	awkward = `Päss/"<w>&+%41'\\ Zq81`
	masked  = "***"
)

// An excerpt never ends in the middle of a secret.
func TestExcerptsCutNoSecretInHalf(t *testing.T) {
	const holder, card = "КОНСТАНТИНОПОЛЬСКИЙ ИВАН", "5543 7354 8462 6654"
	for before := range 230 {
		for _, secret := range []string{holder, card, awkward} {
			s := newServer(t, answering(200, strings.Repeat("ж", before)+" "+secret+" end"))
			config := quick(0)
			config.Secrets = []string{holder}
			call := callTo(s.URL, true)
			call.Secrets = []string{awkward}
			answer, err := New(config).Do(t.Context(), call)
			s.Close()
			if err != nil {
				t.Fatal(err)
			}
			text := answer.Unusable(nil).Error()
			for _, part := range []string{string([]rune(secret)[:5]), string([]rune(secret)[len([]rune(secret))-5:])} {
				if strings.Contains(text, part) {
					t.Fatalf("%d characters before it: %q is in %q", before, part, text)
				}
			}
		}
	}
}

// A server can put a secret into every part of an error. Each part hides it.
func TestErrorHidesSecretsInEveryPart(t *testing.T) {
	cause := errors.New("it said " + awkward)
	client := New(Config{Name: "Test gateway", Secrets: []string{"config-secret"}})
	e := client.Error("Make", &Error{
		Code: "code-" + awkward, Text: "config-secret 5543735484626654", Fields: map[string][]string{"field " + awkward: {"bad: " + url.QueryEscape(awkward)}},
		Cause: fmt.Errorf("wrapped: %w", cause),
	}, awkward)
	if got, want := e.Error(), "Test gateway, Make: error code-***, «*** ***», field ***: «bad: ***», wrapped: it said ***"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if !errors.Is(e, cause) {
		t.Error("a masked error is no longer what it was")
	}
}

// An error shows a redirect as people read it, without its query.
func TestRedirectsAreToldWithoutSecrets(t *testing.T) {
	answer := &Answer{Status: 302, Header: http.Header{"Location": {"https://x.example/" + url.PathEscape(awkward) + "/5543%207354%208462%206654?token=abc"}}}
	e := New(Config{Name: "G", Secrets: []string{awkward}}).Error("Make", answer.Unusable(nil))
	wantContains(t, e.Error(), `redirected to "https://x.example/***/***": wrong login`)
}

// Go's errors quote what a server sends instead of HTTP, and the client logs them.
func TestFailedAttemptsLogNoSecret(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
		connection, _, _ := http.NewResponseController(w).Hijack()
		_, _ = fmt.Fprintf(connection, "HTTP/1.1 200 OK\r\nyou sent %s\r\n\r\n", awkward)
		_ = connection.Close()
	})
	logged := &records{}
	config := quick(0)
	config.Log = logged.log
	call := callTo(s.URL, true)
	call.Secrets = []string{awkward}
	_, err := New(config).Do(t.Context(), call)
	if err == nil || !strings.Contains(err.Error(), "you sent ***") || !strings.Contains(logged.text(), "you sent ***") {
		t.Errorf("%v\n%s", err, logged.text())
	}
}

func TestLocationIsServerAndPath(t *testing.T) {
	for location, want := range map[string]string{
		"https://user:secret@x.example/login?sid=secret#secret": "https://x.example/login",
		"/login#secret":           "/login",
		"http://x:zz/?sid=secret": "an address that cannot be read",
		"":                        "",
	} {
		if got := (&Answer{Header: http.Header{"Location": {location}}}).Location(); got != want {
			t.Errorf("%q is shown as %q, want %q", location, got, want)
		}
	}
}

// Every call logs its address, even at a lower level.
func TestLoggedAddressesHidePayers(t *testing.T) {
	for sent, want := range map[string]string{
		"/info/invoice/search/?end_date=2026-11-28&query=anna%40example.com&start_date=2026-11-26": "/info/invoice/search/?end_date=2026-11-28&query=***&start_date=2026-11-26",
		"/search?query=%2B7+916+123-45-67&token=abc&known=hidden-one":                              "/search?query=***&token=***&known=***",
		"/list?OwnerEmail=anna&query=order-1":                                                      "/list?OwnerEmail=***&query=order-1",
		"/internal-id/anna@example.com":                                                            "/internal-id/***",
		"/internal-id/anna%40example.com":                                                          "/internal-id/***",
		"/internal-id/89161234567%2F1":                                                             "/internal-id/89161234567%2F1",
		"/":                                                                                        "/",
		"":                                                                                         "",
	} {
		for _, serve := range []http.HandlerFunc{answering(200, "{}"), cutting} {
			s := newServer(t, serve)
			logged := &records{}
			config := quick(0)
			config.Log, config.Secrets = logged.log, []string{"hidden-one"}
			_, _ = New(config).Do(t.Context(), Call{Operation: "Read", Method: http.MethodGet, URL: s.URL + sent})
			all := append(logged.at(LevelDebug), logged.at(LevelTrace)...)
			if len(all) == 0 {
				t.Fatal("nothing was logged")
			}
			for _, one := range all {
				if got := one.fields["url"]; got != s.URL+want {
					t.Errorf("%s: logged as %s, want %s", sent, got, s.URL+want)
				}
			}
		}
	}
}

// An error has to say which address the gateway did not accept.
func TestErrorsShowPayers(t *testing.T) {
	e := New(quick(0)).Error("Read", &Error{Text: "wrong address anna@example.com, call +7 916 123-45-67", Fields: map[string][]string{"client_email": {"anna@example.com"}}})
	if text := e.Error(); strings.Contains(text, masked) {
		t.Error(text)
	}
}

// The log shows what a server sent out of turn, as far as it is no secret.
func TestLoggedFailuresHidePayers(t *testing.T) {
	logged := &records{}
	config := quick(0)
	config.Log = logged.log
	client := New(config)
	client.connections.kept = roundTripperFunc(func(*http.Request) (*http.Response, error) {
		return nil, errors.New(`malformed HTTP response "anna@example.com, +79161234567"`)
	})
	_, _ = client.Do(t.Context(), callTo("http://gateway.test", true))
	if got := logged.at(LevelDebug)[0].fields["error"]; got != `malformed HTTP response "***, ***"` {
		t.Errorf("logged: %s", got)
	}
}
