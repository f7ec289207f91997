// Package failover holds tests of a ledger that is kept by a Redis under
// Sentinel: the master is killed in the middle of work, and what it acknowledged
// last is lost, because no replica had received it. Redis and the daemons are
// processes of their own; the telephones are the simulator's.
package failover
