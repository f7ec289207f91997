-- Commits one change to one follow-up: activities, state and indexes, or nothing.
--
-- KEYS[1] op:<id>          reply of this operation, if it was done already
-- KEYS[2] f:<follow-up>    hash
-- KEYS[3] log:<follow-up>  stream of activities
-- KEYS[4] switch:<name>    lease hash (any key when no lease is named)
-- KEYS[5] events           stream
-- KEYS[6] idem:<key>       idempotency key (any key when none is named)
-- KEYS[7...]               keys of the index changes, named by number below
--
-- ARGV[1] JSON: expect (version) and head (hash) that the follow-up is at, leased (whether owner and fence must match),
--         fields (flat list for the follow-up's hash, but for its state),
--         changes (list of {command, key number, arguments...}),
--         absent (key number of a set that must be empty; 0: none),
--         id and number of the follow-up, holds (list of {key number, field}
--         that must be free or this follow-up's; empty: it is not assigned now),
--         idem (flat list for the idempotency hash; empty: none),
--         event (flat list), keep (seconds a reply is kept), idem_keep (seconds)
-- ARGV[2] the follow-up's state, and ARGV[3...] the activities: texts in JSON,
--         apart from the rest because decoding them here would cost most of all
--
-- Reply: {"OK"} | {"CONFLICT"} | {"FENCED"} | {"TAKEN", id} | {"KEY", id, fingerprint}
--        | {"HELD"} when agent or number are another follow-up's, or the number
--        is not the one that was claimed
local done = redis.call('GET', KEYS[1])
if done then return {done} end

local c = cjson.decode(ARGV[1])

if #c.idem > 0 then
  local first = redis.call('HMGET', KEYS[6], 'id', 'fingerprint')
  if first[1] then return {'KEY', first[1], first[2] or ''} end
end
if c.leased then
  local lease = redis.call('HMGET', KEYS[4], 'owner', 'fence')
  if lease[1] ~= c.owner or lease[2] ~= c.fence then return {'FENCED'} end
end
local at = redis.call('HMGET', KEYS[2], 'version', 'head')
if (at[1] or '0') ~= c.expect or (at[2] or '') ~= c.head then return {'CONFLICT'} end
if c.absent > 0 then
  local other = redis.call('SRANDMEMBER', KEYS[c.absent])
  if other then return {'TAKEN', other} end
end
if #c.holds > 0 then
  local claimed = redis.call('HGET', KEYS[2], 'claimed')
  if claimed and claimed ~= c.number then return {'HELD'} end
  for _, hold in ipairs(c.holds) do
    local holder = redis.call('HGET', KEYS[hold[1]], hold[2])
    if holder and holder ~= '' and holder ~= c.id then return {'HELD'} end
  end
  redis.call('HDEL', KEYS[2], 'claimed', 'claimant')
end

for i = 3, #ARGV do
  redis.call('XADD', KEYS[3], (tonumber(c.expect) + i - 2) .. '-0', 'a', ARGV[i])
end
redis.call('HSET', KEYS[2], 'state', ARGV[2], unpack(c.fields))
for _, change in ipairs(c.changes) do
  local command, key = change[1], KEYS[change[2]]
  if command == 'FREE' then
    -- frees an agent if this follow-up holds him or her
    if redis.call('HGET', key, 'reserved') == change[3] then
      redis.call('HSET', key, 'reserved', '', 'since', change[4])
    end
  elseif command == 'PRESENCE' then
    if redis.call('EXISTS', key) == 1 then
      redis.call('HSET', key, 'presence', change[3], 'pause_reason', change[4], 'since', change[5])
    end
  elseif command == 'HDELIF' then
    if redis.call('HGET', key, change[3]) == change[4] then redis.call('HDEL', key, change[3]) end
  else
    redis.call(command, key, unpack(change, 3))
  end
end
if #c.idem > 0 then
  redis.call('HSET', KEYS[6], unpack(c.idem))
  redis.call('EXPIRE', KEYS[6], c.idem_keep)
end
redis.call('XADD', KEYS[5], 'MAXLEN', '~', '10000', '*', unpack(c.event))
redis.call('SET', KEYS[1], 'OK', 'EX', c.keep)
return {'OK'}
