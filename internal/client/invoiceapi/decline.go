package invoiceapi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/lazyregexp"
)

// DeclineReason is what a decline code means (guide, section 9.2).
type DeclineReason struct {
	Code          string // as the guide writes it: "[2, 51]"
	Name          string // the guide's English name: "Not sufficient funds"
	Description   string // in our words
	DescriptionRU string // in the guide's
	// Cause and CauseRU list what may be behind it; "" where the guide says nothing.
	Cause   string
	CauseRU string
}

// declineCode is a code in brackets anywhere, or a bare one that is a line of its own: "2,51"
// inside a sentence may be an amount.
var declineCode = lazyregexp.New(`\[\s*(-?\d+)\s*,\s*(-?\d+)\s*\]|(?m:^[ \t]*(-?\d+)[ \t]*,[ \t]*(-?\d+)[ \t]*\r?$)`)

// FindDeclineReason finds the first known decline code, such as "[2, 51]", in the
// status_description of a payment and says what it means. The bare code "2,51" is one, too.
func FindDeclineReason(statusDescription string) (DeclineReason, bool) {
	return findDecline(statusDescription, func([2]int) bool { return true })
}

// doubtfulDeclines do not say that nothing happened: nobody waited for the issuer,
// the operation was carried out already, something broke, or it is a duplicate.
var doubtfulDeclines = [][2]int{{2, 82}, {2, 95}, {2, 96}, {3, -21}}

// findDoubtfulDecline looks for one of them wherever a refusal may carry it.
func findDoubtfulDecline(refusal *transport.Error) (DeclineReason, bool) {
	said := []string{refusal.Code, refusal.Text}
	for _, messages := range refusal.Fields {
		said = append(said, messages...)
	}
	return findDecline(strings.Join(said, "\n"), func(code [2]int) bool { return slices.Contains(doubtfulDeclines, code) })
}

func findDecline(text string, isWanted func(code [2]int) bool) (DeclineReason, bool) {
	for _, match := range declineCode().FindAllStringSubmatch(text, -1) {
		group, _ := strconv.Atoi(match[1] + match[3])
		number, _ := strconv.Atoi(match[2] + match[4])
		code := [2]int{group, number}
		if reason, known := declineReasons[code]; known && isWanted(code) {
			reason.Code = fmt.Sprintf("[%d, %d]", group, number)
			return reason, true
		}
	}
	return DeclineReason{}, false
}
