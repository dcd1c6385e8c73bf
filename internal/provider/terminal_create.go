package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// terminalKind is what terminals are called in the ledger.
const terminalKind = "terminal"

// getOrCreate looks first: after a crash, or after destroy-and-apply, the
// terminal is still there.
func (r *terminalResource) getOrCreate(ctx context.Context, model *terminalModel, diags *diag.Diagnostics) *invoiceapi.Terminal {
	request := model.request()
	failed := gateway.FailedCall{
		Attempt:    "create the terminal",
		Unclear:    fmt.Sprintf("The terminal may have been created. Wait a minute and apply again: it is looked up by its alias %q first, and adopted if it is there.", request.Alias),
		Attributes: terminalArguments.Names(),
	}
	terminal, err := r.client.FindTerminal(ctx, request.Alias)
	if err != nil {
		gateway.FailedCall{Attempt: "look for the terminal before creating it"}.Report(diags, err)
		return nil
	}
	if terminal != nil {
		return r.adoptTerminal(terminal, request, diags)
	}
	terminal, err = r.client.CreateTerminal(ctx, request)
	if err != nil && transport.OutcomeOf(err) == transport.Refused {
		// Somebody else may have taken the alias in between.
		if existing, findErr := r.client.FindTerminal(ctx, request.Alias); findErr == nil && existing != nil {
			return r.adoptTerminal(existing, request, diags)
		}
	}
	if err != nil {
		failed.Report(diags, err)
		return nil
	}
	if rewritten := terminal.Differences(request).Hard(); len(rewritten) > 0 {
		diags.AddWarning("The gateway rewrote the terminal",
			fmt.Sprintf("Terminal %q was created, but the gateway answered: %s.", request.Alias, rewritten.String()))
	}
	return terminal
}

// adoptTerminal takes over a terminal that is the same in what the gateway
// gives back.
func (r *terminalResource) adoptTerminal(existing *invoiceapi.Terminal, request invoiceapi.CreateTerminalRequest, diags *diag.Diagnostics) *invoiceapi.Terminal {
	differences := existing.Differences(request)
	importBlock := fmt.Sprintf("import {\n  to = invoice_terminal.NAME\n  id = %q\n}", request.Alias)
	if hard := differences.Hard(); len(hard) > 0 {
		diags.AddAttributeError(path.Root("alias"), "The alias is taken by another terminal",
			fmt.Sprintf("The gateway already has a terminal with the alias %q, and it differs:\n- %s\n\n"+
				"Terminals cannot be changed. Choose another alias, or make the configuration the same; "+
				"then it is adopted. To manage the existing one as it is, import it:\n\n%s",
				request.Alias, strings.ReplaceAll(hard.String(), "; ", "\n- "), importBlock))
		return nil
	}
	how := r.adoption
	if r.run.IsAdopted(terminalKind, string(existing.ID)) {
		how = ledger.Adoption{} // this run has just forgotten it: it replaces itself
	}
	if !how.Adopt(path.Root("alias"), fmt.Sprintf("terminal %q (%s)", request.Alias, existing.ID),
		"only makes Terraform forget it, and its page stays", importBlock, diags) {
		return nil
	}
	if len(differences) > 0 {
		diags.AddAttributeWarning(path.Root("description"), "The adopted terminal has another description",
			fmt.Sprintf("Terminal %q exists already and is adopted as it is. %s. Gateways rewrite descriptions, and cannot change them later.",
				request.Alias, differences.String()))
	}
	return existing
}
