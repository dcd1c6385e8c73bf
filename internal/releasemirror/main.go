// Command releasemirror lays a release out as a mirror of providers. The same folder is a network
// mirror, which any web server or bucket serves, and a mirror on disk.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// hosts are the registries that the CLIs ask for: a mirror has a folder for each.
var hosts = []struct{ name, lockFile string }{
	{"registry.terraform.io", "terraform"},
	{"registry.opentofu.org", "tofu"},
}

const (
	project = "terraform-provider-invoice"
	address = "invoice-iac/invoice"
)

func main() {
	from := flag.String("from", ".", "the folder with the archives and SHA256SUMS of a release")
	to := flag.String("to", "mirror", "the folder of the mirror; versions that it has stay")
	flag.Parse()
	if err := run(*from, *to, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(from, to string, output io.Writer) error {
	sums, err := filepath.Glob(filepath.Join(from, project+"_*_SHA256SUMS"))
	if err != nil {
		return err
	}
	if len(sums) == 0 {
		return fmt.Errorf("there is no release in %s: no file is named %s_VERSION_SHA256SUMS", from, project)
	}
	for _, file := range sums {
		r, err := readRelease(file)
		if err != nil {
			return err
		}
		for _, host := range hosts {
			if err := r.lay(filepath.Join(to, host.name, filepath.FromSlash(address))); err != nil {
				return err
			}
			lock := filepath.Join(to, fmt.Sprintf("invoice_%s.%s.lock.hcl", r.version, host.lockFile))
			if err := write(lock, r.lockBlock(host.name)); err != nil {
				return err
			}
		}
		_, _ = fmt.Fprintf(output, "Version %s is in %s, for %s.\n", r.version, to, strings.Join(r.platforms(), ", "))
		if len(r.absent) > 0 {
			_, _ = fmt.Fprintf(output, "These archives are not in %s: %s.\n", from, strings.Join(r.absent, ", "))
		}
		_, _ = fmt.Fprintf(output, "The block for the lock file of all platforms is in %[1]s/invoice_%[2]s.terraform.lock.hcl, OpenTofu's in %[1]s/invoice_%[2]s.tofu.lock.hcl.\n", to, r.version)
	}
	return nil
}

// write makes a file that a web server may read.
func write(file, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // a web server reads it
		return err
	}
	return os.WriteFile(file, []byte(text), 0o644) //nolint:gosec // a web server reads it
}
