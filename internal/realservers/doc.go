// Package realservers starts real Redis, MinIO and Asterisk servers for tests.
//
// Every server is a child of the test process, with its own folders, listening
// on 127.0.0.1 only and on ports that no other test process holds, so any
// number of them may run at once. A server ends with its test, and also when the
// test process is killed. Nothing outside the server's own folders is
// changed.
//
// Servers come from the cache that scripts/install-test-servers fills. One that
// is missing skips the test, except under CI or SAMBUNG_REQUIRE_SERVERS=1,
// where it fails it: a run that tested nothing must not look green.
//
// The functions end the test through [testing.TB.Fatalf], so they must be
// called from the test's own goroutine, except for those that say otherwise.
// The package is for tests, and for Linux.
package realservers
