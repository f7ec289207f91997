// Package storage is the contract of the archive: immutable objects, each with
// its own SHA-256, and the keys they lie under.
//
// An object is written once, under a key that carries no personal data, with a
// known size and a condition that it does not exist; afterwards it is read back
// and its hash compared before anyone relies on it. Writing the same bytes
// again under the same key succeeds; other bytes are refused with ErrConflict.
// So every step of archiving may be repeated, by any daemon, at any time.
//
// The layout, with the office day of the follow-up in every path:
//
//	recordings/2026/11/23/<id>/<attempt>.wav
//	history/2026/11/23/<id>/<last activity>.jsonl
//	manifests/2026/11/23/<id>.json
//	pointers/tickets/<ticket, escaped>/<id>.json
//	pointers/agents/<agent, escaped>/2026/11/23/<id>.json
//	pointers/days/2026/11/23/<id>.json
//	epoch/<number>
//	probe/…
//
// Package s3 keeps the archive on a server; spool holds what is on its way
// there; recording makes and judges the audio; dossier makes and verifies the
// manifest; storagetest has the suite that every Archive passes.
package storage
