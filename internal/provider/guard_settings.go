package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
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
