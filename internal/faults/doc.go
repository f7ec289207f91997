// Package faults proves that nothing is lost and nobody is rung twice when
// things break, by thousands of schedules of faults: an operation on the
// ledger, the switch or the archive is named by what it does and the how many
// time it is, and its request is lost, its reply is lost, the server refuses it,
// it comes late, the server is away from then on for a while, or the daemon is cut off from
// everything, before it or after, and wakes when a standby has taken over. So
// every operation meets the grid of "done or not, seen or not".
//
// Each schedule runs the daemon as it is, over the stand-ins in the process,
// through one follow-up with real telephone times, and ends with the checker
// that compares ledger, telephones and archive. One that fails is written into
// the folder failed, and
//
//	go test ./internal/faults -run TestSchedule -schedule "<as it is written there>"
//
// runs it again; scripts/faults replay runs all of them.
package faults
