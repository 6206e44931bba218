package storage

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/usher-dev/usher/core/runtime"
)

// Head is what the stored bytes of a record of this revision begin with. A
// different revision has a different head, and none is the beginning of
// another, so comparing the head compares the revision. Revision 0 has none.
func Head(revision int64) string {
	if revision == 0 {
		return ""
	}
	return strconv.FormatInt(revision, 10) + ":"
}

// Pack is the stored form of a record's data: its head, then the data.
func Pack(revision int64, data []byte) []byte {
	b := make([]byte, 0, 20+len(data))
	b = strconv.AppendInt(b, revision, 10)
	b = append(b, ':')
	return append(b, data...)
}

// Unpack is the inverse of Pack. It keeps a reference to stored.
func Unpack(key runtime.Key, stored []byte) (runtime.Record, error) {
	head, data, ok := bytes.Cut(stored, []byte(":"))
	revision, err := strconv.ParseInt(string(head), 10, 64)
	if !ok || err != nil || revision < 1 {
		return runtime.Record{}, fmt.Errorf("%s is not stored as a record", key)
	}
	return runtime.Record{Key: key, Revision: revision, Data: data}, nil
}
