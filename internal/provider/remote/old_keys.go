package remote

import (
	"context"
	"slices"
	"strconv"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// oldKeys are where older versions kept a memory. The first write removes them.
var oldKeys = []string{"remote", "echo", "answers", "imported", "unread", "unpayable"}

func hasOldKeys(ctx context.Context, from private.Reader) bool {
	return slices.ContainsFunc(oldKeys, func(key string) bool {
		text, _ := from.GetKey(ctx, key)
		return len(text) > 0
	})
}

// readOldKeys reads the states of older versions. The last of them wrote all answers under one key.
// Those before it have a key for each part: links, terminals and refunds have an "echo" with both
// sides, invoices "answers" as Go writes values.
func readOldKeys(ctx context.Context, from private.Reader) Memory {
	if whole, _ := from.GetKey(ctx, "remote"); len(whole) > 0 {
		return readWhole(ctx, from)
	}
	var echo map[string]struct {
		Applied string `json:"applied"`
		Answer  string `json:"answer"`
	}
	var answers map[string]string
	private.ReadJSON(ctx, from, "echo", &echo)
	private.ReadJSON(ctx, from, "answers", &answers)
	known := Memory{
		Answers: map[string]string{},
		Applied: map[string]string{},
		Marks: Marks{
			Imported:  private.ReadFlag(ctx, from, "imported"),
			Unread:    private.ReadFlag(ctx, from, "unread"),
			Unpayable: private.ReadFlag(ctx, from, "unpayable"),
		},
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

// readWhole reads a memory that was written with all answers.
func readWhole(ctx context.Context, from private.Reader) Memory {
	var whole struct {
		Answers, Applied            map[string]string
		Imported, Unread, Unpayable bool
	}
	private.ReadJSON(ctx, from, "remote", &whole)
	return Memory{Answers: whole.Answers, Applied: whole.Applied, Marks: Marks{Imported: whole.Imported, Unread: whole.Unread, Unpayable: whole.Unpayable}}
}
