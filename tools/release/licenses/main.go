// Command licenses writes the licence of every module that is linked into the programs of a release,
// and fails on one that they cannot be shipped with.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	root := flag.String("root", ".", "the folder of the provider's module")
	output := flag.String("o", "", "the file to write the texts to")
	flag.Parse()
	if err := run(*root, *output, flag.Args(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run looks at the programs, which are packages of the module.
func run(root, output string, programs []string, summary io.Writer) error {
	modules, err := linked(root, programs)
	if err != nil {
		return err
	}
	for i := range modules {
		if err := modules[i].readLicenses(); err != nil {
			return err
		}
	}
	if err := refused(modules); err != nil {
		return err
	}
	if output != "" {
		if err := os.MkdirAll(filepath.Dir(output), 0o750); err != nil {
			return err
		}
		if err := os.WriteFile(output, []byte(document(modules)), 0o600); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(summary, "%d modules are linked. The provider can be shipped with their licences.\n", len(modules))
	return err
}
