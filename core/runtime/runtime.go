package runtime

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/core/access"
)

// Options is what a Runtime is made of. Store, Directory and Clock are needed
// always; Messenger at the latest when Run begins.
type Options struct {
	Store      Store
	Directory  Directory
	Messenger  Messenger // may come later, with SetMessenger
	Connectors map[string]Connector
	Clock      Clock
	Log        zerolog.Logger
	// Chats says whose each chat is, by its name. In a tenant with several one
	// human may have several accounts, and nothing is given to people of one
	// tenant in a chat of another. nil: one tenant, with one chat.
	Chats map[string]access.TenantID

	// Ledgers is how many due records are worked on at a time, and of how many
	// results are being stored: few, so that people's clicks do not queue behind
	// what nobody waits for (docs/benchmarks.md). Default 4.
	Ledgers int
	// Lane is how many effects go to one connector, chat or directory at a
	// time. Default 8. Each has a lane of its own, so a slow one holds up
	// nobody else.
	Lane int
	// Queue is how many more effects may wait for one lane. Default 256.
	Queue int
	// Beat is how often the store is asked for what is due. Default 1 s.
	Beat time.Duration
	// Drain is how long Run waits at its end for effects that were started
	// and for their results to be stored. Default 20 s.
	Drain time.Duration
	// Pause is the first wait after a conflict or an error of the store; it
	// doubles up to 64 times that and is spread by Rand. Default 5 ms.
	Pause time.Duration
	// DirectoryWait is how long a directory may take to name a person, before
	// it is "try again", never allowed. Default 1 s.
	DirectoryWait time.Duration
	// Rand gives numbers from 0 up to 1 for spreading waits.
	Rand func() float64
	// NewID gives ids that no other process gives.
	NewID func() string
}

const (
	lease       = 30 * time.Second // of a claimed record
	effectLimit = 10 * time.Second // for one effect, and as long for its turn
	profileAge  = 60 * time.Second // a profile older than this is read again
	claimBatch  = 64
	attempts    = 80 // of one command against conflicts
	saves       = 5  // of one commit whose result is unknown
)

// Runtime is the shell around the engine: it carries out commands, works
// through what is due, and reads. All methods are safe for concurrent use.
type Runtime struct {
	Options
	profiles *profiles
	defs     defsCache
	persons  sync.Map // tenant/account -> PersonID, a guess that each Load checks
	nudges   *nudges
	lanes    *lanes
	way      *way
	results  *results
	decoded  decodedLedgers
}

// New makes a Runtime. It starts nothing: see Run.
func New(o Options) *Runtime {
	o.fill()
	r := &Runtime{
		Options:  o,
		profiles: newProfiles(o.Directory, o.Clock, o.DirectoryWait),
		nudges:   newNudges(),
		lanes:    newLanes(o.Lane, o.Queue),
		way:      newWay(),
	}
	r.results = newResults(r)
	return r
}

// SetMessenger gives the Messenger that was not there yet at New: the desk
// needs a Runtime and the Runtime needs the desk. Call it before Run.
func (r *Runtime) SetMessenger(m Messenger) { r.Messenger = m }

func (o *Options) fill() {
	orInt(&o.Ledgers, 4)
	orInt(&o.Lane, 8)
	orInt(&o.Queue, 256)
	orTime(&o.Beat, time.Second)
	orTime(&o.Drain, 20*time.Second)
	orTime(&o.Pause, 5*time.Millisecond)
	orTime(&o.DirectoryWait, time.Second)
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	if o.NewID == nil {
		o.NewID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
}

func orInt(v *int, otherwise int) {
	if *v == 0 {
		*v = otherwise
	}
}

func orTime(v *time.Duration, otherwise time.Duration) {
	if *v == 0 {
		*v = otherwise
	}
}

// now is the time of the engine.
func (r *Runtime) now() time.Time { return r.Clock.Now().UTC() }

// pause waits before attempt n (from 0) is made again.
func (r *Runtime) pause(ctx context.Context, n int) error {
	wait := r.Pause << min(n, 6)
	timer := time.NewTimer(wait/2 + time.Duration(r.Rand()*float64(wait)))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// tryAgain is what people get when something did not answer.
func tryAgain() error { return access.Refuse(access.Unavailable, "tryAgain") }

// forPeople lets refusals and Moved pass and makes "try again" of everything else, which
// goes to the log.
func (r *Runtime) forPeople(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := access.AsError(err); ok || isMoved(err) {
		return err
	}
	if !errors.Is(err, context.Canceled) {
		r.Log.Error().Err(err).Msg("could not answer")
	}
	return tryAgain()
}
