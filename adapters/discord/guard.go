package discord

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net"
	"sync/atomic"
)

const (
	// largeWrite is longer than a heartbeat and shorter than an IDENTIFY.
	largeWrite = 100
	// mostLarge are what a connection needs, TLS, handshake and IDENTIFY, and two
	// more for when Discord ends a session and keeps the connection.
	mostLarge = 5
)

// guard is a connection of the library. It ends when the library sends one
// IDENTIFY after the other, as it does when each is answered with op 9; and it
// hears with which code Discord closes, which the library keeps to itself once
// a session has begun.
type guard struct {
	net.Conn
	large atomic.Int32
	close closeCode
}

// Write implements net.Conn.
func (g *guard) Write(b []byte) (int, error) {
	if len(b) > largeWrite && g.large.Add(1) > mostLarge {
		_ = g.Conn.Close()
		return 0, errors.New("too much is said to the gateway")
	}
	return g.Conn.Write(b)
}

// Read implements net.Conn.
func (g *guard) Read(b []byte) (int, error) {
	n, err := g.Conn.Read(b)
	g.close.see(b[:n])
	return n, err
}

const (
	opcodeClose  = 0x8
	reservedBits = 0x70
	maskBit      = 0x80
	length16     = 126
	length64     = 127
	longestHead  = 16 << 10 // no answer to a handshake is longer
)

// closeCode finds the close frame in what a websocket server sends (RFC 6455,
// 5.2): the answer to the handshake, then frames, never masked. Of what is
// neither, as encrypted bytes are, it looks at no more.
type closeCode struct {
	found atomic.Int32

	pending []byte // of a head that is not whole yet
	skip    uint64 // bytes of the payload that are still to come
	open    bool   // the handshake was answered
	lost    bool   // these are not frames
}

// code is the code of the close frame, or 0 when there was none.
func (c *closeCode) code() int { return int(c.found.Load()) }

func (c *closeCode) see(b []byte) {
	for len(b) > 0 && !c.lost && c.found.Load() == 0 {
		if n := min(c.skip, uint64(len(b))); n > 0 {
			b, c.skip = b[n:], c.skip-n
			continue
		}
		c.pending = append(c.pending, b...)
		b = c.next()
	}
}

// next takes the next head off what is pending and gives what comes after it;
// nothing when it is not whole.
func (c *closeCode) next() []byte {
	p := c.pending
	if !c.open {
		end := bytes.Index(p, []byte("\r\n\r\n"))
		c.lost = end < 0 && len(p) > longestHead
		if end < 0 {
			return nil
		}
		c.open, c.pending = true, nil
		return p[end+4:]
	}
	if len(p) < 2 {
		return nil
	}
	if p[0]&reservedBits != 0 || p[1]&maskBit != 0 {
		c.lost, c.pending = true, nil
		return nil
	}
	head, length := 2, uint64(p[1])
	switch length {
	case length16:
		head = 4
	case length64:
		head = 10
	}
	closes := p[0]&0xF == opcodeClose
	if closes {
		head += 2 // the code begins the payload
		c.lost = length < 2
	}
	if len(p) < head || c.lost {
		return nil
	}
	switch {
	case closes:
		c.found.Store(int32(binary.BigEndian.Uint16(p[head-2:])))
	case length == length16:
		length = uint64(binary.BigEndian.Uint16(p[2:]))
	case length == length64:
		length = binary.BigEndian.Uint64(p[2:])
	}
	c.skip, c.pending = length, nil
	return p[head:]
}
