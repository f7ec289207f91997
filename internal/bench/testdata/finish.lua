-- The bare finish.
-- KEYS f:<id>, log:<id>, held, events; ARGV id, text of an activity
redis.call('HSET', KEYS[1], 'status', 'done')
redis.call('SREM', KEYS[3], ARGV[1])
redis.call('XADD', KEYS[2], '*', 'a', ARGV[2])
redis.call('XADD', KEYS[2], '*', 'a', ARGV[2])
redis.call('XADD', KEYS[4], 'MAXLEN', '~', '10000', '*', 'id', ARGV[1], 'status', 'done')
return 1
