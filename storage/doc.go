// Package storage holds what the stores share: how a store is marked, why one
// is not opened, and what a Change must look like. The contract itself is
// core/runtime (Store, Importer, Scratch, Leases); storage/storetest shows
// that storage/bolt and storage/redis keep it.
package storage
