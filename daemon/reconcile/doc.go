// Package reconcile says what becomes of every difference between the ledger and
// the world: channels and bridges, recordings at a switch, files in a spool. One
// table decides, after every gap (a start, a take-over, a reconnection, an order
// whose reply was lost) and at intervals. docs/reconciliation.md is that table.
//
// Dispatching settles calls by it, see daemon/dispatch; the sweepers here settle
// recordings and files.
package reconcile
