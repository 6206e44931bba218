#!lua
-- claim moves the wake-ups of records that are due, so that nobody else claims
-- them until then.
--
-- KEYS  1 wake-ups of the partition (zset)
-- ARGV  1 now   2 until, both in microseconds   then the records to claim
-- returns those of the records that were due and are claimed now, in order

local claimed = {}
for i = 3, #ARGV do
  local at = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if at and tonumber(at) <= tonumber(ARGV[1]) then
    redis.call('ZADD', KEYS[1], ARGV[2], ARGV[i])
    claimed[#claimed + 1] = ARGV[i]
  end
end
return claimed
