package install

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	releaseFolder    = flag.String("release", "", "the folder of a release to check, as make release-dry-run makes it")
	releasePlatforms = flag.String("platforms", "all", "the platforms that it has to have: all, or here")
)

// everyPlatform are those that are promised.
var everyPlatform = []string{
	"darwin_amd64", "darwin_arm64", "freebsd_amd64", "freebsd_arm64", "linux_amd64", "linux_arm64", "windows_amd64", "windows_arm64",
}

// snapshot is the release to check.
type snapshot struct {
	*machine
	folder, version string
	platforms       []string
}

func newSnapshot(t *testing.T) snapshot {
	t.Helper()
	if *releaseFolder == "" {
		t.Skip("there is no release to check: make release-dry-run makes one")
	}
	s := snapshot{machine: newMachine(t), folder: *releaseFolder, platforms: everyPlatform}
	if *releasePlatforms == "here" {
		s.platforms = []string{here}
	}
	sums, err := filepath.Glob(filepath.Join(s.folder, "terraform-provider-invoice_*_SHA256SUMS"))
	s.must(err)
	if len(sums) != 1 {
		t.Fatalf("files with checksums: %q", sums)
	}
	s.version = strings.TrimSuffix(strings.TrimPrefix(filepath.Base(sums[0]), "terraform-provider-invoice_"), "_SHA256SUMS")
	return s
}

func (s snapshot) file(name string) string { return filepath.Join(s.folder, name) }

func (s snapshot) provider(rest string) string {
	return "terraform-provider-invoice_" + s.version + "_" + rest
}

func (s snapshot) tools(platform string) string {
	return "invoice-tools_" + s.version + "_" + platform + ".zip"
}

// The registries look for exactly these names, and the notes name the version.
func TestReleaseHasItsFiles(t *testing.T) {
	s := newSnapshot(t)
	var want []string
	for _, platform := range s.platforms {
		want = append(want, s.provider(platform+".zip"), s.tools(platform))
		for _, program := range []string{"invoice-doctor", "invoice-sandbox"} {
			want = append(want, program+"_"+s.version+"_"+platform+".cdx.json")
		}
		want = append(want, s.provider(platform+".cdx.json"))
	}
	want = append(want, s.provider("manifest.json"))
	slices.Sort(want)
	var got []string
	for line := range strings.Lines(s.read(s.folder, s.provider("SHA256SUMS"))) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		got = append(got, name)
		path := s.file(name)
		if name == s.provider("manifest.json") && !exists(path) {
			path = filepath.Join(root, "terraform-registry-manifest.json") // goreleaser renames it as it uploads it
		}
		if actual := fmt.Sprintf("%x", sha256.Sum256([]byte(s.read(path)))); actual != sum {
			t.Errorf("SHA256SUMS has %s for %s, which is %s", sum, name, actual)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("SHA256SUMS names %q, want %q", got, want)
	}
	if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(s.version) || !exists(filepath.Join(root, ".changes", "v"+s.version+".md")) {
		t.Errorf("version %q has no notes in .changes", s.version)
	}
	var manifest struct {
		Version  int
		Metadata struct {
			ProtocolVersions []string `json:"protocol_versions"`
		}
	}
	s.must(json.Unmarshal([]byte(s.read(root, "terraform-registry-manifest.json")), &manifest))
	if manifest.Version != 1 || !slices.Equal(manifest.Metadata.ProtocolVersions, []string{"6.0"}) {
		t.Errorf("the manifest says %+v", manifest)
	}
}

func TestReleaseIsSigned(t *testing.T) {
	s := newSnapshot(t)
	gpg, err := exec.LookPath("gpg")
	if err != nil {
		t.Skip("LEFT OUT: there is no gpg, so nothing was signed")
	}
	sums := s.file(s.provider("SHA256SUMS"))
	s.run(s.home, gpg, "--batch", "--verify", sums+".sig", sums)
	changed := filepath.Join(s.home, "SHA256SUMS")
	s.must(os.WriteFile(changed, []byte(s.read(sums)+"\n"), 0o600))
	if output, err := s.try(s.home, gpg, "--batch", "--verify", sums+".sig", changed); err == nil {
		t.Errorf("the signature fits another file, too: %s", output)
	}
}

// Each archive has its programs, marked as such, and the licences of all that is linked.
func TestReleaseArchivesAreWhole(t *testing.T) {
	s := newSnapshot(t)
	for _, platform := range s.platforms {
		suffix := ""
		if strings.HasPrefix(platform, "windows") {
			suffix = ".exe"
		}
		s.hasFiles(s.provider(platform+".zip"), "terraform-provider-invoice_v"+s.version+suffix)
		s.hasFiles(s.tools(platform), "invoice-doctor"+suffix, "invoice-sandbox"+suffix)
	}
}

func (s snapshot) hasFiles(archive string, programs ...string) {
	s.t.Helper()
	reader, err := zip.OpenReader(s.file(archive))
	s.must(err)
	defer func() { _ = reader.Close() }()
	committed, err := time.Parse(time.RFC3339, strings.TrimSpace(s.run(root, "git", "show", "-s", "--format=%cI")))
	s.must(err)
	var names []string
	for _, file := range reader.File {
		names = append(names, file.Name)
		mode := fs.FileMode(0o644)
		if slices.Contains(programs, file.Name) {
			mode = 0o755
		}
		if file.Mode() != mode {
			s.t.Errorf("%s in %s has the mode %s, want %s", file.Name, archive, file.Mode(), mode)
		}
		if !file.Modified.Equal(committed) {
			s.t.Errorf("%s in %s is of %s, and the commit of %s: the archive depends on the checkout", file.Name, archive, file.Modified, committed)
		}
		if file.Name != "THIRD_PARTY_LICENSES" {
			continue
		}
		content, err := file.Open()
		s.must(err)
		text, err := io.ReadAll(content)
		s.must(err)
		for _, module := range []string{"terraform-plugin-framework v", "modernc.org/sqlite v", "the standard library of Go"} {
			if !strings.Contains(string(text), module) {
				s.t.Errorf("%s: THIRD_PARTY_LICENSES does not name %s", archive, module)
			}
		}
	}
	want := append([]string{"LICENSE", "THIRD_PARTY_LICENSES"}, programs...)
	slices.Sort(names)
	slices.Sort(want)
	if !slices.Equal(names, want) {
		s.t.Errorf("%s has %q, want %q", archive, names, want)
	}
}

// An SBOM names what is linked, with its licence, and tells of no machine.
func TestReleaseSBOMs(t *testing.T) {
	s := newSnapshot(t)
	repository, err := filepath.Abs(root)
	s.must(err)
	paths := []string{repository, strings.TrimSpace(s.run(root, "go", "env", "GOMODCACHE")), strings.TrimSpace(s.run(root, "go", "env", "GOCACHE"))}
	for _, platform := range s.platforms {
		name := s.provider(platform + ".cdx.json")
		var sbom struct {
			BOMFormat  string
			Components []struct {
				Name, Version string
				Evidence      struct{ Licenses []any }
				Licenses      []any
			}
		}
		text := s.read(s.folder, name)
		s.must(json.Unmarshal([]byte(text), &sbom))
		found := false
		for _, component := range sbom.Components {
			if component.Name == "github.com/hashicorp/terraform-plugin-framework" {
				found = strings.HasPrefix(component.Version, "v") && len(component.Evidence.Licenses)+len(component.Licenses) > 0
			}
		}
		if sbom.BOMFormat != "CycloneDX" || !found {
			t.Errorf("%s does not name the framework with a version and a licence, among %d components", name, len(sbom.Components))
		}
		for _, path := range paths {
			if strings.Contains(text, path) {
				t.Errorf("%s names %s, which only this machine has", name, path)
			}
		}
	}
}

// What a registry would hand out works: the CLI asks the provider of the archive for its schema.
func TestReleaseServesItsSchema(t *testing.T) {
	s := newSnapshot(t)
	mirror := t.TempDir()
	if output, err := s.layOut(s.folder, mirror); err != nil {
		t.Fatal(output)
	}
	project := s.project("filesystem.tfrc", "/srv/terraform-mirror", mirror)
	s.cli(project, "init", "-input=false")
	if schema := s.cli(project, "providers", "schema", "-json"); !strings.Contains(schema, `"invoice_payment_link"`) {
		t.Errorf("the schema has no payment link: %.300s", schema)
	}
	s.cli(project, "apply", "-input=false", "-auto-approve")
	if version := s.cli(project, "version"); !strings.Contains(version, "invoice-iac/invoice v"+s.version) {
		t.Errorf("version says %s", version)
	}
}

// The sandbox of the archive serves, and the doctor of the archive finds it well.
func TestReleaseToolsWork(t *testing.T) {
	s := newSnapshot(t)
	folder := s.unpacked(s.tools(here))
	address := filepath.Join(folder, "url")
	sandbox := exec.CommandContext(t.Context(), filepath.Join(folder, "invoice-sandbox"),
		"-addr", "127.0.0.1:0", "-url-file", address, "-db", filepath.Join(folder, "sandbox.db"))
	sandbox.Dir, sandbox.Env = folder, s.env
	s.must(sandbox.Start())
	t.Cleanup(func() {
		_ = sandbox.Process.Kill()
		_ = sandbox.Wait()
	})
	var url string
	for begin := time.Now(); url == ""; time.Sleep(100 * time.Millisecond) {
		if exists(address) {
			url = strings.TrimSpace(s.read(address))
		}
		if time.Since(begin) > time.Minute {
			t.Fatal("the sandbox does not serve")
		}
	}
	// Its own settings are all that the doctor has.
	s.env = slices.DeleteFunc(s.env, func(pair string) bool { return strings.HasPrefix(pair, "INVOICE_") })
	output := s.run(folder, "sh", "-euc", `eval "$(curl -fsS "$1/sandbox/env")"; ./invoice-doctor`, "sh", url)
	if !strings.Contains(output, "PayKeeper") {
		t.Errorf("the doctor says %s", output)
	}
}

// unpacked returns a folder with what is in an archive.
func (s snapshot) unpacked(archive string) (folder string) {
	s.t.Helper()
	folder = s.t.TempDir()
	reader, err := zip.OpenReader(s.file(archive))
	s.must(err)
	defer func() { _ = reader.Close() }()
	s.must(os.CopyFS(folder, reader))
	if runtime.GOOS != "windows" {
		for _, program := range []string{"invoice-doctor", "invoice-sandbox"} {
			s.must(os.Chmod(filepath.Join(folder, program), 0o700))
		}
	}
	return folder
}
