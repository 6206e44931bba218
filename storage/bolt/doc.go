// Package bolt keeps a store in one file (go.etcd.io/bbolt). It is what `usher
// demo` and small set-ups run on: nothing to install, one process at a time.
//
// Every Commit that returned is on the disk (fsync). Commits that arrive while
// the disk is busy are written together and share one fsync; each is still
// taken or refused by itself, because a change is checked as a whole before
// its first write, so a refused one leaves nothing in the transaction.
//
// Layout, one bucket each:
//
//	meta      version, mode
//	record    key text → revision and data (storage.Pack)
//	wake      time, key text → nothing; the queue
//	wakeof    key text → time
//	index     index text, 0, member → nothing
//	audit     tenant, id → entry
//	trail     length, key text, id → nothing; the entries of one record
//	command   command text → time
//	forget    time, command text → nothing; in the order of age
//	scratch   name → time, data
//	lease     name → time, holder
//
// Times are microseconds since 1970, so that both stores round alike. The
// audit's counter is the sequence of its bucket and rises over all tenants.
//
// Turned down: bbolt's own DB.Batch. It waits up to a fixed delay for company
// (10 ms by default), which every lone click would pay; and one failing change
// makes it run all others again. SQLite: a driver in Go is many times the size,
// and nothing here needs a query. One bucket per tenant: millions of small
// buckets waste a page each, and Claim would have to visit them all.
package bolt
