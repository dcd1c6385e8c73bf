package provider

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// mistyped is one name of an example, mistyped.
var mistyped = map[string]struct{ right, wrong, name string }{
	"invoice_invoice":      {`expiry_date  =`, `expiry_dat = `, "expiry_dat"},
	"invoice_payment_link": {`result_price = "1980.00" }`, `result_price = "1980.00", discuont = "0" }`, "discuont"},
	"invoice_refund":       {`result_price = "495.00" }`, `result_price = "495.00", discuont = "0" }`, "discuont"},
}

func TestKnownNamesFindAMistypedOne(t *testing.T) {
	for name, typo := range mistyped {
		t.Run(name, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			w.Env = append(w.Env, "TF_VAR_payment_id="+payment)
			text, err := os.ReadFile(filepath.Join("../../examples/known-names", name+".tf"))
			w.Must(err)
			config := string(text)
			if !strings.Contains(config, typo.right) {
				t.Fatalf("the example lacks %q", typo.right)
			}
			w.Write(strings.Replace(config, typo.right, typo.wrong, 1))
			w.Plan().Fails("Resource precondition failed", "unknown names: "+typo.name)
			w.Write(config)
			w.Apply().Succeeds()
			w.Plan().Succeeds().ChangesNothing()
		})
	}
}

// The lists of the examples are those of the schema.
func TestKnownNamesAreTheSchemas(t *testing.T) {
	schemas, err := newServer(testProvider()).GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	namesOf := func(all []*tfprotov6.SchemaAttribute) (names []string) {
		for _, one := range all {
			if !one.Computed || one.Optional {
				names = append(names, one.Name)
			}
		}
		slices.Sort(names)
		return names
	}
	inside := func(all []*tfprotov6.SchemaAttribute, name string) []*tfprotov6.SchemaAttribute {
		return all[slices.IndexFunc(all, func(one *tfprotov6.SchemaAttribute) bool { return one.Name == name })].NestedType.Attributes
	}
	root := func(name string) []*tfprotov6.SchemaAttribute { return schemas.ResourceSchemas[name].Block.Attributes }
	paykeeper := inside(root("invoice_invoice"), "paykeeper")
	for name, want := range map[string][][]string{
		"invoice_invoice":      {namesOf(paykeeper), namesOf(inside(paykeeper, "cart"))},
		"invoice_payment_link": {namesOf(inside(root("invoice_payment_link"), "receipt"))},
		"invoice_refund":       {namesOf(inside(root("invoice_refund"), "refund_cart")), namesOf(inside(root("invoice_refund"), "receipt"))},
	} {
		text, err := os.ReadFile(filepath.Join("../../examples/known-names", name+".tf"))
		if err != nil {
			t.Fatal(err)
		}
		var got [][]string
		for _, list := range regexp.MustCompile(`(?:setsubtract\(keys\(\S+\), \[|For refund_cart: )([^\]]*?)(?:\]|\.\n)`).FindAllStringSubmatch(string(text), -1) {
			got = append(got, regexp.MustCompile(`[a-z_0-9]+`).FindAllString(list[1], -1))
		}
		if !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%s: the example knows %q, and the schema has %q", name, got, want)
		}
	}
}
