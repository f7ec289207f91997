-- Keeps the verdict of a review unless a later one is kept.
--
-- KEYS[1] reviews   ARGV[1] id   ARGV[2] number of the link   ARGV[3] verdict
--
-- Reply: {"OK"}
local kept = redis.call('HGET', KEYS[1], ARGV[1])
local at = kept and tonumber(string.match(kept, '^(%d+) ')) or 0
if at <= tonumber(ARGV[2]) then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3]) end
return {'OK'}
