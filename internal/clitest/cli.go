package clitest

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"
)

// Feature is something that only newer CLIs have.
type Feature string

// These are the features that tests ask for.
const (
	ProviderFunctions  Feature = "functions of providers"
	MovedBetweenTypes  Feature = "moved blocks between types of resources"
	EphemeralResources Feature = "ephemeral resources"
	S3LockFiles        Feature = "lock files in the backend s3"
	WriteOnlyArguments Feature = "write-only arguments"
	ImportByIdentity   Feature = "import blocks with an identity"
	ListResources      Feature = "list resources"
	Actions            Feature = "actions"
)

// never is the version of a CLI that has no release with a feature.
const never = ""

// since holds the versions that brought a feature.
var since = map[Feature]map[string]string{
	ProviderFunctions:  {"Terraform": "1.8", "OpenTofu": "1.7"},
	MovedBetweenTypes:  {"Terraform": "1.8", "OpenTofu": "1.10"},
	EphemeralResources: {"Terraform": "1.10", "OpenTofu": "1.11"},
	S3LockFiles:        {"Terraform": "1.10", "OpenTofu": "1.10"},
	WriteOnlyArguments: {"Terraform": "1.11", "OpenTofu": "1.11"},
	ImportByIdentity:   {"Terraform": "1.12", "OpenTofu": "1.12"},
	ListResources:      {"Terraform": "1.14", "OpenTofu": never},
	Actions:            {"Terraform": "1.14", "OpenTofu": never},
}

// NeedCLI skips a test where there is no CLI, or one that lacks a feature. Where acceptance
// tests were asked for, a missing CLI fails the test.
func NeedCLI(t testing.TB, features ...Feature) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("this test needs Terraform or OpenTofu: run make test")
	}
	if cliPath() == "" {
		t.Fatal("TF_ACC asks for tests with a CLI, and TF_ACC_TERRAFORM_PATH names none: run make test")
	}
	found, err := theCLI()
	if err != nil {
		t.Fatal(err)
	}
	for _, feature := range features {
		if missing := found.lacks(feature); missing != "" {
			t.Skip(missing)
		}
	}
}

func cliPath() string { return os.Getenv("TF_ACC_TERRAFORM_PATH") }

// cli is a program, as it names itself.
type cli struct {
	name    string // Terraform or OpenTofu
	version *version.Version
}

// theCLI asks the program for its version, once.
var theCLI = sync.OnceValues(func() (cli, error) {
	output, err := exec.Command(cliPath(), "version").CombinedOutput()
	if err != nil {
		return cli{}, fmt.Errorf("%s version: %w\n%s", cliPath(), err, output)
	}
	return parseVersion(string(output))
})

var versionLine = regexp.MustCompile(`(?m)^(Terraform|OpenTofu) v(\S+)`)

// parseVersion reads what the command version prints, since its -json does not name the
// program.
func parseVersion(output string) (cli, error) {
	found := versionLine.FindStringSubmatch(output)
	if found == nil {
		return cli{}, fmt.Errorf("no version of Terraform or OpenTofu: %s", output)
	}
	parsed, err := version.NewVersion(found[2])
	return cli{name: found[1], version: parsed}, err
}

// lacks returns the feature that is missing, or "". A prerelease has the features of its
// release.
func (c cli) lacks(feature Feature) string {
	first := since[feature][c.name]
	if first == never {
		return fmt.Sprintf("%s has no %s", c.name, feature)
	}
	if c.version.Core().LessThan(version.Must(version.NewVersion(first))) {
		return fmt.Sprintf("%s %s has no %s: they came with %s", c.name, c.version, feature, first)
	}
	return ""
}

// IsCLI reports whether the tests run on this program, Terraform or OpenTofu, in this version or
// a newer one. A prerelease counts as its release. Without a version, each version will do.
func IsCLI(t testing.TB, name, oldest string) bool {
	t.Helper()
	found, err := theCLI()
	if err != nil {
		t.Fatal(err)
	}
	if found.name != name || oldest == "" {
		return found.name == name
	}
	first, err := version.NewVersion(oldest)
	if err != nil {
		t.Fatal(err)
	}
	return !found.version.Core().LessThan(first)
}

// FailOnCrash fails a test in which the CLI itself crashed. It skips the test where the CLI was
// never released, since its defects are not the provider's.
func FailOnCrash(t testing.TB, output string) {
	t.Helper()
	if !strings.Contains(output, " CRASH !!!!") {
		return
	}
	if found, err := theCLI(); err == nil && found.version.Prerelease() != "" {
		t.Skipf("%s %s, which was never released, crashed:\n%s", found.name, found.version, output)
	}
	t.Fatalf("the CLI crashed:\n%s", output)
}
