-- The bare claim: the earliest deadline goes to whoever asks.
-- KEYS ready, held, events; ARGV key prefix, agent, text of an activity
local next = redis.call('ZPOPMIN', KEYS[1])
if #next == 0 then return '' end
local id = next[1]
redis.call('HSET', ARGV[1] .. 'f:' .. id, 'status', 'assigned', 'agent', ARGV[2])
redis.call('SADD', KEYS[2], id)
redis.call('XADD', ARGV[1] .. 'log:' .. id, '*', 'a', ARGV[3])
redis.call('XADD', KEYS[3], 'MAXLEN', '~', '10000', '*', 'id', id, 'status', 'assigned')
return id
