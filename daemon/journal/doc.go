// Package journal keeps what was seen of calls on the local disk while the
// ledger does not take it: an observation is neither waited for by a call nor
// lost with the process.
//
// A record is on the disk when Keep returns (one line, synced), and stays until
// Told says that the ledger has it. What an earlier run left is there again
// after Open, in its order. One file of lines, each with a checksum; a last line
// that is cut off was never acknowledged and is passed over, and so is, with a
// count, any other that is damaged. The file is emptied whenever nothing is left.
//
// The records hold no personal data: they are events of calls.
package journal
