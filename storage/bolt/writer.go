package bolt

import (
	"context"
	"errors"

	"go.etcd.io/bbolt"
)

// errClosed: the store was closed before the write was made.
var errClosed = errors.New("the store is closed")

// maxTogether bounds how many writes share one fsync.
const maxTogether = 512

// job is one write that waits for its turn. run answers whether it wrote. An
// error of a run that wrote nothing is its own; one that wrote something ends
// the transaction for all in it.
type job struct {
	run  func(tx *bbolt.Tx) (wrote bool, err error)
	done chan error // buffered: the writer never waits for a caller that left
}

// submit queues a write and waits until it is durable. When ctx ends first the
// result is unknown.
func (s *Store) submit(ctx context.Context, run func(tx *bbolt.Tx) (bool, error)) error {
	j := job{run: run, done: make(chan error, 1)}
	select {
	case s.jobs <- j:
	case <-s.stop:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// write is the one goroutine that writes. While it waits for the disk, others
// queue up, and are then written together.
func (s *Store) write() {
	defer close(s.done)
	for {
		select {
		case j := <-s.jobs:
			s.together(s.gather(j))
		case <-s.stop:
			return
		}
	}
}

func (s *Store) gather(first job) []job {
	jobs := []job{first}
	for len(jobs) < maxTogether {
		select {
		case j := <-s.jobs:
			jobs = append(jobs, j)
		default:
			return jobs
		}
	}
	return jobs
}

func (s *Store) together(jobs []job) {
	results := make([]error, len(jobs))
	err := s.transact(jobs, results)
	for i, j := range jobs {
		// A refusal was decided against the state before the transaction and
		// its own predecessors in it. If those did not get in, it is unknown.
		if err != nil {
			results[i] = err
		}
		j.done <- results[i]
	}
}

func (s *Store) transact(jobs []job, results []error) error {
	tx, err := s.db.Begin(true)
	if err != nil {
		return err
	}
	dirty := false
	for i, j := range jobs {
		wrote, err := j.run(tx)
		if err != nil && wrote {
			_ = tx.Rollback()
			return err
		}
		results[i], dirty = err, dirty || wrote
	}
	if !dirty {
		return tx.Rollback()
	}
	return tx.Commit()
}
