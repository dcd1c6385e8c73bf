package remote

import (
	"context"
	"strconv"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// readOldKeys reads the states of older versions, which have a key for each part. Links, terminals and
// refunds have an "echo" with both sides, invoices "answers" as Go writes values.
func readOldKeys(ctx context.Context, from private.Reader) Memory {
	var echo map[string]struct {
		Applied string `json:"applied"`
		Answer  string `json:"answer"`
	}
	var answers map[string]string
	private.ReadJSON(ctx, from, "echo", &echo)
	private.ReadJSON(ctx, from, "answers", &answers)
	known := Memory{
		Answers:   map[string]string{},
		Applied:   map[string]string{},
		Imported:  private.ReadFlag(ctx, from, "imported"),
		Unread:    private.ReadFlag(ctx, from, "unread"),
		Unpayable: private.ReadFlag(ctx, from, "unpayable"),
	}
	for name, one := range echo {
		known.Answers[name], known.Applied[name] = one.Answer, one.Applied
	}
	for name, answer := range answers {
		if unquoted, err := strconv.Unquote(answer); err == nil {
			answer = unquoted
		}
		known.Answers[name] = answer
	}
	return known
}
