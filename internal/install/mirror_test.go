package install

import (
	"archive/zip"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const (
	mirrorGuide   = root + "/templates/guides/without-the-registry.md"
	mirrorExample = root + "/examples/guides/without-the-registry"
)

// here is the platform of the test.
var here = runtime.GOOS + "_" + runtime.GOARCH

// release makes a release of three platforms. The archives of the others hold the same program:
// nothing here starts those.
func (m *machine) release() (folder string) {
	m.t.Helper()
	m.hasInstalled()
	program := m.read(m.installed()[0])
	folder = m.t.TempDir()
	var sums strings.Builder
	for _, platform := range m.platforms() {
		name := "terraform-provider-invoice_0.1.0_" + platform + ".zip"
		file, err := os.Create(filepath.Join(folder, name))
		m.must(err)
		archive := zip.NewWriter(file)
		header := &zip.FileHeader{Name: "terraform-provider-invoice_v0.1.0", Method: zip.Deflate, Comment: platform}
		header.SetMode(0o755)
		entry, err := archive.CreateHeader(header)
		m.must(err)
		_, err = entry.Write([]byte(program + platform))
		m.must(err)
		m.must(archive.Close())
		m.must(file.Close())
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256([]byte(m.read(folder, name))), name)
	}
	sums.WriteString(strings.Repeat("0", 64) + "  terraform-provider-invoice_0.1.0_manifest.json\n")
	m.must(os.WriteFile(filepath.Join(folder, "terraform-provider-invoice_0.1.0_SHA256SUMS"), []byte(sums.String()), 0o600))
	return folder
}

func (m *machine) platforms() []string {
	platforms := []string{"linux_amd64", "darwin_arm64", "windows_amd64", here}
	slices.Sort(platforms)
	return slices.Compact(platforms)
}

// layOut runs make release-mirror.
func (m *machine) layOut(from, to string) (string, error) {
	m.t.Helper()
	return m.try(root, "go", "run", "./internal/releasemirror", "-from", from, "-to", to)
}

// project is the guide's, on a machine whose CLI has the guide's configuration for it. The
// addresses are those of the test.
func (m *machine) project(configuration, printed, actual string) (folder string) {
	m.t.Helper()
	text := m.read(mirrorExample, configuration)
	if !strings.Contains(text, printed) {
		m.t.Fatalf("%s does not name %s", configuration, printed)
	}
	file := filepath.Join(m.home, configuration)
	m.must(os.WriteFile(file, []byte(strings.ReplaceAll(text, printed, actual)), 0o600))
	m.env = append(m.env, "TF_CLI_CONFIG_FILE="+file)
	return m.write(map[string]string{"main.tf": m.read(mirrorExample, "main.tf")})
}

// command finds a command of the CLI in the guide, and runs it with the addresses of the test.
func (m *machine) command(folder, begin, printed, actual string) {
	m.t.Helper()
	command := regexp.MustCompile(`(?m)^(?:terraform|tofu) ` + regexp.QuoteMeta(begin) + `.*$`).FindString(m.read(mirrorGuide))
	if !strings.Contains(command, printed) {
		m.t.Fatalf("the guide has no command that begins with %q and names %s: %q", begin, printed, command)
	}
	m.cli(folder, strings.Fields(strings.ReplaceAll(command, printed, actual))[1:]...)
}

func TestMirrorOnTheNetwork(t *testing.T) {
	m := newMachine(t)
	folder := t.TempDir()
	printed, err := m.layOut(m.release(), folder)
	if err != nil {
		t.Fatal(printed)
	}
	url := m.serveMirror(folder)
	m.must(os.RemoveAll(m.plugins())) // only the mirror has it now

	project := m.project("network.tfrc", "https://mirror.example.ru/terraform/", url)
	m.cli(project, "init", "-input=false")
	m.cli(project, "apply", "-input=false", "-auto-approve")
	m.cli(project, "plan", "-input=false", "-detailed-exitcode")

	// The lock file of all platforms, two ways.
	locked := m.project("network.tfrc", "https://mirror.example.ru/terraform/", url)
	m.command(locked, "providers lock -net-mirror=", "https://mirror.example.ru/terraform/", url)
	m.lockedLikeOurs(locked, folder)
	written := m.project("network.tfrc", "https://mirror.example.ru/terraform/", url)
	m.must(os.WriteFile(filepath.Join(written, ".terraform.lock.hcl"), []byte(m.lockBlock(folder)), 0o600))
	m.cli(written, "init", "-input=false", "-lockfile=readonly")

	if here != "linux_amd64" {
		return
	}
	// The guide's two files, written by hand, are enough.
	for _, name := range []string{"index.json", "0.1.0.json"} {
		m.must(os.WriteFile(filepath.Join(m.below(folder), name), []byte(m.read(mirrorExample, name)), 0o600))
	}
	m.cli(m.project("network.tfrc", "https://mirror.example.ru/terraform/", url), "init", "-input=false")
}

func TestMirrorOnDisk(t *testing.T) {
	m := newMachine(t)
	folder := t.TempDir()
	if printed, err := m.layOut(m.release(), folder); err != nil {
		t.Fatal(printed)
	}
	m.must(os.RemoveAll(m.plugins()))
	project := m.project("filesystem.tfrc", "/srv/terraform-mirror", folder)
	m.cli(project, "init", "-input=false")
	m.cli(project, "apply", "-input=false", "-auto-approve")
	locked := m.project("filesystem.tfrc", "/srv/terraform-mirror", folder)
	m.command(locked, "providers lock -fs-mirror=", "/srv/terraform-mirror", folder)
	m.lockedLikeOurs(locked, folder)
}

// A mirror never changes what lock files know, and takes in nothing that SHA256SUMS does not name.
func TestMirrorRefusesWhatIsNotTheRelease(t *testing.T) {
	m := newMachine(t)
	release, folder := m.release(), t.TempDir()
	archive := filepath.Join(release, "terraform-provider-invoice_0.1.0_"+here+".zip")
	original := m.read(archive)
	m.must(os.WriteFile(archive, []byte(original+"changed"), 0o600))
	if printed, err := m.layOut(release, folder); err == nil || !strings.Contains(printed, "is not the file that SHA256SUMS names") {
		t.Errorf("a changed archive was taken: %s", printed)
	}
	m.must(os.WriteFile(archive, []byte(original), 0o600))
	for range 2 {
		if printed, err := m.layOut(release, folder); err != nil {
			t.Fatal(printed)
		}
	}
	in := filepath.Join(m.below(folder), filepath.Base(archive))
	m.must(os.Remove(in))
	m.must(os.WriteFile(in, []byte("another build"), 0o600))
	if printed, err := m.layOut(release, folder); err == nil || !strings.Contains(printed, "with another content") {
		t.Errorf("a version of the mirror was overwritten: %s", printed)
	}
}

// host is the registry that the CLI under test asks for.
func (m *machine) host() string {
	if strings.HasPrefix(m.cli(m.home, "version"), "OpenTofu") {
		return "registry.opentofu.org"
	}
	return "registry.terraform.io"
}

func (m *machine) below(mirror string) string {
	return filepath.Join(mirror, m.host(), "invoice-iac", "invoice")
}

// lockBlock is what make release-mirror wrote for the lock file.
func (m *machine) lockBlock(mirror string) string {
	name := map[string]string{"registry.terraform.io": "terraform", "registry.opentofu.org": "tofu"}[m.host()]
	return m.read(mirror, "invoice_0.1.0."+name+".lock.hcl")
}

// lockedLikeOurs holds what providers lock wrote against what make release-mirror wrote. Both have h1
// of every platform; zh only OpenTofu writes, from a mirror on the network.
func (m *machine) lockedLikeOurs(project, mirror string) {
	m.t.Helper()
	ours, theirs := hashes(m.lockBlock(mirror)), hashes(m.read(project, ".terraform.lock.hcl"))
	if len(ours) != 2*len(m.platforms()) {
		m.t.Errorf("the block for the lock file has %q", ours)
	}
	for _, hash := range ours {
		if strings.HasPrefix(hash, "h1:") && !slices.Contains(theirs, hash) {
			m.t.Errorf("make release-mirror computed %s, and providers lock has %q", hash, theirs)
		}
	}
	for _, hash := range theirs {
		if !slices.Contains(ours, hash) {
			m.t.Errorf("providers lock wrote %s, and make release-mirror has %q", hash, ours)
		}
	}
}

func hashes(lock string) []string {
	found := regexp.MustCompile(`(?:h1|zh):[^"]*`).FindAllString(lock, -1)
	slices.Sort(found)
	return found
}
