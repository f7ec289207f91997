-- Gives up a claim that never came to an assignment.
--
-- KEYS[1] f:<id>  KEYS[2] switch:<name>  KEYS[3] held:<switch>  KEYS[4] numbers
-- KEYS[5] status:queued  KEYS[6] agents
-- ARGV[1] owner  ARGV[2] fence  ARGV[3] id  ARGV[4] key prefix  ARGV[5] now, ms
--
-- Reply: {"OK"} | {"FENCED"} | {"REFUSED"} when it is not waiting any more
local prefix, id = ARGV[4], ARGV[3]
local lease = redis.call('HMGET', KEYS[2], 'owner', 'fence')
if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then return {'FENCED'} end
if redis.call('SISMEMBER', KEYS[3], id) == 0 then return {'REFUSED'} end
local f = redis.call('HMGET', KEYS[1], 'number', 'ready', 'deadline', 'status')
local reserved = {assigned = true, dialing = true, talking = true, wrap_up = true, reconciling = true}
if reserved[f[4]] then return {'REFUSED'} end
redis.call('SREM', KEYS[3], id)
if f[1] and redis.call('HGET', KEYS[4], f[1]) == id then redis.call('HDEL', KEYS[4], f[1]) end
for _, agent in ipairs(redis.call('SMEMBERS', KEYS[6])) do
  local key = prefix .. 'agent:' .. agent
  if redis.call('HGET', key, 'reserved') == id then redis.call('HSET', key, 'reserved', '', 'since', ARGV[5]) end
end
if f[4] == 'queued' then redis.call('ZADD', prefix .. f[2], f[3], id) end
return {'OK'}
