package main

import (
	"os/exec"
	"syscall"
)

// dieWithParent ends the provider when the CLI kills this process.
func dieWithParent(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
