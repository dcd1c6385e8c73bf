package main

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider"
)

// The CLI knows nothing that is not printed, and prints it in the same words. It may leave out
// what is newer than itself.
func TestSchemaIsTheCLIs(t *testing.T) {
	t.Parallel()
	clitest.NeedCLI(t, clitest.WriteOnlyArguments) // an older one says less about attributes
	w := clitest.New(t, provider.Server("test")())
	w.Write("")
	var said, ours map[string]any
	if err := json.Unmarshal([]byte(w.MustExec("providers", "schema", "-json")), &said); err != nil {
		t.Fatal(err)
	}
	schemas, err := describe(t.Context(), provider.Server("test")(), "invoice")
	if err != nil {
		t.Fatal(err)
	}
	printed, err := json.Marshal(schemas)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(printed, &ours); err != nil {
		t.Fatal(err)
	}
	if said["format_version"] != ours["format_version"] {
		t.Errorf("the CLI writes the format %v, not %v", said["format_version"], ours["format_version"])
	}
	cli, known := only(t, said), only(t, ours)
	for kind, theirs := range cli {
		if diff := cmp.Diff(theirs, known[kind]); diff != "" {
			t.Errorf("%s (- the CLI, + ours):\n%s", kind, diff)
		}
	}
	for _, kind := range []string{"provider", "resource_schemas", "data_source_schemas"} {
		if cli[kind] == nil {
			t.Errorf("the CLI prints no %s", kind)
		}
	}
}

// only returns the schema of the only provider.
func only(t *testing.T, schemas map[string]any) map[string]any {
	t.Helper()
	all, _ := schemas["provider_schemas"].(map[string]any)
	for one := range maps.Values(all) {
		if provider, ok := one.(map[string]any); ok && len(all) == 1 {
			return provider
		}
	}
	t.Fatalf("%d providers", len(all))
	return nil
}

func TestErrorsOfTheProviderAreReported(t *testing.T) {
	t.Parallel()
	err := errorOf([]*tfprotov6.Diagnostic{
		{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "Careful"},
		{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Broken schema", Detail: "It has no attributes."},
	})
	if err == nil || err.Error() != "Broken schema: It has no attributes." {
		t.Errorf("the error is %v", err)
	}
}
