-- Changes an agent's record.
--
-- KEYS[1] op:<id>  KEYS[2] agent:<id>  KEYS[3] agents  KEYS[4] events
-- ARGV[1] put | presence | remove  ARGV[2] id  ARGV[3] now, ms
-- ARGV[4] seconds a reply is kept
-- put: ARGV[5] endpoint  ARGV[6] switch  ARGV[7] specialisation
-- presence: ARGV[5] presence  ARGV[6] pause reason
--
-- Reply: {"OK"} | {"NOTFOUND"} | {"BUSY", follow-up}
if redis.call('EXISTS', KEYS[1]) == 1 then return {'OK'} end
local exists = redis.call('EXISTS', KEYS[2]) == 1
if ARGV[1] == 'put' then
  redis.call('HSET', KEYS[2], 'endpoint', ARGV[5], 'switch', ARGV[6], 'specialisation', ARGV[7])
  if not exists then redis.call('HSET', KEYS[2], 'presence', 'offline', 'pause_reason', '', 'reserved', '', 'since', ARGV[3]) end
  redis.call('SADD', KEYS[3], ARGV[2])
elseif not exists then
  return {'NOTFOUND'}
elseif ARGV[1] == 'presence' then
  -- who says again what is known already keeps the place in the line
  if redis.call('HGET', KEYS[2], 'presence') ~= ARGV[5] then redis.call('HSET', KEYS[2], 'since', ARGV[3]) end
  redis.call('HSET', KEYS[2], 'presence', ARGV[5], 'pause_reason', ARGV[6])
else
  local reserved = redis.call('HGET', KEYS[2], 'reserved')
  if reserved and reserved ~= '' then return {'BUSY', reserved} end
  redis.call('DEL', KEYS[2])
  redis.call('SREM', KEYS[3], ARGV[2])
end
redis.call('XADD', KEYS[4], 'MAXLEN', '~', '10000', '*', 'agent', ARGV[2], 'kind', 'agent')
redis.call('SET', KEYS[1], 'OK', 'EX', ARGV[4])
return {'OK'}
