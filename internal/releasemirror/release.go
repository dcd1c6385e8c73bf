package main

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/dirhash"
)

// release is the provider's part of one.
type release struct {
	folder, version string
	archives        []archive
	absent          []archive // SHA256SUMS names them, and they are not there
}

// archive is that of a platform, with the two hashes by which lock files know it: h1 of what is in
// it, zh of the file.
type archive struct {
	platform, name, h1, zh string
}

// readRelease reads the archives that SHA256SUMS names. An archive that is not as it says is an
// error.
func readRelease(sums string) (*release, error) {
	version := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(sums), project+"_"), "_SHA256SUMS")
	r := &release{folder: filepath.Dir(sums), version: version}
	file, err := os.Open(sums) //nolint:gosec // the user names it
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		sum, name, _ := strings.Cut(lines.Text(), "  ")
		platform, isArchive := strings.CutSuffix(name, ".zip")
		platform, isProvider := strings.CutPrefix(platform, project+"_"+version+"_")
		if !isArchive || !isProvider {
			continue
		}
		if err := r.add(archive{platform: platform, name: name, zh: "zh:" + sum}); err != nil {
			return nil, err
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(r.archives) == 0 {
		return nil, fmt.Errorf("none of the archives that %s names is in %s", filepath.Base(sums), r.folder)
	}
	slices.SortFunc(r.archives, func(a, b archive) int { return cmp.Compare(a.platform, b.platform) })
	return r, nil
}

func (r *release) add(a archive) error {
	path := filepath.Join(r.folder, a.name)
	sum, err := sumOf(path)
	if os.IsNotExist(err) {
		r.absent = append(r.absent, a)
		return nil
	}
	if err != nil {
		return err
	}
	if "zh:"+sum != a.zh {
		return fmt.Errorf("%s is not the file that SHA256SUMS names: its sum is %s. Download it again", path, sum)
	}
	if a.h1, err = dirhash.HashZip(path, dirhash.Hash1); err != nil {
		return fmt.Errorf("%s cannot be read: %w", path, err)
	}
	r.archives = append(r.archives, a)
	return nil
}

func sumOf(path string) (string, error) {
	file, err := os.Open(path) //nolint:gosec // an archive of the release
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
