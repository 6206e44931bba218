#!lua
-- commit makes one change durable, all of it or nothing.
--
-- Redis does not undo a script that breaks off. So this one first reads: the
-- command, then the types of all keys, then the revisions; and only then
-- writes, with commands that cannot fail on data. The one command that could
-- (XADD, when the counter is behind the stream) comes first of all writes.
-- Out of memory and read-only replicas refuse the script as a whole, because
-- of its first line. Time is an argument, never TIME.
--
-- KEYS  1 memory of commands (zset)   2 wake-ups (zset)
--       3 counter of the audit        4 the tenant's audit (stream)
--       then one each: W records to write, R records relied on,
--       I indexes (zset), A trails (zset)
-- ARGV  1 the command in the memory   2 time of the change, microseconds
--       3 commands up to this time are forgotten   4 how many to forget at most
--       5 W   6 R   7 wake-ups K   8 I   9 A
--       then  W times: head that the record must begin with ("": no record),
--                      new bytes with their head ("": delete)
--             R times: head
--             K times: member, time ("": take away)
--             I times: member, "+" or "-"
--             A times: record, time, data
-- returns 1 done, 0 duplicate, -1 conflict; or an error, and nothing is changed

local memory, wakes, counter, stream = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local nw, nr, nk, ni, na = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local aw = 9
local ar = aw + 2 * nw
local ak = ar + nr
local ai = ak + 2 * nk
local aa = ai + 2 * ni
local kw = 4
local kr = kw + nw
local ki = kr + nr
local ka = ki + ni

local function wrong(key)
  return redis.error_reply('USHERTYPE a key holds something else than it should: ' .. key)
end

local function is(key, want)
  local t = redis.call('TYPE', key).ok
  return t == 'none' or t == want
end

-- Duplicates, before anything else.
if not is(memory, 'zset') then return wrong(memory) end
local seen = redis.call('ZSCORE', memory, ARGV[1])
if seen and tonumber(seen) > tonumber(ARGV[3]) then return 0 end

-- Types.
if nk > 0 and not is(wakes, 'zset') then return wrong(wakes) end
for i = ki + 1, ka + na do
  if not is(KEYS[i], 'zset') then return wrong(KEYS[i]) end
end
local n = 0
if na > 0 then
  if not is(stream, 'stream') then return wrong(stream) end
  if not is(counter, 'string') then return wrong(counter) end
  n = tonumber(redis.call('GET', counter) or '0')
  if not n or n < 0 or n > 9007199254000000 then return wrong(counter) end
end

-- Revisions. Types of all records first, so that a conflict never hides one.
for i = kw + 1, ki do
  if not is(KEYS[i], 'string') then return wrong(KEYS[i]) end
end
local function fits(key, head)
  if head == '' then return redis.call('EXISTS', key) == 0 end
  return redis.call('GETRANGE', key, 0, #head - 1) == head
end
for i = 1, nw do
  if not fits(KEYS[kw + i], ARGV[aw + 2 * i - 1]) then return -1 end
end
for i = 1, nr do
  if not fits(KEYS[kr + i], ARGV[ar + i]) then return -1 end
end

-- From here on it only writes.
for i = 1, na do
  n = n + 1
  local id = string.format('%.0f', n)
  local a = aa + 3 * (i - 1)
  local added = redis.pcall('XADD', stream, id .. '-0', 'k', ARGV[a + 1], 't', ARGV[a + 2], 'd', ARGV[a + 3])
  if type(added) == 'table' and added.err then return redis.error_reply('USHERAUDIT the counter of the audit is behind: ' .. counter) end
  redis.call('ZADD', KEYS[ka + i], id, id)
end
if na > 0 then redis.call('SET', counter, string.format('%.0f', n)) end

for i = 1, nw do
  local bytes = ARGV[aw + 2 * i]
  if bytes == '' then redis.call('DEL', KEYS[kw + i]) else redis.call('SET', KEYS[kw + i], bytes) end
end

for i = 1, nk do
  local member, at = ARGV[ak + 2 * i - 1], ARGV[ak + 2 * i]
  if at == '' then redis.call('ZREM', wakes, member) else redis.call('ZADD', wakes, at, member) end
end

for i = 1, ni do
  local member, sign = ARGV[ai + 2 * i - 1], ARGV[ai + 2 * i]
  if sign == '-' then redis.call('ZREM', KEYS[ki + i], member) else redis.call('ZADD', KEYS[ki + i], 0, member) end
end

local old = redis.call('ZRANGE', memory, '-inf', ARGV[3], 'BYSCORE', 'LIMIT', 0, ARGV[4])
for _, member in ipairs(old) do redis.call('ZREM', memory, member) end
redis.call('ZADD', memory, ARGV[2], ARGV[1])
return 1
