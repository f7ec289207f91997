-- Lists the records of all agents, or users, at once; changes nothing.
--
-- KEYS[1] agents   ARGV[1] prefix of an agent's key
--
-- Reply: a list of {id, field, value, field, value, ...}
local all = {}
for _, id in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local record = redis.call('HGETALL', ARGV[1] .. id)
  if #record > 0 then
    table.insert(record, 1, id)
    all[#all + 1] = record
  end
end
return all
