// Package soak runs an office on real servers for minutes, with two switches,
// agents on both, and two daemons that are killed, stopped and cut off at random
// moments, together with the ledger, the archive, the switches and the disk
// under them. Afterwards the shared checker compares what ledger, carrier and
// archive say, and nothing may be left anywhere.
//
// Everything that is drawn comes from one seed, which is told: what each
// taxpayer and agent does by number and attempt, and which harm is done when.
// The same seed plans the same harms; real servers run by clocks of their own,
// so two runs of a plan are alike, not equal.
package soak
