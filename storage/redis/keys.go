package redis

import (
	"hash/fnv"
	"strconv"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// partitions is the number of partitions of a new store. It is written into
// the schema record; an existing store keeps its own.
const partitions = 256

// keyring builds every key there is. All keys of a tenant have the hash tag of
// its partition, so a change touches one slot of a Cluster.
//
//	prefix:schema                      hash: version, partitions, mode
//	prefix:scratch:NAME                string, runs out
//	prefix:lease:NAME                  string
//	prefix:{N}:rec:TENANT/KIND/ID      string: revision, ":", data
//	prefix:{N}:wake                    zset: TENANT/KIND/ID by time
//	prefix:{N}:cmd                     zset: TENANT/COMMAND by time
//	prefix:{N}:try                     zset: changes without command id, by time
//	prefix:{N}:seq                     string: last id of the audit
//	prefix:{N}:idx:TENANT/INDEX        zset, all scores 0
//	prefix:{N}:audit:TENANT            stream, ids <seq>-0
//	prefix:{N}:trail:TENANT/KIND/ID    zset: ids of the audit
type keyring struct {
	prefix     string
	partitions int
}

func (k keyring) schema() string             { return k.prefix + ":schema" }
func (k keyring) scratch(name string) string { return k.prefix + ":scratch:" + name }
func (k keyring) lease(name string) string   { return k.prefix + ":lease:" + name }

// partition is where all of a tenant is.
func (k keyring) partition(t access.TenantID) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(t))
	return int(h.Sum32() % uint32(k.partitions))
}

func (k keyring) wakes(partition int) string { return k.of(partition) + "wake" }

func (k keyring) of(partition int) string {
	return k.prefix + ":{" + strconv.Itoa(partition) + "}:"
}

// home builds the keys of one tenant.
type home struct {
	tag    string
	tenant access.TenantID
}

func (k keyring) home(t access.TenantID) home { return home{k.of(k.partition(t)), t} }

func (h home) record(key runtime.Key) string { return h.tag + "rec:" + storage.KeyText(key) }
func (h home) wakes() string                 { return h.tag + "wake" }
func (h home) commands() string              { return h.tag + "cmd" }
func (h home) attempts() string              { return h.tag + "try" }
func (h home) counter() string               { return h.tag + "seq" }
func (h home) index(name string) string      { return h.tag + "idx:" + storage.IndexText(h.tenant, name) }
func (h home) audit() string                 { return h.tag + "audit:" + storage.TenantText(h.tenant) }
func (h home) trail(key runtime.Key) string  { return h.tag + "trail:" + storage.KeyText(key) }
