-- Reserves, in one step, the follow-up with the earliest deadline that an agent
-- may take now, the agent, and the taxpayer's number. An agent who has a
-- reservation that never came to an assignment is given that one again, which
-- makes it harmless to ask again when a reply was lost.
--
-- Besides KEYS it uses f:<id> of what waits, and the queues they name; all of
-- them have the site's hash tag.
--
-- KEYS[1] switch:<name>   KEYS[2] agent:<agent>  KEYS[3] ready
-- KEYS[4] ready:<agent>   KEYS[5] retry          KEYS[6] numbers
-- KEYS[7] held:<switch>  KEYS[8] comebacks
-- ARGV[1] owner  ARGV[2] fence  ARGV[3] now, ms  ARGV[4] key prefix
-- ARGV[5] switch  ARGV[6] agent
-- ARGV[7] what KEYS[8] was when the switches were compared; empty: does not matter
--
-- Reply: {"OK", id, state} | {"NONE"} | {"FENCED"} | {"BUSY"}
--        | {"UNSETTLED"} when something came back since
local prefix = ARGV[4]
local lease = redis.call('HMGET', KEYS[1], 'owner', 'fence', 'expires')
local t = redis.call('TIME')
local server = t[1] * 1000 + math.floor(t[2] / 1000)
if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] or tonumber(lease[3] or '0') <= server then return {'FENCED'} end
if ARGV[7] ~= '' and (redis.call('GET', KEYS[8]) or '0') ~= ARGV[7] then return {'UNSETTLED'} end

local agent = redis.call('HMGET', KEYS[2], 'presence', 'reserved', 'switch')
if agent[1] ~= 'ready' or agent[3] ~= ARGV[5] then return {'BUSY'} end
local left = agent[2] or ''
if left ~= '' then
  local f = redis.call('HMGET', prefix .. 'f:' .. left, 'claimant', 'state')
  if f[1] ~= ARGV[6] or redis.call('SISMEMBER', KEYS[7], left) == 0 then return {'BUSY'} end
  return {'OK', left, f[2] or ''}
end

-- What was to be tried again later, and is due, becomes claimable.
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', ARGV[3], 'LIMIT', 0, 5000)) do
  local f = redis.call('HMGET', prefix .. 'f:' .. id, 'ready', 'deadline')
  redis.call('ZREM', KEYS[5], id)
  if f[1] then redis.call('ZADD', prefix .. f[1], f[2], id) end
end

-- The two queues are read side by side, page by page, in the order of
-- (deadline, id), past follow-ups whose number is in another call. Most often
-- the first one will do: a page holds two, and the next ones more.
local queues = {{key = KEYS[3], at = 0, page = 2, list = {}, i = 1}, {key = KEYS[4], at = 0, page = 2, list = {}, i = 1}}
local function head(q)
  if q.i > #q.list then
    q.list = redis.call('ZRANGE', q.key, q.at, q.at + q.page - 1, 'WITHSCORES')
    q.at, q.page, q.i = q.at + q.page, math.min(4 * q.page, 128), 1
  end
  if #q.list == 0 then return nil end
  return q.list[q.i], tonumber(q.list[q.i + 1])
end
for _ = 1, 5000 do
  local a, as = head(queues[1])
  local b, bs = head(queues[2])
  local q, id
  if a and (not b or as < bs or (as == bs and a < b)) then q, id = queues[1], a
  elseif b then q, id = queues[2], b
  else return {'NONE'} end
  local key = prefix .. 'f:' .. id
  local f = redis.call('HMGET', key, 'number', 'state')
  if f[1] and redis.call('HSETNX', KEYS[6], f[1], id) == 1 then
    redis.call('ZREM', q.key, id)
    redis.call('SADD', KEYS[7], id)
    redis.call('HSET', KEYS[2], 'reserved', id)
    redis.call('HSET', key, 'claimed', f[1], 'claimant', ARGV[6])
    return {'OK', id, f[2] or ''}
  end
  q.i = q.i + 2
end
return {'NONE'}
