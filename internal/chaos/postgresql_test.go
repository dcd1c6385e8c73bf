//go:build unix

package chaos

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// findPostgreSQL looks for a program of PostgreSQL where Debian and others put it, which is
// on no PATH. It skips the test when there is none.
func findPostgreSQL(t *testing.T, program string) string {
	t.Helper()
	if found, err := exec.LookPath(program); err == nil {
		return found
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin/", "/usr/pgsql-*/bin/", "/usr/local/pgsql/bin/"} {
		if found, _ := filepath.Glob(pattern + program); len(found) > 0 {
			return found[len(found)-1]
		}
	}
	leaveOut("PostgreSQL")
	t.Skip("PostgreSQL is not installed: no state was stored in it")
	return ""
}

// startPostgreSQL runs a server with an empty database until the end of the test, and returns
// its connection string.
func startPostgreSQL(t *testing.T) string {
	t.Helper()
	initdb, postgres := findPostgreSQL(t, "initdb"), findPostgreSQL(t, "postgres")
	owner := unprivileged(t)
	dir, err := os.MkdirTemp("", "postgresql") //nolint:usetesting // the unprivileged user has no way into t.TempDir
	check(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if owner != nil {
		check(t, os.Chown(dir, int(owner.Uid), int(owner.Gid)))
	}
	run := func(program string, args ...string) *exec.Cmd {
		command := exec.Command(program, args...)
		command.Dir = dir
		command.SysProcAttr = ownGroup()
		command.SysProcAttr.Credential = owner
		return command
	}
	data := filepath.Join(dir, "data")
	if output, err := run(initdb, "-D", data, "-U", "team", "-A", "trust", "-E", "UTF8", "--no-locale", "-N").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, output)
	}
	port := freePort(t)
	server := run(postgres, "-D", data, "-p", port, "-h", "127.0.0.1", "-k", dir, "-F")
	var output strings.Builder
	server.Stdout, server.Stderr = &output, &output
	check(t, server.Start())
	ended := make(chan struct{})
	go func() { _ = server.Wait(); close(ended) }()
	t.Cleanup(func() { _ = server.Process.Signal(syscall.SIGQUIT); <-ended })
	ready := findPostgreSQL(t, "pg_isready")
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if exec.Command(ready, "-q", "-h", "127.0.0.1", "-p", port).Run() == nil {
			return fmt.Sprintf("postgres://team@127.0.0.1:%s/postgres?sslmode=disable", port)
		}
		select {
		case <-ended:
			t.Fatalf("PostgreSQL has ended:\n%s", output.String())
		default:
		}
		if time.Since(began) > 30*time.Second {
			t.Fatal("PostgreSQL does not answer")
		}
	}
}

// unprivileged returns another user if this one is root, whom PostgreSQL refuses to serve.
func unprivileged(t *testing.T) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if found, err := user.Lookup(name); err == nil {
			uid, _ := strconv.ParseUint(found.Uid, 10, 32)
			gid, _ := strconv.ParseUint(found.Gid, 10, 32)
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	leaveOut("PostgreSQL")
	t.Skip("PostgreSQL does not run as root, and there is no other user")
	return nil
}
