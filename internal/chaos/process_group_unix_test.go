//go:build unix && !linux

package chaos

import "syscall"

// ownGroup puts a program into a process group of its own, so that all it starts
// can be killed with it.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
