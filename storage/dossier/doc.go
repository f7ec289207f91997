// Package dossier seals the evidence of one follow-up: its manifest names every
// object with its hash, and is itself known by its hash. With the manifest and
// the archive alone, without any ledger, [Verify] finds a byte that changed or
// an object that is gone.
//
// The activity history lies in the archive as JSON lines, in parts. Each line
// is one activity, opaque but for its number ("seq") and its hash ("hash"),
// which covers that of the activity before ("prev"). All parts together are one
// unbroken chain from activity 1 to the head that the manifest names.
//
// A manifest is written in one form only: these fields in this order, indented
// by two spaces, times in UTC with whole milliseconds, one line feed at its end.
// What is not in this form is not decoded, so that equal manifests have equal
// hashes.
package dossier
