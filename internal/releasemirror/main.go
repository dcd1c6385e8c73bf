// Command releasemirror lays a release out as a mirror of providers. The same folder is a network
// mirror, which any web server or bucket serves, and a mirror on disk.
package main

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
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
		var archives map[string]entry
		for _, host := range hosts {
			if archives, err = r.lay(filepath.Join(to, host.name, filepath.FromSlash(address))); err != nil {
				return err
			}
			lock := filepath.Join(to, fmt.Sprintf("invoice_%s.%s.lock.hcl", r.version, host.lockFile))
			if err := write(lock, lockBlock(host.name, r.version, archives)); err != nil {
				return err
			}
		}
		_, _ = fmt.Fprintf(output, "Version %s is in %s, for %s.\n", r.version, to, strings.Join(slices.Sorted(maps.Keys(archives)), ", "))
		if lacking := r.lacking(archives); len(lacking) > 0 {
			_, _ = fmt.Fprintf(output, "These archives are neither there nor in %s: %s.\n", from, strings.Join(lacking, ", "))
		}
		_, _ = fmt.Fprintf(output, "The block for the lock file of these platforms is in %[1]s/invoice_%[2]s.terraform.lock.hcl, OpenTofu's in %[1]s/invoice_%[2]s.tofu.lock.hcl.\n", to, r.version)
	}
	return nil
}

// lacking are the platforms of the release that a mirror does not have.
func (r *release) lacking(archives map[string]entry) (platforms []string) {
	for _, a := range r.absent {
		if _, isThere := archives[a.platform]; !isThere {
			platforms = append(platforms, a.platform)
		}
	}
	return platforms
}

// write makes a file that a web server may read. Whoever reads meanwhile gets the old one or the new one.
func write(file, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // a web server reads it
		return err
	}
	if err := os.WriteFile(file+".part", []byte(text), 0o644); err != nil { //nolint:gosec // a web server reads it
		return err
	}
	return os.Rename(file+".part", file)
}
