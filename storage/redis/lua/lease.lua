#!lua
-- lease takes or renews a name for a holder.
--
-- KEYS  1 the lease (string "until:holder")
-- ARGV  1 holder   2 now   3 until, both in microseconds
-- returns 1 when the holder has it, 0 when another does

local held = redis.call('GET', KEYS[1])
if held then
  local colon = string.find(held, ':', 1, true)
  local ends, holder = tonumber(string.sub(held, 1, colon - 1)), string.sub(held, colon + 1)
  if ends > tonumber(ARGV[2]) and holder ~= ARGV[1] then return 0 end
end
redis.call('SET', KEYS[1], ARGV[3] .. ':' .. ARGV[1])
return 1
