-- Opens, finds and ends sessions. All times in ms.
--
-- KEYS[1] session:<id>  ARGV[1] open | look | end  ARGV[2] id
-- ARGV[3] prefix of a user's key  ARGV[4] prefix of a user's sessions
-- ARGV[5] prefix of a session's key
-- open: ARGV[6] user  ARGV[7] digest of the password  ARGV[8] opened  ARGV[9] until
--       ARGV[10] how many a user may have
-- look: ARGV[6] now  ARGV[7] idle  ARGV[8] touch, 0: never
--
-- Reply: {"OK", ...} | {"NOTFOUND"}; look: {"OK", user, opened, seen, until, then the
-- user's fields and values}
local function finish(user)
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', ARGV[4] .. user, ARGV[2])
end

if ARGV[1] == 'open' then
  local record = redis.call('HMGET', ARGV[3] .. ARGV[6], 'password', 'disabled')
  if not record[1] or record[1] ~= ARGV[7] or record[2] == '1' then return {'NOTFOUND'} end
  local mine = ARGV[4] .. ARGV[6]
  redis.call('HSET', KEYS[1], 'user', ARGV[6], 'opened', ARGV[8], 'seen', ARGV[8], 'until', ARGV[9])
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', ARGV[9] - ARGV[8]))
  redis.call('ZADD', mine, ARGV[8], ARGV[2])
  for _, id in ipairs(redis.call('ZRANGE', mine, 0, -1)) do -- those that ran out
    if redis.call('EXISTS', ARGV[5] .. id) == 0 then redis.call('ZREM', mine, id) end
  end
  for _, id in ipairs(redis.call('ZRANGE', mine, 0, -1 - ARGV[10])) do -- too many, the oldest first
    redis.call('DEL', ARGV[5] .. id)
    redis.call('ZREM', mine, id)
  end
  return {'OK'}
end

local session = redis.call('HMGET', KEYS[1], 'user', 'opened', 'seen', 'until')
local user = session[1]
if ARGV[1] == 'end' then
  if user then finish(user) end
  return {'OK'}
end
if not user then return {'NOTFOUND'} end
-- a user who was disabled or removed has no sessions: users.lua ended them in that write
local record = redis.call('HGETALL', ARGV[3] .. user)
local now, seen = tonumber(ARGV[6]), tonumber(session[3])
if #record == 0 or now >= tonumber(session[4]) or now >= seen + tonumber(ARGV[7]) then
  finish(user)
  return {'NOTFOUND'}
end
local touch = tonumber(ARGV[8])
if touch > 0 and now >= seen + touch then
  redis.call('HSET', KEYS[1], 'seen', ARGV[6])
  session[3] = ARGV[6]
end
local reply = {'OK', user, session[2], session[3], session[4]}
for _, text in ipairs(record) do reply[#reply + 1] = text end
return reply
