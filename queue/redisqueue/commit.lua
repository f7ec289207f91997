-- Commits one change to one follow-up: activities, state and indexes, or nothing.
--
-- KEYS[1] f:<id>           hash
-- KEYS[2] log:<id>         stream of activities; the last one of a change names its operation
-- KEYS[3] switch:<name>    lease hash (any key when no lease is named)
-- KEYS[4] events           stream
-- KEYS[5] idem:<key>       idempotency key (any key when none is named)
-- KEYS[6] open:<ticket>    set
-- KEYS[7] numbers          hash
-- KEYS[8] agent:<agent>    hash of who is assigned by this change (any key when nobody is)
-- KEYS[9...]               one for each index change
--
-- ARGV[1] operation        ARGV[2] id of the follow-up
-- ARGV[3] version and ARGV[4] head that the follow-up is at
-- ARGV[5] owner            ARGV[6] fence of the lease; empty: none is named
-- ARGV[7] number           ARGV[8] agent who is assigned by this change; empty: nobody is
-- ARGV[9] 1 when the ticket must have no other open follow-up
-- ARGV[10] fingerprint     ARGV[11] seconds that an idempotency key is kept; empty: none is named
-- ARGV[12] activities      ARGV[13] texts of fields  ARGV[14] texts of the event: how many there are
-- ARGV[15] index changes that are left to do when a claim has reserved the follow-up
-- ARGV[16...] the activities, the fields of the hash, those of the event, and the
--          index changes, each with what it needs beyond key and id:
--          ZADD score | ZREM | SADD | SREM | HOLD field | DROP field | FREE since
--          | PRESENCE presence, reason, since | INCR, of the key alone
-- The texts are apart and not one JSON, because decoding it here would cost most of all.
--
-- Reply: {"OK"} | {"CONFLICT"} | {"FENCED"} | {"TAKEN", id} | {"KEY", id, fingerprint}
--        | {"HELD"} when agent or number are another follow-up's, or what was
--        claimed is another number or for another agent
local id, activities = ARGV[2], tonumber(ARGV[12])
local at = redis.call('HMGET', KEYS[1], 'version', 'head', 'claimed', 'claimant')
local moved = (at[1] or '0') ~= ARGV[3] or (at[2] or '') ~= ARGV[4]
if moved then
  -- perhaps by this very change, whose reply was lost
  local last = (tonumber(ARGV[3]) + activities) .. '-0'
  local entry = redis.call('XRANGE', KEYS[2], last, last)[1]
  if entry and entry[2][4] == ARGV[1] then return {'OK'} end
end
if ARGV[11] ~= '' then
  local first = redis.call('HMGET', KEYS[5], 'id', 'fingerprint')
  if first[1] then return {'KEY', first[1], first[2] or ''} end
end
if ARGV[6] ~= '' then
  local lease = redis.call('HMGET', KEYS[3], 'owner', 'fence')
  if lease[1] ~= ARGV[5] or lease[2] ~= ARGV[6] then return {'FENCED'} end
end
if moved then return {'CONFLICT'} end
if ARGV[9] == '1' then
  local other = redis.call('SRANDMEMBER', KEYS[6])
  if other then return {'TAKEN', other} end
end
local changes = #KEYS - 8
if ARGV[8] ~= '' then
  if at[4] then
    if at[3] ~= ARGV[7] or at[4] ~= ARGV[8] then return {'HELD'} end
    changes = tonumber(ARGV[15])
    redis.call('HDEL', KEYS[1], 'claimed', 'claimant')
  else
    local number, agent = redis.call('HGET', KEYS[7], ARGV[7]), redis.call('HGET', KEYS[8], 'reserved')
    if number and number ~= id or agent and agent ~= '' and agent ~= id then return {'HELD'} end
  end
end

local i = 16
for n = 1, activities do
  local key, entry = KEYS[2], (tonumber(ARGV[3]) + n) .. '-0'
  if n < activities then redis.call('XADD', key, entry, 'a', ARGV[i])
  else redis.call('XADD', key, entry, 'a', ARGV[i], 'o', ARGV[1]) end
  i = i + 1
end
local fields, event = i, i + ARGV[13]
i = event + ARGV[14]
redis.call('HSET', KEYS[1], unpack(ARGV, fields, event - 1))
redis.call('XADD', KEYS[4], 'MAXLEN', '~', '10000', '*', unpack(ARGV, event, i - 1))
for k = 9, 8 + changes do
  local command, key = ARGV[i], KEYS[k]
  if command == 'ZADD' then
    redis.call('ZADD', key, ARGV[i + 1], id)
    i = i + 2
  elseif command == 'HOLD' then
    redis.call('HSET', key, ARGV[i + 1], id)
    i = i + 2
  elseif command == 'DROP' then
    if redis.call('HGET', key, ARGV[i + 1]) == id then redis.call('HDEL', key, ARGV[i + 1]) end
    i = i + 2
  elseif command == 'FREE' then
    -- frees an agent if this follow-up holds him or her
    if redis.call('HGET', key, 'reserved') == id then redis.call('HSET', key, 'reserved', '', 'since', ARGV[i + 1]) end
    i = i + 2
  elseif command == 'PRESENCE' then
    if redis.call('EXISTS', key) == 1 then
      redis.call('HSET', key, 'presence', ARGV[i + 1], 'pause_reason', ARGV[i + 2], 'since', ARGV[i + 3])
    end
    i = i + 4
  elseif command == 'INCR' then
    redis.call('INCR', key)
    i = i + 1
  else
    redis.call(command, key, id)
    i = i + 1
  end
end
if ARGV[11] ~= '' then
  redis.call('HSET', KEYS[5], 'id', id, 'fingerprint', ARGV[10])
  redis.call('EXPIRE', KEYS[5], ARGV[11])
end
return {'OK'}
