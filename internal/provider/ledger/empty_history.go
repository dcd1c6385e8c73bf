package ledger

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// A history whose gateway cannot be asked yet is empty: an error would also fail
// a destroy. But what is made for each of its invoices must not be withdrawn
// because of that.

// NoteEmptyHistory notes that this run has shown a history that nobody read.
func (r *Run) NoteEmptyHistory() { r.hasEmptyHistory.Store(true) }

// RefuseAfterEmptyHistory refuses to plan the destruction of an object that the
// configuration may only lack because a history was empty. A planned destroy reads
// no data sources, so it gets here in its refresh at most.
func (r *Run) RefuseAfterEmptyHistory(object string, diags *diag.Diagnostics) {
	if r.hasEmptyHistory.Load() {
		diags.AddError("An object would be destroyed because a history is empty",
			fmt.Sprintf("The provider block has settings that are unknown until apply, so a data source invoice_history could not be read and came out empty. "+
				"The configuration has no place for %s any more, maybe only because of that. Nothing was changed. Either:\n"+
				"- apply first what the settings come from (-target), then plan again; or\n"+
				"- to destroy everything: terraform destroy -refresh=false.", object))
	}
}
