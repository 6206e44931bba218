#!lua flags=no-writes
-- trail reads the audit of one record.
--
-- KEYS  1 the tenant's audit (stream)   2 the record's trail (zset of ids)
-- ARGV  1 first bound   2 last bound (ZRANGE BYSCORE; with "REV" the higher first)
--       3 "REV" or ""   4 how many at most, 1 to 1000
-- returns entries as XRANGE does. Ids whose entry was trimmed are passed over.

local from, most, found = ARGV[1], tonumber(ARGV[4]), {}
while #found < most do
  local ids
  if ARGV[3] == 'REV' then
    ids = redis.call('ZRANGE', KEYS[2], from, ARGV[2], 'BYSCORE', 'REV', 'LIMIT', 0, most)
  else
    ids = redis.call('ZRANGE', KEYS[2], from, ARGV[2], 'BYSCORE', 'LIMIT', 0, most)
  end
  for _, id in ipairs(ids) do
    local entry = redis.call('XRANGE', KEYS[1], id .. '-0', id .. '-0')[1]
    if entry and #found < most then found[#found + 1] = entry end
  end
  if #ids < most then break end
  from = '(' .. ids[#ids]
end
return found
