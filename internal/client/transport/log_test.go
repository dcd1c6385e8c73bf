package transport

import (
	"net/http"
	"strings"
	"testing"
)

// testCard is the guide's test card (section 8).
const testCard = "5543735484626654"

// Nothing that a real call logs, however it goes, holds a secret.
func TestNoCallLogsASecret(t *testing.T) {
	const secret = "1526fec01b5d11f4df4f2160627ce351"
	secrets := []string{secret, "c2VjcmV0", testCard, "5543 7354", "IVANOV"}
	ways := map[string]http.HandlerFunc{
		"answered": answering(200, `{"id":"77","key":"`+secret+`","holder":"I IVANOV","n":"5543 7354 8462 6654"}`),
		"refused":  answering(500, `login `+secret+` is wrong`),
		"cut":      cutting,
		"halved":   halving,
	}
	for name, serve := range ways {
		s := newServer(t, serve)
		logged := &records{}
		config := quick(1)
		config.Log = logged.log
		config.Secrets = []string{secret, "c2VjcmV0"}
		call := callTo(s.URL, true)
		call.Body = []byte(`{"name":"visible","apiKey":"` + secret + `","note":"` + testCard + ` and ` + secret + `"}`)
		_, _ = New(config).Do(t.Context(), call)
		if logged.attempts() == 0 {
			t.Fatalf("%s: nothing was logged", name)
		}
		for _, one := range append(secrets, "Basic", "Authorization") {
			if strings.Contains(logged.text(), one) {
				t.Errorf("%s: %q stands in the log:\n%s", name, one, logged.text())
			}
		}
	}
}

func TestLogTellsWhatHappened(t *testing.T) {
	s := newServer(t, answering(200, `{"id":"77"}`))
	logged := &records{}
	config := quick(0)
	config.Log = logged.log
	call := callTo(s.URL, true)
	call.URL = strings.Replace(call.URL, "http://", "http://user:hidden@", 1)
	if _, err := New(config).Do(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	debug, trace := logged.at(LevelDebug), logged.at(LevelTrace)
	if len(debug) != 1 || len(trace) != 1 {
		t.Fatalf("logged: %s", logged.text())
	}
	if f := debug[0].fields; f["method"] != "POST" || f["status"] != 200 || f["duration_ms"] == nil || f["error"] != nil {
		t.Errorf("debug: %v", f)
	}
	if f := trace[0].fields; f["status"] != 200 || f["answer"] != `{"id":"77"}` || f["request"] != string(call.Body) {
		t.Errorf("trace: %v", f)
	}
	for _, one := range append(debug, trace...) {
		wantContains(t, one.fields["url"].(string), "http://user:xxxxx@", "/Make")
	}
	if LevelTrace >= LevelDebug {
		t.Error("bodies must need a lower level than calls")
	}
}

func TestLogTellsOfAFailedAttempt(t *testing.T) {
	for name, serve := range map[string]http.HandlerFunc{"EOF": cutting, "unexpected EOF": halving} {
		s := newServer(t, serve)
		logged := &records{}
		config := quick(0)
		config.Log = logged.log
		_, _ = New(config).Do(t.Context(), callTo(s.URL, true))
		debug := logged.at(LevelDebug)
		if len(debug) != 1 || len(logged.at(LevelTrace)) != 0 {
			t.Fatalf("logged: %s", logged.text())
		}
		wantContains(t, debug[0].fields["error"].(string), name)
	}
}

// The secrets of one call are hidden in its log, and only there.
func TestSecretsOfOneCall(t *testing.T) {
	s := newServer(t, answering(500, "token once-only and twice"))
	logged := &records{}
	config := quick(1)
	config.Log = logged.log
	client := New(config)
	call := callTo(s.URL, true)
	call.Secrets = []string{"once-only"}
	if _, err := client.Do(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(logged.text(), "once-only") || logged.attempts() != 2 {
		t.Error(logged.text())
	}
	call.Secrets = []string{"twice"}
	if _, err := client.Do(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	wantContains(t, logged.text(), "token *** and twice", "token once-only and ***")
}

// An error quotes the beginning of an answer without its secrets.
func TestErrorsQuoteNoSecret(t *testing.T) {
	for body, want := range map[string]string{
		`{"token":"abc"}`: `«{"token":"***"}»`,
		`{"x":1,"token":"` + strings.Repeat("abc", 100): `«{"x":1,"token":"***"»`,
		`{"x":"abc"}`: `«{"x":"abc"}»`,
	} {
		answer := &Answer{Status: 200, Body: []byte(body)}
		wantContains(t, answer.Unusable(nil).Error(), want)
	}
}
