package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// The settings that guard a team against an apply which nobody meant. Of the provider block
// and the environment, the stricter one counts: a pull request may change the block, and the
// environment of its job is there to hold.

func readOnlySchema() schema.BoolAttribute {
	return schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "Whether nothing is sent that changes a gateway, whatever is applied (default `false`): for plans of pull requests, which have live credentials. " +
			"Reading, planning and importing work as ever, and plans are the same. What would create, change, close, cancel, mail, refund or pay out something is an error, " +
			"and nothing changes. What is only forgotten needs no call, and still goes: a terminal, a refund, and a link or an invoice that was paid. " +
			"`true` in the environment holds even if the provider block says `false`. Environment: `INVOICE_READ_ONLY`.",
	}
}

// readOnlySetting returns what makes the run read-only, in the words of errors; "" for
// nothing. While the setting is unknown, it may turn out to be true.
func readOnlySetting(configured types.Bool, diags *diag.Diagnostics) string {
	inEnvironment := boolFromEnvironment("read_only", false, diags)
	switch {
	case inEnvironment:
		return "INVOICE_READ_ONLY=true in the environment"
	case configured.IsUnknown():
		return "read_only in the provider block, which is not known yet,"
	case configured.ValueBool():
		return "read_only = true in the provider block"
	}
	return ""
}

func maxOutgoingSchema() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, CustomType: attributes.DecimalType{},
		MarkdownDescription: "What the refunds and payouts of one run may come to together, in roubles, such as `100000` (default: no limit); `0` allows none. " +
			"The plan fails when those that it would make come to more. The apply counts once more, when all amounts are known, and fails before the one that would pass the limit. " +
			"Each run counts from zero, and each provider block by itself. A payout with `max_amount` counts with that. What a gateway refused does not count; what it left without an answer does. " +
			"A refund or payout in another currency is an error, since nothing says what it is worth in roubles: use a provider block of its own for those (`alias`), in a job without the environment's limit. " +
			"If the environment sets a limit too, the lower one counts. Environment: `INVOICE_MAX_OUTGOING`.",
		Validators: []validator.String{attributes.IsNotNegative(2)},
	}
}

// limitOutgoing sets the limits of a run: that of the provider block, and that of the environment,
// which each block has. While the block's is unknown, nothing may go out.
func limitOutgoing(run *ledger.Run, configured attributes.Decimal, diags *diag.Diagnostics) {
	var limits []ledger.Limit
	if !configured.IsNull() {
		setting := fmt.Sprintf("max_outgoing = %q in the provider block", configured.ValueString())
		if configured.IsUnknown() {
			setting = "max_outgoing in the provider block, which is not known yet"
		}
		limits = append(limits, ledger.Limit{Max: configured.Number(), Setting: setting, Without: "use a provider block of its own (alias) that has no max_outgoing"})
	}
	valid := attributes.IsNotNegative(2)
	fromEnvironment("max_outgoing", `zero or a positive decimal number with at most two decimals, such as "100000"`, func(text string) bool {
		sum, err := values.ParseDecimal(text)
		if valid.Problem(text) != "" || err != nil {
			return false
		}
		limits = append(limits, ledger.Limit{Max: &sum, Setting: fmt.Sprintf("INVOICE_MAX_OUTGOING=%s in the environment", text),
			Without: "unset INVOICE_MAX_OUTGOING for the job that makes it"})
		return true
	}, diags)
	run.LimitOutgoing(limits...)
}
