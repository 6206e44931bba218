//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package bolt

import "os"

// letGo closes a file that bbolt broke off at, which also unlocks it.
func letGo(f *os.File) {
	if f != nil {
		_ = f.Close()
	}
}
