-- Counts attempts within a time, which begins with the first.
--
-- KEYS[1] attempts:<key>  ARGV[1] take | give | clear
-- take: ARGV[2] now, ms  ARGV[3] window, ms  ARGV[4] limit
--
-- Reply: {"OK"} | {"LIMITED", ms until the time is over}
if ARGV[1] == 'clear' then
  redis.call('DEL', KEYS[1])
  return {'OK'}
end
local record = redis.call('HMGET', KEYS[1], 'n', 'until')
local n, over = tonumber(record[1]) or 0, tonumber(record[2]) or 0
if ARGV[1] == 'give' then
  if n > 0 then redis.call('HSET', KEYS[1], 'n', n - 1) end
  return {'OK'}
end
local now, window = tonumber(ARGV[2]), tonumber(ARGV[3])
if now >= over then
  n, over = 0, now + window
  redis.call('HSET', KEYS[1], 'until', string.format('%.0f', over))
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
if n >= tonumber(ARGV[4]) then return {'LIMITED', string.format('%.0f', over - now)} end
redis.call('HSET', KEYS[1], 'n', n + 1)
return {'OK'}
