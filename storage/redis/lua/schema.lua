#!lua
-- schema marks a new store, or says how an existing one is marked.
--
-- KEYS  1 the schema record (hash)
-- ARGV  1 version   2 partitions   3 mode
-- returns version, partitions and mode of the store

if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'version', ARGV[1], 'partitions', ARGV[2], 'mode', ARGV[3])
end
return redis.call('HMGET', KEYS[1], 'version', 'partitions', 'mode')
