package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/bench/usage"
)

// tools are the programs that a benchmark runs.
type tools struct {
	dir       string // of all that is built, and of the workspaces
	cli       string
	version   string // of the CLI, as it names itself
	cliConfig string
}

// contestants are the providers: the source that a configuration names, and where the program
// is built from.
var contestants = []struct{ name, source, folder, pkg string }{
	{"terraform-provider-invoice", "invoice-iac/invoice", "../..", "."},
	{"terraform-provider-empty", "invoice-iac/empty", ".", "./emptyprovider"},
	{"terraform-provider-random", "hashicorp/random", ".", "github.com/terraform-providers/terraform-provider-random"},
}

// buildTools builds the providers as a release is built, and a wrapper in front of each. Each
// lies in a folder that the CLI's configuration names.
func buildTools(ctx context.Context, dir string) (tools, error) {
	cli, err := findCLI(ctx)
	if err != nil {
		return tools{}, err
	}
	t := tools{dir: dir, cli: cli, cliConfig: filepath.Join(dir, "cli.tfrc")}
	version, err := exec.CommandContext(ctx, cli, "version").Output() //nolint:gosec // the CLI that was asked for
	if err != nil {
		return t, fmt.Errorf("%s version: %w", cli, err)
	}
	t.version, _, _ = strings.Cut(string(version), "\n")
	var overrides strings.Builder
	for _, c := range contestants {
		folder := filepath.Join(dir, c.name)
		if err := build(ctx, c.folder, filepath.Join(folder, usage.RealFolder, c.name), c.pkg); err != nil {
			return t, err
		}
		if err := build(ctx, ".", filepath.Join(folder, c.name), "./wrapper"); err != nil {
			return t, err
		}
		fmt.Fprintf(&overrides, "    %q = %q\n", c.source, folder)
	}
	return t, os.WriteFile(t.cliConfig, []byte("disable_checkpoint = true\nprovider_installation {\n  dev_overrides {\n"+overrides.String()+"  }\n}\n"), 0o600)
}

// build builds as the release does.
func build(ctx context.Context, folder, target, pkg string) error {
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", target, pkg) //nolint:gosec // from the table above
	command.Dir, command.Env = folder, append(os.Environ(), "CGO_ENABLED=0")
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", pkg, err, output)
	}
	return nil
}
