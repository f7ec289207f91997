-- The ownership of a switch, by the server's clock.
--
-- KEYS[1] switch:<name>  hash: owner, fence (kept for ever, only grows), expires (ms)
-- ARGV[1] acquire | renew | surrender  ARGV[2] owner  ARGV[3] fence  ARGV[4] ttl, ms
--
-- Reply: acquire {"OK", fence} | {"HELD", owner, remaining ms}
--        renew, surrender {"OK"} | {"FENCED"}
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local l = redis.call('HMGET', KEYS[1], 'owner', 'fence', 'expires')
local owner, fence, expires = l[1] or '', l[2] or '0', tonumber(l[3] or '0')

if ARGV[1] == 'acquire' then
  if expires > now and owner ~= ARGV[2] then return {'HELD', owner, tostring(expires - now)} end
  fence = tostring(tonumber(fence) + 1)
  redis.call('HSET', KEYS[1], 'owner', ARGV[2], 'fence', fence, 'expires', now + tonumber(ARGV[4]))
  return {'OK', fence}
end
if owner ~= ARGV[2] or fence ~= ARGV[3] then return {'FENCED'} end
if ARGV[1] == 'renew' then
  redis.call('HSET', KEYS[1], 'expires', now + tonumber(ARGV[4]))
else
  redis.call('HSET', KEYS[1], 'owner', '', 'expires', 0)
end
return {'OK'}
