package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// lay writes what the CLI reads below the folder of a provider: index.json, VERSION.json, and the
// archives, whose names a mirror on disk is read by.
func (r *release) lay(folder string) error {
	type entry struct {
		URL    string   `json:"url"`
		Hashes []string `json:"hashes"`
	}
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // a web server reads it
		return err
	}
	entries := map[string]entry{}
	for _, a := range r.archives {
		if err := r.place(a, filepath.Join(folder, a.name)); err != nil {
			return err
		}
		entries[a.platform] = entry{a.name, []string{a.h1, a.zh}}
	}
	if err := writeJSON(filepath.Join(folder, r.version+".json"), map[string]any{"archives": entries}); err != nil {
		return err
	}
	// What is laid out in full is named last: nobody is offered half a version.
	index := filepath.Join(folder, "index.json")
	versions, err := versionsOf(index)
	if err != nil {
		return err
	}
	versions[r.version] = struct{}{}
	return writeJSON(index, map[string]any{"versions": versions})
}

// place puts an archive into the mirror. A version that is there already stays what it is: lock
// files hold its hashes.
func (r *release) place(a archive, target string) error {
	if sum, err := sumOf(target); err == nil {
		if "zh:"+sum == a.zh {
			return nil
		}
		return fmt.Errorf("%s is in the mirror already, with another content. Remove it if nobody has used it; otherwise give what is new a new version", target)
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

// versionsOf reads which versions a mirror has already.
func versionsOf(index string) (map[string]struct{}, error) {
	content := struct {
		Versions map[string]struct{} `json:"versions"`
	}{map[string]struct{}{}}
	text, err := os.ReadFile(index) //nolint:gosec // it is in the folder that the user names
	if os.IsNotExist(err) {
		return content.Versions, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &content); err != nil {
		return nil, fmt.Errorf("%s is not the index of a mirror: %w", index, err)
	}
	if content.Versions == nil {
		return nil, fmt.Errorf("%s is not the index of a mirror: it names no versions", index)
	}
	return content.Versions, nil
}

func writeJSON(file string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return write(file, string(text)+"\n")
}

// lockBlock is what a lock file says of the release when it was made for all platforms.
func (r *release) lockBlock(host string) string {
	var hashes []string
	for _, a := range r.archives {
		hashes = append(hashes, fmt.Sprintf("    %q,\n", a.h1), fmt.Sprintf("    %q,\n", a.zh))
	}
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	return fmt.Sprintf("provider %q {\n  version = %q\n  hashes = [\n%s  ]\n}\n", host+"/"+address, r.version, strings.Join(hashes, ""))
}
