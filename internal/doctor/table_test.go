package doctor

import (
	"strings"
	"testing"
)

// What cannot be known stands after what is, in one line for each reason, and the last line
// says first whether the provider would work.
func TestTableGathersWhatCannotBeKnown(t *testing.T) {
	report := &Report{Checks: []Check{
		{"paykeeper", "reachable", "true", OK, "It answers."},
		{"paykeeper", "paykeeper_byid", "unknown", Unknown, "Nothing more was asked."},
		{"paykeeper", "credentials", "refused", Error, "It does not accept them."},
		{"paykeeper", "paykeeper_mail", "unknown", Unknown, "Nothing more was asked."},
		{"paykeeper", "paykeeper_revoked", "unknown", Unknown, "Only a revoked invoice shows it."},
		{"p2p", "p2p_deals", "unknown", Unknown, "Nothing more was asked."},
	}}
	var table strings.Builder
	if err := report.WriteTable(&table); err != nil {
		t.Fatal(err)
	}
	want := `paykeeper
  ok       reachable          true     It answers.
  error    credentials        refused  It does not accept them.
  unknown  2 points                    Nothing more was asked. They are: paykeeper_byid, paykeeper_mail.
  unknown  paykeeper_revoked           Only a revoked invoice shows it.
p2p
  unknown  p2p_deals                   Nothing more was asked.

1 thing would not work; 0 warnings, 1 ok. 4 points cannot be known from here.
`
	if table.String() != want {
		t.Errorf("got\n%swant\n%s", &table, want)
	}
	table.Reset()
	if err := (&Report{Checks: report.Checks[:1]}).WriteTable(&table); err != nil || !strings.HasSuffix(table.String(), "\nNothing was found that would not work; 0 warnings, 1 ok. 0 points cannot be known from here.\n") {
		t.Errorf("%s, %v", &table, err)
	}
}
