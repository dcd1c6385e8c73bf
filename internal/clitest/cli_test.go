package clitest

import (
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
)

func TestVersionsHaveTheirFeatures(t *testing.T) {
	for _, c := range []struct {
		printed string
		feature Feature
		lacks   string
	}{
		{"Terraform v1.8.6\non linux_amd64\n", WriteOnlyArguments, "Terraform 1.8.6 has no write-only arguments: they came with 1.11"},
		{"Terraform v1.11.0\n", WriteOnlyArguments, ""},
		{"Terraform v1.11.4\n", ImportByIdentity, "Terraform 1.11.4 has no import blocks with an identity: they came with 1.12"},
		{"Terraform v1.12.0-beta1\n", ImportByIdentity, ""},
		{"Terraform v1.17.0-dev\n", ImportByIdentity, ""},
		{"\nWarning: no configuration\n\nOpenTofu v1.12.6\non linux_amd64\n", ImportByIdentity, ""},
		{"OpenTofu v1.10.2\n", WriteOnlyArguments, "OpenTofu 1.10.2 has no write-only arguments: they came with 1.11"},
		{"OpenTofu v1.12.6\n", Actions, "OpenTofu has no actions"},
		{"Terraform v1.14.0\n", Actions, ""},
	} {
		found, err := parseVersion(c.printed)
		if err != nil {
			t.Fatal(err)
		}
		if got := found.lacks(c.feature); got != c.lacks {
			t.Errorf("%q: lacks %q, want %q", strings.TrimSpace(c.printed), got, c.lacks)
		}
	}
	if _, err := parseVersion("command not found"); err == nil {
		t.Error("a version was found where there is none")
	}
}

// Each feature names a version of each CLI, so no test asks for a feature that the table lacks.
func TestFeaturesAreKnownForBothCLIs(t *testing.T) {
	for feature, versions := range since {
		for _, name := range []string{"Terraform", "OpenTofu"} {
			if first, isKnown := versions[name]; !isKnown {
				t.Errorf("no version of %s for %s", name, feature)
			} else if _, err := version.NewVersion(first); first != never && err != nil {
				t.Errorf("%s of %s: %v", feature, name, err)
			}
		}
	}
}
