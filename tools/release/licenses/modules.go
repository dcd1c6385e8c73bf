package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// platforms are those of .goreleaser.yml. What is linked depends on them.
var platforms = [][2]string{
	{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"},
	{"windows", "amd64"}, {"windows", "arm64"}, {"freebsd", "amd64"}, {"freebsd", "arm64"},
}

// module is one that is linked. The standard library counts as one.
type module struct {
	path, version, folder string
	packages              map[string]bool // their folders
	licenses              []license
}

// linked finds the modules of the programs, on every platform.
func linked(root string, programs []string) ([]module, error) {
	found := map[string]*module{}
	for _, platform := range platforms {
		command := exec.CommandContext(context.Background(), "go", append([]string{"list", "-deps", "-json=Dir,Standard,Module"}, programs...)...) //nolint:gosec // the arguments are ours
		command.Dir = root
		command.Env = append(os.Environ(), "GOOS="+platform[0], "GOARCH="+platform[1], "CGO_ENABLED=0")
		command.Stderr = os.Stderr
		listed, err := command.Output()
		if err != nil {
			return nil, fmt.Errorf("go list for %s: %w", strings.Join(platform[:], "/"), err)
		}
		if err := collect(found, string(listed)); err != nil {
			return nil, err
		}
	}
	var modules []module
	for _, m := range found {
		modules = append(modules, *m)
	}
	slices.SortFunc(modules, func(a, b module) int { return cmp.Compare(a.path, b.path) })
	if len(modules) < 2 {
		return nil, fmt.Errorf("%q link no module", programs)
	}
	return modules, nil
}

// collect adds the packages that go list has printed to the modules that they belong to.
func collect(found map[string]*module, listed string) error {
	decoder := json.NewDecoder(strings.NewReader(listed))
	for {
		var p struct {
			Dir      string
			Standard bool
			Module   *struct {
				Path, Version, Dir string
				Main               bool
				Replace            *struct{ Path, Version, Dir string }
			}
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		m := module{path: "the standard library of Go"}
		switch {
		case p.Standard:
			m.folder = os.Getenv("GOROOT")
		case p.Module == nil || p.Module.Main:
			continue
		case p.Module.Replace != nil:
			m.path, m.version, m.folder = p.Module.Replace.Path, p.Module.Replace.Version, p.Module.Replace.Dir
		default:
			m.path, m.version, m.folder = p.Module.Path, p.Module.Version, p.Module.Dir
		}
		if found[m.path] == nil {
			m.packages = map[string]bool{}
			found[m.path] = &m
		}
		if !p.Standard {
			found[m.path].packages[p.Dir] = true
		}
	}
}

// folders are those where a licence may lie that covers what is linked: from each package up to
// the module.
func (m module) folders() []string {
	all := map[string]bool{m.folder: true}
	for folder := range m.packages {
		for strings.HasPrefix(folder, m.folder+string(filepath.Separator)) {
			all[folder] = true
			folder = filepath.Dir(folder)
		}
	}
	return slices.Sorted(maps.Keys(all))
}
