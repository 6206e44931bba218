#!lua
-- release lets go of a lease, if the holder holds it.
--
-- KEYS  1 the lease (string "until:holder")
-- ARGV  1 holder
-- returns 1 when it was let go, else 0

local held = redis.call('GET', KEYS[1])
if not held then return 0 end
local colon = string.find(held, ':', 1, true)
if string.sub(held, colon + 1) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
