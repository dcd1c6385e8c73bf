// Command schemajson prints the provider's schema as `terraform providers schema -json` of the
// newest CLI would. The docs are generated from it: OpenTofu and older versions of Terraform
// leave out what they do not know, such as list resources and actions.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider"
)

func main() {
	schemas, err := describe(context.Background(), provider.Server("dev")(), "invoice")
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(schemas)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
