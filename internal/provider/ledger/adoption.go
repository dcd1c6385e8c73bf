package ledger

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// NoteAdopted notes an object that this run took over as it was. With
// create_before_destroy the old resource is destroyed afterwards, and must not
// withdraw what the new one lives on.
func (r *Run) NoteAdopted(kind, id string) { r.adopted.set(idKey(kind, id), true) }

// IsAdopted reports whether this run took the object over.
func (r *Run) IsAdopted(kind, id string) bool { return r.adopted.of(idKey(kind, id)) }

// NoteIssued notes an object that this run issued. To adopt it as well means that
// two resources have one order id.
func (r *Run) NoteIssued(kind, id string) { r.issued.set(idKey(kind, id), true) }

// IsIssued reports whether this run issued the object.
func (r *Run) IsIssued(kind, id string) bool { return r.issued.of(idKey(kind, id)) }

// Adoption is what happens to an object that is at the gateway already, the same
// as the configuration asks for: the provider setting adopt_existing.
type Adoption struct{ IsForbidden bool }

// Adopt reports whether an existing object is taken over. It warns that it was,
// or says how to import it. at is the attribute of the key, closing what a
// destroy does to it, such as "closes it for whoever else manages it".
func (a Adoption) Adopt(at path.Path, object, closing, importBlock string, diags *diag.Diagnostics) bool {
	if a.IsForbidden {
		diags.AddAttributeError(at, "The object exists already",
			fmt.Sprintf("The gateway already has %s, the same as the configuration asks for, and adopt_existing is false. Nothing was created. "+
				"To manage the existing one, import it:\n\n%s", object, importBlock))
		return false
	}
	diags.AddAttributeWarning(at, "An existing object was adopted",
		fmt.Sprintf("The gateway already had %s: adopted, not created; destroying it %s. "+
			"To be asked first, set adopt_existing = false in the provider block (INVOICE_ADOPT_EXISTING).", object, closing))
	return true
}
