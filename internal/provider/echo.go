package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// Keys of the private state: what the provider has to know about an object
// and Terraform does not show.
const (
	// privateEcho holds an [echo].
	privateEcho = "echo"
	// privateImported is true from an import until the first apply after it.
	// Until then, what the gateway never gives back is null in the state.
	privateImported = "imported"
	// privateUnpayable is true when Read saw that the link failed or expired. The
	// clock is read there and not while planning, so that plan and apply agree.
	privateUnpayable = "unpayable"
	// privateAnswers holds the [answers] about an invoice.
	privateAnswers = "answers"
	// privateUnread is true until the first read after a creation.
	privateUnread = "unread"
)

// echo remembers, by attribute, what was applied and what the gateway answered
// to it. Gateways rewrite what they are sent; the same answer again is no
// drift, another one is.
type echo map[string]echoed

type echoed struct {
	Applied string `json:"applied"`
	Answer  string `json:"answer"`
}

// newEcho pairs what was applied with what came back. Attributes that do not
// come back are in neither.
func newEcho(applied, answer map[string]string) echo {
	e := make(echo, len(answer))
	for name := range answer {
		e[name] = echoed{Applied: applied[name], Answer: answer[name]}
	}
	return e
}

// seen returns what an attribute should be in the state, given the gateway's
// answer now: what was applied when the answer has not changed, or is just that;
// the answer itself when it has (drifted), and after an import.
func (e echo) seen(name, answer string) (value string, drifted bool) {
	before, known := e[name]
	if known && (attributes.IsSpelledAs(name, before.Answer, answer) || attributes.IsSpelledAs(name, before.Applied, answer)) {
		return before.Applied, false
	}
	return answer, known
}

func readEcho(ctx context.Context, data private.Reader) echo {
	var e echo
	private.ReadJSON(ctx, data, privateEcho, &e)
	return e
}

func (e echo) write(ctx context.Context, data private.Writer) diag.Diagnostics {
	return private.WriteJSON(ctx, data, privateEcho, e)
}

// settled takes the first read after a creation for what the gateway makes of
// texts that are ours alone: some answer a creation with what was sent, and
// rewrite it only afterwards.
func (e echo) settled(answer map[string]string) echo {
	renewed := make(echo, len(e))
	for name, one := range e {
		if name == "description" || name == "custom_parameters" {
			one.Answer = answer[name]
		}
		renewed[name] = one
	}
	return renewed
}

// appliedAs keeps the answers and replaces what was applied, after an import.
func (e echo) appliedAs(applied map[string]string) echo {
	renewed := make(echo, len(e))
	for name, one := range e {
		renewed[name] = echoed{Applied: applied[name], Answer: one.Answer}
	}
	return renewed
}
