package runtime

import (
	"bytes"
	"sync"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// decodedLedgers keeps ledgers as they were decoded or encoded last, so that
// the next click on one need not decode it again: decoding is a quarter of
// what a click costs besides the store. The bytes are what is compared, so
// nothing stale is ever used. Nobody changes a Ledger in place: engine.Step
// works on a copy.
type decodedLedgers struct {
	mu    sync.Mutex
	known map[Key]decodedLedger
}

type decodedLedger struct {
	data   []byte
	ledger access.Ledger
}

// maxDecoded bounds the memory of decoded ledgers: some 5 KB each.
const maxDecoded = 2000

func (d *decodedLedgers) decode(rec Record) (access.Ledger, error) {
	d.mu.Lock()
	known, ok := d.known[rec.Key]
	d.mu.Unlock()
	if ok && bytes.Equal(known.data, rec.Data) {
		return known.ledger, nil
	}
	l, err := engine.Decode(rec.Data)
	if err == nil {
		d.keep(rec.Key, rec.Data, l)
	}
	return l, err
}

// keep remembers a ledger with its bytes. Ledgers that do not exist in the
// store after all (a commit that failed) are never asked for again.
func (d *decodedLedgers) keep(key Key, data []byte, l access.Ledger) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.known) >= maxDecoded {
		clear(d.known)
	}
	if d.known == nil {
		d.known = map[Key]decodedLedger{}
	}
	d.known[key] = decodedLedger{data, l}
}
