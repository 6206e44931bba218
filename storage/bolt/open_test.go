package bolt_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/bolt"
)

// made is a file with a store that holds something.
func made(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "folder", "usher.db")
	s, err := bolt.Open(path, bolt.Options{Mode: storage.Serve})
	if err != nil {
		t.Fatal(err)
	}
	c := runtime.Change{Tenant: "acme", Writes: []runtime.Write{{Key: runtime.LedgerKey("acme", "chat/mina"), Data: []byte("one")}}}
	if err := s.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// refused expects one sentence, the reason, and an unchanged file.
func refused(t *testing.T, path string, mode storage.Mode, reason error) {
	t.Helper()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := bolt.Open(path, bolt.Options{Mode: mode})
	if err == nil {
		_ = s.Close()
		t.Fatal("opened")
	}
	if !errors.Is(err, reason) {
		t.Errorf("got %v, want the reason %v", err, reason)
	}
	if text := err.Error(); strings.Contains(text, "\n") || !strings.HasSuffix(text, ".") || !strings.HasPrefix(text, path) {
		t.Errorf("not a sentence about the file: %q", text)
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Error("the file was changed")
	}
}

func TestAnotherProcess(t *testing.T) {
	t.Parallel()
	path := made(t)
	s, err := bolt.Open(path, bolt.Options{Mode: storage.Serve})
	if err != nil {
		t.Fatal(err)
	}
	refused(t, path, storage.Serve, storage.ErrInUse)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatalf("a second Close: %v", err)
	}
	again, err := bolt.Open(path, bolt.Options{Mode: storage.Serve})
	if err != nil {
		t.Fatal(err)
	}
	_ = again.Close()
}

func TestOtherMode(t *testing.T) {
	t.Parallel()
	refused(t, made(t), storage.Demo, storage.ErrMode)
}

func TestDamaged(t *testing.T) {
	t.Parallel()
	damages := map[string]func([]byte) []byte{
		"nothing":     func([]byte) []byte { return nil },
		"text":        func([]byte) []byte { return []byte(strings.Repeat("this is not a database\n", 1000)) },
		"a few bytes": func([]byte) []byte { return []byte("oops") },
		"cut short":   func(b []byte) []byte { return b[:3*4096] },
		"half a page": func(b []byte) []byte { return b[:2000] },
		"zeros":       func(b []byte) []byte { return make([]byte, len(b)) },
		"both heads":  func(b []byte) []byte { copy(b, bytes.Repeat([]byte{0xaa}, 2*4096)); return b },
		"the pages":   func(b []byte) []byte { copy(b[2*4096:], bytes.Repeat([]byte{0xaa}, len(b)-2*4096)); return b },
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := made(t)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damage(b), 0o600); err != nil {
				t.Fatal(err)
			}
			refused(t, path, storage.Serve, storage.ErrDamaged)
		})
	}
}

// grown is a file with many pages, so that there is a middle to it.
func grown(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "usher.db")
	s, err := bolt.Open(path, bolt.Options{Mode: storage.Serve})
	if err != nil {
		t.Fatal(err)
	}
	var all []runtime.Change
	for n := range 300 {
		key := runtime.LedgerKey("acme", access.PersonID(fmt.Sprintf("chat/person%d", n)))
		all = append(all, runtime.Change{Tenant: "acme", Writes: []runtime.Write{{Key: key, Data: bytes.Repeat([]byte("data"), 100)}}})
	}
	if err := s.Import(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDamageInTheMiddle(t *testing.T) {
	t.Parallel()
	path := grown(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for at := 2 * 4096; at < len(whole); at += 4096 {
		for _, with := range []byte{0x00, 0x41, 0xff} {
			broken := bytes.Clone(whole)
			copy(broken[at:], bytes.Repeat([]byte{with}, 512))
			if err := os.WriteFile(path, broken, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := bolt.Open(path, bolt.Options{Mode: storage.Serve})
			if err == nil { // a page that is free
				_ = s.Close()
				continue
			}
			found++
			text := err.Error()
			if !errors.Is(err, storage.ErrDamaged) || !strings.Contains(text, "restore it from a backup") || strings.Contains(text, "panic") || strings.Contains(text, "assertion") {
				t.Errorf("page %d, %x: %v", at/4096, with, err)
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d damages were found", found)
	}
}

// edit changes a file as a plain bbolt database.
func edit(t *testing.T, path string, change func(tx *bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(change); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestNewerVersion(t *testing.T) {
	t.Parallel()
	path := made(t)
	edit(t, path, func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("version"), []byte("2")) })
	refused(t, path, storage.Serve, storage.ErrNewer)
}

func TestForeignDatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "other.db")
	edit(t, path, func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("recipes")); return err })
	refused(t, path, storage.Serve, storage.ErrForeign)
}

func TestPlaceThatCannotBe(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(file, "usher.db"), t.TempDir()} {
		if _, err := bolt.Open(path, bolt.Options{Mode: storage.Serve}); !errors.Is(err, storage.ErrUnreachable) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := bolt.Open(filepath.Join(t.TempDir(), "a.db"), bolt.Options{}); !errors.Is(err, storage.ErrSettings) {
		t.Errorf("without a mode: %v", err)
	}
}

func TestClosed(t *testing.T) {
	t.Parallel()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "a.db"), bolt.Options{Mode: storage.Demo})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), runtime.Change{Tenant: "acme"}); err == nil {
		t.Error("a commit was taken after Close")
	}
	if _, err := s.Load(t.Context(), runtime.LedgerKey("acme", "x")); err == nil {
		t.Error("a load was answered after Close")
	}
}
