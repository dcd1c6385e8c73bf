package invoiceapi

import (
	"fmt"
	"os"
	"regexp"
	"testing"
)

const errorsGuide = "../../../templates/guides/errors.md"

// TestGuideHasEveryDeclineCode compares the guide's table with the code's, row by row.
func TestGuideHasEveryDeclineCode(t *testing.T) {
	guide, err := os.ReadFile(errorsGuide)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(\\[.*?\\])` \\|.*$").FindAllStringSubmatch(string(guide), -1) {
		if rows[row[1]] != "" {
			t.Errorf("the guide has %s twice", row[1])
		}
		rows[row[1]] = row[0]
	}
	for code, reason := range declineReasons {
		name := fmt.Sprintf("[%d, %d]", code[0], code[1])
		cause, causeRU := reason.Cause, reason.CauseRU
		if cause != "" {
			cause, causeRU = ". *Behind it:* "+cause, " *Что за этим:* "+causeRU
		}
		want := fmt.Sprintf("| `%s` | %s | %s%s | %s%s |", name, reason.Name, reason.Description, cause, reason.DescriptionRU, causeRU)
		if rows[name] != want {
			t.Errorf("the guide says\n%s\nand the code\n%s", rows[name], want)
		}
		delete(rows, name)
	}
	for name := range rows {
		t.Errorf("the guide has %s, which the code does not know", name)
	}
}
