package ledger

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// Adoption says what happens to an object that is at the gateway already, the
// same as the configuration asks for: the provider setting adopt_existing.
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
