package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/dirhash"
)

// entry is what VERSION.json says of the archive of a platform.
type entry struct {
	URL    string   `json:"url"`
	Hashes []string `json:"hashes,omitempty"`
}

// isAnother reports whether the mirror has another content for the archive of a release. Whoever wrote the
// file by hand may have left out what would show it.
func (e entry) isAnother(a archive) bool {
	return slices.ContainsFunc(e.Hashes, func(hash string) bool { return strings.HasPrefix(hash, "zh:") }) && !slices.Contains(e.Hashes, a.zh)
}

// archivesOf reads which archives of a version a mirror has already, by platform. A file that was
// written by hand may leave the hashes out: they are those of the archive beside it.
func archivesOf(file string) (map[string]entry, error) {
	var content struct {
		Archives map[string]entry `json:"archives"`
	}
	isThere, err := readJSON(file, &content)
	if err != nil || !isThere {
		return map[string]entry{}, err
	}
	if content.Archives == nil {
		return nil, fmt.Errorf("%s is not a file of a mirror: it names no archives", file)
	}
	for platform, e := range content.Archives {
		archive := filepath.Join(filepath.Dir(file), e.URL)
		if len(e.Hashes) > 0 || strings.Contains(e.URL, ":") {
			continue
		}
		sum, err := sumOf(archive)
		if err != nil {
			return nil, fmt.Errorf("%s names an archive that cannot be read: %w", file, err)
		}
		h1, err := dirhash.HashZip(archive, dirhash.Hash1)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be read: %w", archive, err)
		}
		content.Archives[platform] = entry{e.URL, []string{h1, "zh:" + sum}}
	}
	return content.Archives, nil
}

// versionsOf reads which versions a mirror has already.
func versionsOf(index string) (map[string]struct{}, error) {
	var content struct {
		Versions map[string]struct{} `json:"versions"`
	}
	isThere, err := readJSON(index, &content)
	if err != nil || !isThere {
		return map[string]struct{}{}, err
	}
	if content.Versions == nil {
		return nil, fmt.Errorf("%s is not the index of a mirror: it names no versions", index)
	}
	return content.Versions, nil
}

// readJSON reads a file of the mirror, and reports whether it is there.
func readJSON(file string, content any) (isThere bool, err error) {
	text, err := os.ReadFile(file) //nolint:gosec // it is in the folder that the user names
	if os.IsNotExist(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(text, content); err != nil {
		return true, fmt.Errorf("%s is not a file of a mirror: %w", file, err)
	}
	return true, nil
}

func writeJSON(file string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return write(file, string(text)+"\n")
}

// lockBlock is what a lock file says of a version when it was made for all platforms.
func lockBlock(host, version string, archives map[string]entry) string {
	var hashes []string
	for _, e := range archives {
		for _, hash := range e.Hashes {
			hashes = append(hashes, fmt.Sprintf("    %q,\n", hash))
		}
	}
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	return fmt.Sprintf("provider %q {\n  version = %q\n  hashes = [\n%s  ]\n}\n", host+"/"+address, version, strings.Join(hashes, ""))
}
