package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const mit = `MIT License

Copyright (c) 2026 Somebody

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software
is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE
LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`

const agpl = `SPDX-License-Identifier: AGPL-3.0-or-later

This program is free software: you can redistribute it and/or modify it under the terms of the GNU Affero General Public License as
published by the Free Software Foundation, either version 3 of the License, or (at your option) any later version.
`

func TestWhatCannotBeShippedIsRefused(t *testing.T) {
	for _, c := range []struct {
		name    string
		files   map[string]string
		refused string // "" when it can be shipped
	}{
		{"MIT", map[string]string{"LICENSE": mit}, ""},
		{"MIT with a notice", map[string]string{"LICENCE.md": mit, "NOTICE": "made by somebody"}, ""},
		{"AGPL", map[string]string{"COPYING": agpl}, "the licence in COPYING is AGPL"},
		{"AGPL beside MIT", map[string]string{"LICENSE": mit, "LICENSE-agpl.txt": agpl}, "the licence in LICENSE-agpl.txt is AGPL"},
		{"AGPL of a package that is linked", map[string]string{"LICENSE": mit, "linked/LICENSE": agpl}, "the licence in linked/LICENSE is AGPL"},
		{"AGPL of a package that is not linked", map[string]string{"LICENSE": mit, "other/LICENSE": agpl}, ""},
		{"words of their own", map[string]string{"LICENSE": "Do what you want, but only on Sundays."}, "the licence in LICENSE is unknown"},
		{"none", map[string]string{"README.md": mit}, "it has no file with a licence"},
		{"only a notice", map[string]string{"NOTICE": mit}, "it has no file with a licence"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := module{path: "example.com/m", version: "v1.0.0", folder: t.TempDir()}
			m.packages = map[string]bool{filepath.Join(m.folder, "linked"): true}
			for _, folder := range []string{"linked", "other"} {
				must(t, os.MkdirAll(filepath.Join(m.folder, folder), 0o700))
			}
			for name, text := range c.files {
				must(t, os.WriteFile(filepath.Join(m.folder, name), []byte(text), 0o600))
			}
			must(t, m.readLicenses())
			err := refused([]module{m})
			if (err != nil) != (c.refused != "") || err != nil && !strings.Contains(err.Error(), c.refused) {
				t.Errorf("got %v, want %q", err, c.refused)
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
