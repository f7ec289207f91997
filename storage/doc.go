// Package storage is the contract of the archive: immutable objects, each with
// its own SHA-256, and the manifest that seals a follow-up's dossier.
//
// An object is written once, under a key that carries no personal data, with a
// known size and a condition that it does not exist; afterwards it is read back
// and its hash compared before anyone relies on it. Writing the same bytes
// again under the same key succeeds; other bytes are refused with ErrConflict.
package storage
