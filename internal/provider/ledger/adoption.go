package ledger

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// NoteAdopted notes an object that this run adopted. With create_before_destroy the
// old resource is destroyed afterwards. It must not withdraw the object that the new
// one has adopted.
func (r *Run) NoteAdopted(kind, id string) { r.adopted.set(idKey(kind, id), true) }

// IsAdopted reports whether this run adopted the object.
func (r *Run) IsAdopted(kind, id string) bool { return r.adopted.of(idKey(kind, id)) }

// NoteIssued notes an object that this run issued. If it is also adopted, two
// resources have one order id.
func (r *Run) NoteIssued(kind, id string) { r.issued.set(idKey(kind, id), true) }

// IsIssued reports whether this run issued the object.
func (r *Run) IsIssued(kind, id string) bool { return r.issued.of(idKey(kind, id)) }

// Adoption is the provider setting adopt_existing: what happens to an object that the
// gateway already has, as the configuration asks for it.
type Adoption struct{ IsForbidden bool }

// Adopt reports whether an existing object is adopted. It adds a warning if it is, and
// an error that says how to import the object if not. at is the attribute of the key.
// destroyEffect completes the sentence "destroying it …".
func (a Adoption) Adopt(at path.Path, object, destroyEffect, importBlock string, diags *diag.Diagnostics) bool {
	if a.IsForbidden {
		diags.AddAttributeError(at, "The object already exists",
			fmt.Sprintf("The gateway already has %s, the same as the configuration asks for, and adopt_existing is false. Nothing was created. "+
				"To manage the existing one, import it:\n\n%s", object, importBlock))
		return false
	}
	diags.AddAttributeWarning(at, "An existing object was adopted",
		fmt.Sprintf("The gateway already had %s: adopted, not created; destroying it %s. "+
			"To be asked first, set adopt_existing = false in the provider block (INVOICE_ADOPT_EXISTING).", object, destroyEffect))
	return true
}
