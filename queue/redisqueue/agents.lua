-- Changes an agent's record.
--
-- KEYS[1] agent:<id>  KEYS[2] agents  KEYS[3] events
-- ARGV[1] put | presence | remove  ARGV[2] id  ARGV[3] now, ms
-- put: ARGV[4] endpoint  ARGV[5] switch  ARGV[6] specialisation
-- presence: ARGV[4] presence  ARGV[5] pause reason
--
-- Reply: {"OK"} | {"NOTFOUND"} | {"BUSY", follow-up}
local exists = redis.call('EXISTS', KEYS[1]) == 1
if ARGV[1] == 'put' then
  redis.call('HSET', KEYS[1], 'endpoint', ARGV[4], 'switch', ARGV[5], 'specialisation', ARGV[6])
  if not exists then redis.call('HSET', KEYS[1], 'presence', 'offline', 'pause_reason', '', 'reserved', '', 'since', ARGV[3]) end
  redis.call('SADD', KEYS[2], ARGV[2])
elseif not exists then
  return {'NOTFOUND'}
elseif ARGV[1] == 'presence' then
  redis.call('HSET', KEYS[1], 'presence', ARGV[4], 'pause_reason', ARGV[5], 'since', ARGV[3])
else
  local reserved = redis.call('HGET', KEYS[1], 'reserved')
  if reserved and reserved ~= '' then return {'BUSY', reserved} end
  redis.call('DEL', KEYS[1])
  redis.call('SREM', KEYS[2], ARGV[2])
end
redis.call('XADD', KEYS[3], 'MAXLEN', '~', '10000', '*', 'agent', ARGV[2], 'kind', 'agent')
return {'OK'}
