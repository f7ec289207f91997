// Package spool keeps files that are on their way into the archive on a local
// disk, in one flat directory that one process owns.
//
// A file is written under a temporary name, synced, renamed, and the directory
// synced, in this order: whatever bears its final name is whole, after a crash
// and after a power cut. What an earlier run left half-written is discarded
// when the spool is opened; what it left whole is listed, for its owner to
// archive or remove. A file that comes back after a power cut although it was
// removed is harmless: archiving it again finds it archived.
//
// The bytes in the directory are bounded: a write above the limit fails with
// ErrFull, and so does one that the disk has no room for. Files are readable by
// their owner alone, because they hold conversations.
package spool
