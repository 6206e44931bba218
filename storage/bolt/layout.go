package bolt

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

var (
	bucketMeta    = []byte("meta")
	bucketRecord  = []byte("record")
	bucketWake    = []byte("wake")
	bucketWakeOf  = []byte("wakeof")
	bucketIndex   = []byte("index")
	bucketAudit   = []byte("audit")
	bucketTrail   = []byte("trail")
	bucketCommand = []byte("command")
	bucketForget  = []byte("forget")
	bucketScratch = []byte("scratch")
	bucketLease   = []byte("lease")

	metaVersion = []byte("version")
	metaMode    = []byte("mode")
)

func buckets() [][]byte {
	return [][]byte{
		bucketMeta, bucketRecord, bucketWake, bucketWakeOf, bucketIndex, bucketAudit,
		bucketTrail, bucketCommand, bucketForget, bucketScratch, bucketLease,
	}
}

const (
	timeSize = 8
	idSize   = 8
)

// timeBytes puts times, also those before 1970, in byte order.
func timeBytes(t time.Time) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(t.UnixMicro())^(1<<63))
}

func timeOf(b []byte) time.Time {
	return time.UnixMicro(int64(binary.BigEndian.Uint64(b) ^ (1 << 63))).UTC()
}

// timed is a key or value that begins with a time.
func timed(t time.Time, rest string) []byte { return append(timeBytes(t), rest...) }

func idBytes(id int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(id)) }

func recordKey(k runtime.Key) []byte { return []byte(storage.KeyText(k)) }

// indexPrefix ends in 0, which escaped text never contains.
func indexPrefix(t access.TenantID, index string) []byte {
	return append([]byte(storage.IndexText(t, index)), 0)
}

// auditPrefix ends in "/", which escaped text never contains.
func auditPrefix(t access.TenantID) []byte { return []byte(storage.TenantText(t) + "/") }

// trailPrefix begins with a length, so that no record's trail is in another's.
func trailPrefix(k runtime.Key) []byte {
	text := storage.KeyText(k)
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...)
}

func join(prefix, rest []byte) []byte {
	b := make([]byte, 0, len(prefix)+len(rest))
	return append(append(b, prefix...), rest...)
}

// line is the head of an audit entry as it is stored.
type line struct {
	Key string `json:"key"`
	At  int64  `json:"at"`
}

// packEntry stores an entry as a small JSON head, a line break, and the data.
func packEntry(e runtime.Entry) ([]byte, error) {
	head, err := json.Marshal(line{Key: storage.KeyText(e.Key), At: e.At.UnixMicro()})
	if err != nil {
		return nil, err
	}
	return append(append(head, '\n'), e.Data...), nil
}

var errEntry = errors.New("an audit entry is not stored as one")

func unpackEntry(id int64, stored []byte) (runtime.Entry, error) {
	head, data, ok := cut(stored)
	if !ok {
		return runtime.Entry{}, errEntry
	}
	var l line
	if err := json.Unmarshal(head, &l); err != nil {
		return runtime.Entry{}, errEntry
	}
	key, err := storage.ParseKey(l.Key)
	if err != nil {
		return runtime.Entry{}, err
	}
	return runtime.Entry{ID: id, Key: key, At: time.UnixMicro(l.At).UTC(), Data: data}, nil
}
