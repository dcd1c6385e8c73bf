package values

import (
	"encoding/json"
	"testing"
	"time"
)

func TestTimeNeverFails(t *testing.T) {
	for document, want := range map[string]string{
		`"2014-04-02 08:52:14"`:       "2014-04-02T08:52:14+03:00",
		`"2024-11-04T13:55:45+00:00"`: "2024-11-04T13:55:45Z",
		`"soon"`:                      "0001-01-01T00:00:00Z",
		`""`:                          "0001-01-01T00:00:00Z",
		`null`:                        "0001-01-01T00:00:00Z",
		`{"a":1}`:                     "0001-01-01T00:00:00Z",
		`7`:                           "0001-01-01T00:00:00Z",
	} {
		value := Time{Time: time.Now()}
		if err := json.Unmarshal([]byte(document), &value); err != nil {
			t.Errorf("%s: %v", document, err)
		}
		if got, _ := value.MarshalText(); string(got) != want {
			t.Errorf("%s: %s, want %s", document, got, want)
		}
	}
}

func TestTextNeverFails(t *testing.T) {
	for document, want := range map[string]string{
		`"a\u0441"`: "aс", `null`: "", `""`: "", `7`: "7", `12345678901234567890`: "12345678901234567890", `[2, 51]`: "[2, 51]", `{"a":1}`: `{"a":1}`, `true`: "true",
		// A state holds only UTF-8.
		"[\"\xff\"]": "[\"\ufffd\"]",
	} {
		value := Text("before")
		if err := json.Unmarshal([]byte(document), &value); err != nil || string(value) != want {
			t.Errorf("%s: %q, %v", document, value, err)
		}
	}
}
