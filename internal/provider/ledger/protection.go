package ledger

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// Money that has moved is protected: Terraform does not forget it by accident,
// and never sends it again. deletion_protection counts as the state has it, since
// a configuration that is gone says nothing. Null protects: after an import, and
// in a state of an older version.

// IsProtected reports whether forgetting has to be allowed first.
func IsProtected(stored types.Bool) bool { return stored.IsNull() || stored.ValueBool() }

// MarkDestroy tells Delete that a destroy was planned, and so could be refused.
func MarkDestroy(ctx context.Context, data private.Writer) diag.Diagnostics {
	return private.WriteFlag(ctx, data, PrivateDestroy, true)
}

// UnmarkDestroy keeps the mark out of the state: it holds for one destroy.
func UnmarkDestroy(ctx context.Context, data private.Writer) diag.Diagnostics {
	return private.WriteFlag(ctx, data, PrivateDestroy, false)
}

// WaysToForget are the ways out for who wants Terraform to forget an object.
func WaysToForget(typeName string) string {
	return fmt.Sprintf(RenamedWay+`
- if Terraform is to forget it, which leaves it as it is, write this in place of the resource:
  removed {
    from = %s.NAME
    lifecycle {
      destroy = false
    }
  }
  terraform state rm <its address> does the same, if you take the resource out as well: left there, the next apply makes another one;
- or set deletion_protection = false in it, apply, and then take it out or destroy it.`, typeName)
}

// ForgetPaid is the way out for who wants Terraform to forget a link or an invoice
// that was paid.
const ForgetPaid = "terraform state rm <address of this resource>, and take it out of the configuration: left there, the next apply would issue another."

// WaysAroundReplacement are the ways out for what Terraform wants to replace.
const WaysAroundReplacement = TaintedWay + ";\n" +
	"- if -replace or replace_triggered_by asks for it, leave that out"

const RenamedWay = `- if it only has another name or place now, say so, or use terraform state mv:
  moved {
    from = <its address until now>
    to   = <its new address>
  }`

const TaintedWay = "- if it is tainted, keep it: terraform untaint <its address>"

// NeverAgain is for who looks for a way to make the same one once more.
const NeverAgain = "\n\ndeletion_protection = false lets Terraform forget the one in the state, but not make it again."
