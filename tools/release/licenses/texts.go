package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// shippable are the licences that a program under MPL-2.0 can be shipped with: none asks more than to
// be named, or to have the source of its own files offered.
var shippable = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0"}

// reviewed are files that a person has read, because they are not one licence in known words. A list of
// notices is still looked through: what it names has to fit as well.
var reviewed = map[string]string{
	"modernc.org/libc/LICENSE-3RD-PARTY.md":   notices, // musl, go-netdb, NixOS: MIT; Go: BSD
	"modernc.org/sqlite/LICENSE-3RD-PARTY.md": notices, // what its tests need, too
	"modernc.org/sqlite/LICENSE-SQLITE":       "public domain",
	"modernc.org/memory/LICENSE-LOGO":         "of a picture that is not linked",
}

const notices = "notices"

// license is a file that tells of one, or a notice.
type license struct {
	name, text string
	ids        []string // nil: a notice
}

var (
	licenseName = regexp.MustCompile(`(?i)^(licen[cs]e|copying)([-.].*)?$`)
	noticeName  = regexp.MustCompile(`(?i)^notice([-.].*)?$`)
)

// minCovered is how much of a file has to be the known words of licences, in percent.
const minCovered = 75

func (m *module) readLicenses() error {
	for _, folder := range m.folders() {
		entries, err := os.ReadDir(folder)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			isLicense, isNotice := licenseName.MatchString(entry.Name()), noticeName.MatchString(entry.Name())
			if entry.IsDir() || !isLicense && !isNotice {
				continue
			}
			text, err := os.ReadFile(filepath.Join(folder, entry.Name())) //nolint:gosec // a file of a module
			if err != nil {
				return err
			}
			relative, err := filepath.Rel(m.folder, filepath.Join(folder, entry.Name()))
			if err != nil {
				return err
			}
			found := license{name: filepath.ToSlash(relative), text: string(text)}
			if isLicense {
				found.ids = identify(m.path+"/"+found.name, text)
			}
			m.licenses = append(m.licenses, found)
		}
	}
	return nil
}

// identify returns the SPDX ids of a file. One that it cannot read is "unknown".
func identify(file string, text []byte) []string {
	coverage := licensecheck.Scan(text)
	kind, isReviewed := reviewed[file]
	if isReviewed && kind != notices {
		return []string{}
	}
	if !isReviewed && coverage.Percent < minCovered || len(coverage.Match) == 0 {
		return []string{"unknown"}
	}
	var ids []string
	for _, match := range coverage.Match {
		if !slices.Contains(ids, match.ID) {
			ids = append(ids, match.ID)
		}
	}
	return ids
}

// refused names every module that has no licence, or one that is not known to fit.
func refused(modules []module) error {
	var problems []error
	for _, m := range modules {
		hasLicense := false
		for _, l := range m.licenses {
			hasLicense = hasLicense || len(l.ids) > 0
			for _, id := range l.ids {
				if !slices.Contains(shippable, id) {
					problems = append(problems, fmt.Errorf("%s %s cannot be shipped: the licence in %s is %s", m.path, m.version, l.name, id))
				}
			}
		}
		if !hasLicense {
			problems = append(problems, fmt.Errorf("%s %s cannot be shipped: it has no file with a licence", m.path, m.version))
		}
	}
	return errors.Join(problems...)
}

// document lists the modules, and has each text once.
func document(modules []module) string {
	var list, texts strings.Builder
	covers := map[string][]string{}
	var order []string
	for _, m := range modules {
		var ids []string
		for _, l := range m.licenses {
			ids = append(ids, l.ids...)
			if covers[l.text] == nil {
				order = append(order, l.text)
			}
			covers[l.text] = append(covers[l.text], strings.TrimSpace(m.path+" "+m.version)+", "+l.name)
		}
		slices.Sort(ids)
		fmt.Fprintf(&list, "%s  %s\n", strings.TrimSpace(m.path+" "+m.version), strings.Join(slices.Compact(ids), ", "))
	}
	for _, text := range order {
		fmt.Fprintf(&texts, "\n%s\n%s\n\n%s\n", strings.Repeat("-", 80), strings.Join(covers[text], "\n"), strings.TrimRight(text, "\n"))
	}
	return "These modules are linked into the programs of this release. The source of each is at\n" +
		"https://proxy.golang.org/MODULE/@v/VERSION.zip and https://pkg.go.dev/MODULE@VERSION.\n\n" + list.String() + texts.String()
}
