// Package soak runs an office on real servers for minutes, with two switches,
// agents on both, and two daemons that are killed, stopped and cut off at random
// moments, together with the ledger, the archive, the switches and the disks
// under them. Afterwards the shared checker compares what ledger, carrier and
// archive say, and nothing may be left anywhere.
//
// The ledger is kept under Sentinel. When it fails over, the replicas may lack what
// the master acknowledged last, and a daemon that knew it may die: what can be lost
// then is in the operator's guide, and what cannot is compared as ever. There is an
// operator, too, who does what the guide asks for: where the mark of an epoch was
// lost, all daemons are stopped, and the ledger is reindexed.
//
// Everything that is drawn comes from one seed, which is told: what each
// taxpayer and agent does by number and attempt, and which harm is done when.
// The same seed plans the same harms; real servers run by clocks of their own,
// so two runs of a plan are alike, not equal.
package soak
