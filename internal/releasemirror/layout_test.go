package main

import (
	"archive/zip"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A release that is laid out one platform at a time becomes a whole mirror, whether SHA256SUMS names all
// of it, as that of a release does, or only what was built.
func TestPartsBecomeOneMirror(t *testing.T) {
	for name, named := range map[string][]string{"of a release": {"darwin_arm64", "linux_amd64"}, "of a build": nil} {
		t.Run(name, func(t *testing.T) {
			mirror := t.TempDir()
			for _, platform := range []string{"linux_amd64", "darwin_arm64"} {
				printed := layOut(t, build(t, "", append(slices.Clone(named), platform), platform), mirror)
				if isFirst := platform == "linux_amd64"; strings.Contains(printed, "neither there") != (isFirst && named != nil) {
					t.Error(printed)
				}
			}
			for _, host := range hosts {
				archives, err := archivesOf(filepath.Join(mirror, host.name, address, "0.1.0.json"))
				must(t, err)
				if got := slices.Sorted(maps.Keys(archives)); !slices.Equal(got, []string{"darwin_arm64", "linux_amd64"}) {
					t.Errorf("0.1.0.json of %s has %q", host.name, got)
				}
				lock, err := os.ReadFile(filepath.Join(mirror, "invoice_0.1.0."+host.lockFile+".lock.hcl"))
				must(t, err)
				if strings.Count(string(lock), "h1:") != 2 || strings.Count(string(lock), "zh:") != 2 {
					t.Errorf("the lock file does not have both platforms: %s", lock)
				}
			}
		})
	}
}

// What was written by hand stays, and its hashes are in the block for the lock file.
func TestWhatWasWrittenByHandStays(t *testing.T) {
	mirror := t.TempDir()
	layOut(t, build(t, "", nil, "linux_amd64"), mirror)
	for _, host := range hosts {
		version := filepath.Join(mirror, host.name, address, "0.1.0.json")
		must(t, os.WriteFile(version, []byte(`{"archives": {"linux_amd64": {"url": "terraform-provider-invoice_0.1.0_linux_amd64.zip"}}}`), 0o600))
	}
	layOut(t, build(t, "", nil, "darwin_arm64"), mirror)
	lock, err := os.ReadFile(filepath.Join(mirror, "invoice_0.1.0.tofu.lock.hcl"))
	must(t, err)
	if strings.Count(string(lock), "h1:") != 2 {
		t.Errorf("the lock file does not have both platforms: %s", lock)
	}
}

// Two builds of one version do not become one mirror.
func TestAnotherBuildIsRefused(t *testing.T) {
	mirror := t.TempDir()
	layOut(t, build(t, "", nil, "linux_amd64"), mirror)
	other := build(t, "another build", nil, "linux_amd64", "darwin_arm64")
	must(t, os.Remove(filepath.Join(other, "terraform-provider-invoice_0.1.0_linux_amd64.zip")))
	if err := run(other, mirror, io.Discard); err == nil || !strings.Contains(err.Error(), "linux_amd64.zip is in the mirror already, with another content") {
		t.Errorf("two builds were mixed: %v", err)
	}
}

// build makes a release with archives of the platforms. SHA256SUMS also names the others.
func build(t *testing.T, program string, named []string, platforms ...string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	named = append(named, platforms...)
	slices.Sort(named)
	var sums strings.Builder
	for _, platform := range slices.Compact(named) {
		file := filepath.Join(folder, "terraform-provider-invoice_0.1.0_"+platform+".zip")
		archive, err := os.Create(file) //nolint:gosec // it is in a folder of the test
		must(t, err)
		writer := zip.NewWriter(archive)
		entry, err := writer.Create("terraform-provider-invoice_v0.1.0")
		must(t, err)
		_, err = io.WriteString(entry, program+platform)
		must(t, err)
		must(t, writer.Close())
		must(t, archive.Close())
		content, err := os.ReadFile(file) //nolint:gosec // it is in a folder of the test
		must(t, err)
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(content), filepath.Base(file))
		if !slices.Contains(platforms, platform) {
			must(t, os.Remove(file))
		}
	}
	must(t, os.WriteFile(filepath.Join(folder, "terraform-provider-invoice_0.1.0_SHA256SUMS"), []byte(sums.String()), 0o600))
	return folder
}

func layOut(t *testing.T, from, to string) (printed string) {
	t.Helper()
	var output strings.Builder
	must(t, run(from, to, &output))
	return output.String()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
