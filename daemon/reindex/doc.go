// Package reindex brings back into the ledger what the archive knows and the
// ledger has lost: a Redis that came up empty, or with an old backup.
//
// A history that was shipped is imported as it was written, by the commit of
// every other write, so that state and indexes come of it as they always do: a
// sealed dossier is a sealed follow-up again, one that was shipped after an
// attempt stands where that attempt was settled. Nothing in the archive is
// changed, and nothing in the ledger is undone: what goes another way there is
// named, and handed to people.
//
// What came after the last shipping the archive cannot know, with one
// exception: a recording is archived before its history is shipped. An attempt
// of which there is nothing but that counts as made (attempt_presumed). What is
// still at a switch is settled by the daemon that owns it, before it dials.
//
// The mark of the ledger's epoch is raised last: until then no daemon dials. A
// run that was cut off is repeated.
//
// Daemons do the same by themselves for what was archived lately, when another
// server keeps the ledger than before, see [Job.Recent].
package reindex
