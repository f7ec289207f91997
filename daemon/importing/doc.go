// Package importing reads files of follow-ups: CSV with commas or semicolons, as
// spreadsheets write it, and JSON lines.
//
// A file is read row by row and never held whole. [Check] judges every row by
// the rules of the intake before anything is sent, and tells every fault by
// line, column, reason and remedy, without repeating what stands there: it is
// personal data. [Send] then enqueues the good rows, a few at a time. Each row
// has an idempotency key made of its content, so that a file that is sent again,
// whole or after an interruption, adds nothing twice.
package importing
