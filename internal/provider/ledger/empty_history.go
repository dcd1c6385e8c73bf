package ledger

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// The history of a gateway that cannot be called yet is empty, since an error would also
// stop a destroy. That must not withdraw the objects that a configuration makes for each
// invoice of the history.

// NoteEmptyHistory notes that this run returned a history without reading it.
func (r *Run) NoteEmptyHistory() { r.hasEmptyHistory.Store(true) }

// RefuseAfterEmptyHistory adds an error if the configuration may lack an object only
// because a history was empty. A planned destroy of everything reads data sources only in
// its refresh.
func (r *Run) RefuseAfterEmptyHistory(object string, diags *diag.Diagnostics) {
	if r.hasEmptyHistory.Load() {
		diags.AddError("An object would be destroyed because a history is empty",
			fmt.Sprintf("The provider block has settings that are unknown until apply, so a data source invoice_history could not be read and came out empty. "+
				"The configuration has no place for %s any more, maybe only because of that. Nothing was changed. Either:\n"+
				"- apply first what the settings come from (-target), then plan again; or\n"+
				"- to destroy everything: terraform destroy -refresh=false.", object))
	}
}
