//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package bolt

import (
	"os"
	"syscall"
)

// letGo unlocks and closes a file that bbolt broke off at. Closing is not
// enough: the memory map that bbolt leaves behind keeps the lock.
func letGo(f *os.File) {
	if f != nil {
		_ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN)
		_ = f.Close()
	}
}
