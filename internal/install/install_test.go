package install

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// shop is a configuration that dev_overrides cannot serve: its backend and its module need init.
var shop = map[string]string{
	"main.tf": `
terraform {
  required_providers {
    invoice = { source = "invoice-iac/invoice", version = "~> 0.1" }
  }
  backend "local" {}
}

provider "invoice" {}

module "cafe" {
  source = "./cafe"
  alias  = "install-cafe"
}

output "url" { value = module.cafe.url }
`,
	"cafe/main.tf": `
terraform {
  required_providers {
    invoice = { source = "invoice-iac/invoice" }
  }
}

variable "alias" { type = string }

resource "invoice_terminal" "this" {
  name  = "Café"
  alias = var.alias
  type  = "dynamic"
}

output "url" { value = invoice_terminal.this.url }
`,
}

func TestInitFindsWhatWasInstalled(t *testing.T) {
	m := newMachine(t)
	printed := m.install()
	if files := m.installed(); len(files) != 2 {
		t.Fatalf("installed are %q, want one program for each registry\n%s", files, printed)
	}
	if strings.Contains(printed, "provider_installation") {
		t.Errorf("the CLI has no configuration, and yet: %s", printed)
	}
	folder := m.write(shop)
	m.cli(folder, "init", "-input=false", "-backend-config=path=state/shop.tfstate")
	m.cli(folder, "apply", "-input=false", "-auto-approve")
	m.cli(folder, "plan", "-input=false", "-detailed-exitcode")
	if !strings.Contains(m.read(folder, "state/shop.tfstate"), "install-cafe") {
		t.Error("the state is not where -backend-config says")
	}
	lock := m.read(folder, ".terraform.lock.hcl")
	if version := lockedVersion(lock); !strings.Contains(printed, "Version "+version+" ") || !strings.Contains(lock, `"h1:`) {
		t.Errorf("%s\nand the lock file says %s", printed, lock)
	}
	// What CI does with the lock file of the repository.
	m.must(os.RemoveAll(filepath.Join(folder, ".terraform")))
	m.cli(folder, "init", "-input=false", "-lockfile=readonly", "-backend-config=path=state/shop.tfstate")

	before := m.installed()
	m.install()
	if after := m.installed(); len(after) != len(before) {
		t.Errorf("the same code was installed twice: %q", after)
	}
}

// New code is a new version. A project keeps the version of its lock file until it is told to
// take the new one.
func TestChangedCodeIsANewVersion(t *testing.T) {
	m := newMachine(t)
	m.hasInstalled()
	// One more byte makes it another program, as older code would be.
	for _, file := range m.installed() {
		m.must(os.WriteFile(file, append([]byte(m.read(file)), 0), 0o755))
	}
	folder := m.write(shop)
	m.cli(folder, "init", "-input=false")
	m.cli(folder, "apply", "-input=false", "-auto-approve")
	older := lockedVersion(m.read(folder, ".terraform.lock.hcl"))

	m.install()
	m.cli(folder, "plan", "-input=false", "-detailed-exitcode")
	m.cli(folder, "init", "-input=false")
	if kept := lockedVersion(m.read(folder, ".terraform.lock.hcl")); kept != older {
		t.Errorf("init went from %s to %s by itself", older, kept)
	}
	m.cli(folder, "init", "-input=false", "-upgrade")
	if newer := lockedVersion(m.read(folder, ".terraform.lock.hcl")); newer == older {
		t.Errorf("init -upgrade stays with %s", newer)
	}
	m.cli(folder, "plan", "-input=false", "-detailed-exitcode")
}

func TestInstalledIsFoundBesideFoldersOfXDG(t *testing.T) {
	m := newMachine(t)
	m.hasInstalled()
	for _, name := range []string{"XDG_DATA_HOME", "XDG_CONFIG_HOME"} {
		m.env = append(m.env, name+"="+filepath.Join(m.home, name))
	}
	m.cli(m.write(shop), "init", "-input=false")
}

// A CLI that is told where providers come from does not look into the folder of plugins. Then
// make install says what to write, and that works.
func TestInstallTellsWhatAnExplicitConfigurationNeeds(t *testing.T) {
	m := newMachine(t)
	m.hasInstalled()
	for _, name := range []string{".terraformrc", ".tofurc"} {
		m.must(os.WriteFile(filepath.Join(m.home, name), []byte("provider_installation {\n  direct { exclude = [\"invoice-iac/invoice\"] }\n}\n"), 0o600))
	}
	folder := m.write(shop)
	if output, err := m.try(folder, cliPath(), "init", "-input=false"); err == nil {
		t.Fatalf("the configuration of the CLI was not looked at: %s", output)
	}
	printed := m.install()
	for _, name := range []string{".terraformrc", ".tofurc"} {
		if !strings.Contains(printed, name) {
			t.Errorf("nothing is said of %s: %s", name, printed)
		}
		block := regexp.MustCompile(`(?s)  filesystem_mirror \{.*?\n  \}\n`).FindString(printed)
		text := strings.Replace(m.read(m.home, name), "{\n", "{\n"+block, 1)
		m.must(os.WriteFile(filepath.Join(m.home, name), []byte(text), 0o600))
	}
	m.cli(folder, "init", "-input=false")
}

func TestUninstallLeavesOthersAlone(t *testing.T) {
	m := newMachine(t)
	other := filepath.Join(m.plugins(), "registry.opentofu.org", "hashicorp", "null", "index")
	m.must(os.MkdirAll(filepath.Dir(other), 0o700))
	m.must(os.WriteFile(other, nil, 0o600))
	m.hasInstalled()
	m.install("remove")
	if files := m.installed(); len(files) != 0 || !exists(other) || exists(filepath.Join(m.plugins(), "registry.terraform.io")) {
		t.Errorf("left over: %q; the other provider is there: %v", files, exists(other))
	}
	m.install("remove") // nothing is there

	// A release in the same folder, as the guide puts it there, is not ours to remove.
	m.hasInstalled()
	release := filepath.Join(m.plugins(), "registry.terraform.io", "invoice-iac", "invoice", "0.0.1", here, "terraform-provider-invoice_v0.0.1")
	m.must(os.MkdirAll(filepath.Dir(release), 0o700))
	m.must(os.WriteFile(release, nil, 0o600))
	printed := m.install("remove")
	if files := m.installed(); len(files) != 1 || !strings.Contains(printed, "0.0.1") {
		t.Errorf("left over: %q, want the release alone\n%s", files, printed)
	}
}

func lockedVersion(lock string) string {
	found := regexp.MustCompile(`version\s*=\s*"([^"]*)"`).FindStringSubmatch(lock)
	if found == nil {
		return ""
	}
	return found[1]
}
