-- Gives up a claim that never came to an assignment.
--
-- KEYS[1] op:<id>  KEYS[2] f:<id>  KEYS[3] switch:<name>  KEYS[4] held:<switch>
-- KEYS[5] numbers  KEYS[6] events
-- ARGV[1] owner  ARGV[2] fence  ARGV[3] id  ARGV[4] key prefix  ARGV[5] now, ms
-- ARGV[6] seconds a reply is kept
--
-- Besides KEYS it uses the record of the agent who claimed, and the queue that
-- the follow-up waits in; both have the site's hash tag.
--
-- Reply: {"OK"} | {"FENCED"} | {"REFUSED"} when it is not claimed, or assigned
local prefix, id = ARGV[4], ARGV[3]
if redis.call('EXISTS', KEYS[1]) == 1 then return {'OK'} end
local lease = redis.call('HMGET', KEYS[3], 'owner', 'fence')
if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then return {'FENCED'} end

-- The commit that assigns a follow-up clears who claimed it.
local f = redis.call('HMGET', KEYS[2], 'claimed', 'claimant', 'ready', 'deadline', 'status', 'retry')
if not f[2] or redis.call('SREM', KEYS[4], id) == 0 then return {'REFUSED'} end
redis.call('HDEL', KEYS[2], 'claimed', 'claimant')
if redis.call('HGET', KEYS[5], f[1]) == id then redis.call('HDEL', KEYS[5], f[1]) end
local agent = prefix .. 'agent:' .. f[2]
if redis.call('HGET', agent, 'reserved') == id then redis.call('HSET', agent, 'reserved', '', 'since', ARGV[5]) end
if f[5] == 'queued' then
  local later = tonumber(f[6] or '') or 0
  if later > tonumber(ARGV[5]) then -- documented meanwhile, to be tried again
    redis.call('ZADD', prefix .. 'retry', f[6], id)
  else
    redis.call('ZADD', prefix .. f[3], f[4], id)
  end
end
redis.call('XADD', KEYS[6], 'MAXLEN', '~', '10000', '*', 'agent', f[2], 'kind', 'agent')
redis.call('SET', KEYS[1], 'OK', 'EX', ARGV[6])
return {'OK'}
