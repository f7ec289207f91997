// Package capacity measures what a follow-up costs the ledger, and holds what the
// operator's guide says against it.
package capacity
