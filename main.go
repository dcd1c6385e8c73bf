// Command terraform-provider-invoice serves the provider to Terraform and OpenTofu.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	var debug bool
	flag.BoolVar(&debug, "debug", false, "serve for a debugger such as delve")
	flag.Parse()

	// net/http logs unexpected answers of servers here, with no secrets masked.
	log.SetOutput(io.Discard)
	quietUnlessLogging()
	tuneCollector()
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	if err := tf6server.Serve("registry.terraform.io/invoice-iac/invoice", provider.Server(version), options...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// quietUnlessLogging switches off the SDK's own trace logging unless somebody reads it. It
// costs a quarter of the run time.
func quietUnlessLogging() {
	if !provider.LogsAreWanted() {
		_ = os.Setenv("TF_LOG_SDK", "OFF")
	}
}
