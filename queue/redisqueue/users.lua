-- Changes a user's record. Repeating it does no harm.
--
-- KEYS[1] user:<name>  KEYS[2] users  KEYS[3] sessions:<name>
-- ARGV[1] put | password | remove  ARGV[2] name  ARGV[3] prefix of a session's key
-- put: ARGV[4] digest of the password, or empty; then field, value, ...
-- password: ARGV[4] old digest  ARGV[5] new one  ARGV[6] now, ms
--           ARGV[7] 1: end the sessions but one  ARGV[8] that one
--
-- Reply: {"OK"} | {"NOTFOUND"} | {"NOPASSWORD"}
local function endSessions(except)
  for _, id in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
    if id ~= except then
      redis.call('DEL', ARGV[3] .. id)
      redis.call('ZREM', KEYS[3], id)
    end
  end
end

local password = redis.call('HGET', KEYS[1], 'password')
if ARGV[1] == 'put' then
  if ARGV[4] == '' and not password then return {'NOPASSWORD'} end
  local ends = ARGV[4] ~= '' and ARGV[4] ~= password
  if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'password', ARGV[4]) end
  for i = 5, #ARGV, 2 do
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
    if ARGV[i] == 'disabled' and ARGV[i + 1] == '1' then ends = true end
  end
  redis.call('SADD', KEYS[2], ARGV[2])
  if ends then endSessions('') end
  return {'OK'}
end
if not password then return {'NOTFOUND'} end
if ARGV[1] == 'password' then
  if password == ARGV[5] then return {'OK'} end -- repeated
  if password ~= ARGV[4] then return {'NOTFOUND'} end
  redis.call('HSET', KEYS[1], 'password', ARGV[5])
  if ARGV[7] == '1' then
    redis.call('HSET', KEYS[1], 'changed', ARGV[6])
    endSessions(ARGV[8])
  end
  return {'OK'}
end
endSessions('')
redis.call('DEL', KEYS[1], KEYS[3])
redis.call('SREM', KEYS[2], ARGV[2])
return {'OK'}
