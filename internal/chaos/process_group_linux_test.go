package chaos

import "syscall"

// ownGroup puts a program into a process group of its own, so that all it starts
// can be killed with it. It does not outlive these tests, even if they crash.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
