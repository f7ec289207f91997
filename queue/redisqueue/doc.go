// Package redisqueue keeps the ledger in Redis 7.0 or later, or Valkey.
//
// Go computes transitions, hashes and index changes; Redis commits. Every write
// is one Lua script (commit.lua, claim.lua, lease.lua, release.lua): activities,
// state and indexes change together or not at all. A mutation is sent under an
// operation id, so that repeating it after a lost reply does nothing twice: a
// commit leaves the id in the log beside its last activity, other scripts store
// their reply under it. The client's own retries are off.
//
// All keys of a site carry one hash tag, so that scripts work on a cluster:
//
//	{sambung:<site>}:f:<id>          hash: version, head, state, number, ready, deadline, retry
//	{…}:log:<id>                     stream: the activities, entry id <seq>-0
//	{…}:ready, ready:<agent>         sorted sets by deadline: claimable now
//	{…}:retry                        sorted set by time: claimable later
//	{…}:status:<status>, all         sorted sets by deadline
//	{…}:held:<switch>                set: claimed for, or carried by, a switch
//	{…}:numbers                      hash: number → follow-up that holds it
//	{…}:evidence:<switch>            set: the archive has work
//	{…}:open:<ticket>, ticket:…, phone:…, by-agent:…   sets: look-ups
//	{…}:sealed, sealed:<agent>       sorted sets by the time of the seal
//	{…}:reviews                      hash: follow-up → link and verdict
//	{…}:agents, agent:<id>           set and hashes
//	{…}:users, user:<name>           set and hashes
//	{…}:session:<digest>             hash, with an expiry; sessions:<name> sorted set by opening
//	{…}:attempts:<key>               hash, with an expiry: sign-ins that failed
//	{…}:switch:<name>                hash: owner, fence, expires
//	{…}:compared                     hash: switch → server process its calls were compared with
//	{…}:comebacks                    number: writes that were redone after a failover
//	{…}:epoch                        number: how far this ledger has come, see daemon/epoch
//	{…}:events                       stream, bounded: what changed, nothing personal
//	{…}:idem:<key>, op:<id>          idempotency keys and replies, with an expiry
//	{…}:intake, dead-letter          streams of other systems
package redisqueue
