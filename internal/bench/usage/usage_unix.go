//go:build unix

package usage

import (
	"os"
	"runtime"
	"syscall"
	"time"
)

// Of is the usage of a process that has ended.
func Of(ended *os.ProcessState) Usage {
	counted, _ := ended.SysUsage().(*syscall.Rusage)
	return from(counted)
}

// OfThisProcess is the usage of the calling process alone.
func OfThisProcess() Usage {
	var counted syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &counted) != nil {
		return Usage{}
	}
	return from(&counted)
}

func from(counted *syscall.Rusage) Usage {
	if counted == nil {
		return Usage{}
	}
	memory := counted.Maxrss
	if runtime.GOOS == "linux" {
		memory *= 1024 // others count bytes
	}
	return Usage{CPU: time.Duration(counted.Utime.Nano() + counted.Stime.Nano()), Memory: memory}
}
