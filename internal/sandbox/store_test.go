package sandbox

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A container of nothing but the program has no folder for temporary files. SQLite looks
// for one at the first use, so another process is needed: this test again, with a folder
// whose name is longer than SQLite allows.
func TestSortsWithoutTemporaryFiles(t *testing.T) {
	const again = "SANDBOX_SORTS"
	if os.Getenv(again) == "" {
		folder := filepath.Join(append([]string{t.TempDir()}, strings.Split(strings.Repeat("folder ", 100), " ")...)...)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Skip(err)
		}
		command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSortsWithoutTemporaryFiles$", "-test.v")
		command.Env = append(os.Environ(), again+"="+filepath.Join(t.TempDir(), "sandbox.db"), "SQLITE_TMPDIR="+folder, "TMPDIR="+folder)
		if output, err := command.CombinedOutput(); err != nil || !strings.Contains(string(output), "--- PASS") {
			t.Errorf("%v\n%s", err, output)
		}
		return
	}
	for _, path := range []string{"", os.Getenv(again)} {
		texts, err := sortMuch(path)
		if err != nil || len(texts) != 40000 {
			t.Errorf("%q: %d texts, %v", path, len(texts), err)
		}
	}
}

// sortMuch sorts more than SQLite keeps in memory by itself.
func sortMuch(path string) ([]string, error) {
	db, err := openDatabase(path, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	return Column[string](tx, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
		SELECT hex(randomblob(200)) AS text FROM n ORDER BY text`)
}
