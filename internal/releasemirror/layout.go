package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// lay writes what the CLI reads below the folder of a provider: index.json, VERSION.json, and the
// archives, whose names a mirror on disk is read by. It returns all archives of the version that the
// mirror has then: those of other platforms, from an earlier run, stay.
func (r *release) lay(folder string) (map[string]entry, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // a web server reads it
		return nil, err
	}
	version := filepath.Join(folder, r.version+".json")
	archives, err := archivesOf(version)
	if err != nil {
		return nil, err
	}
	for _, a := range r.absent {
		if archives[a.platform].isAnother(a) {
			return nil, otherContent(filepath.Join(folder, a.name))
		}
	}
	for _, a := range r.archives {
		if err := r.place(a, filepath.Join(folder, a.name)); err != nil {
			return nil, err
		}
		archives[a.platform] = entry{a.name, []string{a.h1, a.zh}}
	}
	if err := writeJSON(version, map[string]any{"archives": archives}); err != nil {
		return nil, err
	}
	// What is laid out in full is named last: nobody is offered half a version.
	index := filepath.Join(folder, "index.json")
	versions, err := versionsOf(index)
	if err != nil {
		return nil, err
	}
	versions[r.version] = struct{}{}
	return archives, writeJSON(index, map[string]any{"versions": versions})
}

func otherContent(file string) error {
	return fmt.Errorf("%s is in the mirror already, with another content. Remove it if nobody has used it; otherwise give what is new a new version", file)
}

// place puts an archive into the mirror. A version that is there already stays what it is: lock
// files hold its hashes.
func (r *release) place(a archive, target string) error {
	if sum, err := sumOf(target); err == nil {
		if "zh:"+sum == a.zh {
			return nil
		}
		return otherContent(target)
	}
	source := filepath.Join(r.folder, a.name)
	if os.Link(source, target) == nil {
		return os.Chmod(target, 0o644) //nolint:gosec // a web server reads it
	}
	// A copy that was cut short must not look like another content.
	if err := copyFile(source, target+".part"); err != nil {
		return err
	}
	return os.Rename(target+".part", target)
}

func copyFile(source, target string) error {
	in, err := os.Open(source) //nolint:gosec // an archive of the release
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644) //nolint:gosec // a web server reads it
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		_ = out.Close()
		return err
	}
	return out.Close()
}
