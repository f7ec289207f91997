package reconcile

import "fmt"

// Found is something in the world that the ledger may or may not know.
type Found string

// What is found. NoCall is the ledger holding a call of which there is nothing.
const (
	Call      Found = "channels or a bridge of an attempt"
	NoCall    Found = "nothing at the switch"
	Recording Found = "a recording at the switch"
	SpoolFile Found = "a recording in the spool"
)

// Standing is what the ledger says of the attempt that it belongs to.
type Standing string

// The standings of an attempt.
const (
	InHand     Standing = "in hand"    // under way, held at this switch
	Elsewhere  Standing = "elsewhere"  // of a follow-up that is in hand at another switch
	Claimed    Standing = "claimed"    // reserved, and never assigned
	Over       Standing = "over"       // settled
	Due        Standing = "due"        // settled, and its recording is to be archived
	Archived   Standing = "archived"   // its recording is in the archive, verified
	Alarmed    Standing = "alarmed"    // there is an alarm about its recording
	Undialled  Standing = "undialled"  // settled, and its taxpayer was never dialled
	Unrecorded Standing = "unrecorded" // its taxpayer was dialled, and the ledger knows of no recording
	Unknown    Standing = "unknown"    // the ledger has no such follow-up, or nothing of such an attempt
)

// Decision is what becomes of a difference.
type Decision string

// The decisions.
const (
	Adopt   Decision = "adopt"               // it is carried on from where it stands
	File    Decision = "file as interrupted" // its attempt ends as what was observed of it
	Release Decision = "release"             // follow-up, agent and number are free again
	End     Decision = "end"                 // it is taken down
	Remove  Decision = "remove"
	Keep    Decision = "keep"
	Alarm   Decision = "alarm" // kept, logged and counted, for people to look at
)

// Row is one line of the table.
type Row struct {
	Found    Found
	Standing Standing
	Decision Decision
	Why      string
}

var table = []Row{
	{Call, InHand, Adopt, "it goes on at the switch: talks, ringing and wrap-up are carried on; what was not dialled yet is taken down"},
	{Call, Elsewhere, End, "an attempt lives at one switch; what is left here was given up"},
	{Call, Claimed, End, "nothing was announced, so nothing may ring"},
	{Call, Over, End, "a late order of an earlier owner; nobody has it in hand"},
	{Call, Unknown, End, "the switch is Sambung's alone, and this ledger never announced it"},

	{NoCall, InHand, File, "`unknown` if the taxpayer was dialled, `answered` as long as the tracks last if they talked, else `interrupted`; never dialled again as the same attempt"},
	{NoCall, Elsewhere, Keep, "its own switch's owner has it"},
	{NoCall, Claimed, Release, "a claim of which only the reply was lost"},

	{Recording, InHand, Keep, "it is being written, or its call is about to be settled"},
	{Recording, Elsewhere, Keep, "its call is about to be settled"},
	{Recording, Due, Adopt, "the archivist fetches it"},
	{Recording, Archived, Remove, "the copy in the archive was read back and compared"},
	{Recording, Alarmed, Keep, "it may be all there is"},
	{Recording, Undialled, Remove, "the agent was alone on the line: there was no conversation"},
	{Recording, Unrecorded, Alarm, "somebody may have talked, and no history says so"},
	{Recording, Unknown, Alarm, "evidence is not thrown away, whoever's it is"},

	{SpoolFile, InHand, Keep, "its call is about to be settled"},
	{SpoolFile, Elsewhere, Keep, "its call is about to be settled"},
	{SpoolFile, Due, Adopt, "the archivist goes on with it, here or elsewhere"},
	{SpoolFile, Archived, Remove, "another daemon archived it from the same tracks"},
	{SpoolFile, Alarmed, Keep, "it may be all there is"},
	{SpoolFile, Undialled, Alarm, "nothing should have been fetched"},
	{SpoolFile, Unrecorded, Alarm, "somebody may have talked, and no history says so"},
	{SpoolFile, Unknown, Alarm, "evidence is not thrown away, whoever's it is"},
}

// Table is the whole of it.
func Table() []Row { return append([]Row(nil), table...) }

// Decide says what becomes of a difference. One that the table does not have is
// an alarm: nothing is thrown away for want of a rule.
func Decide(f Found, s Standing) Decision {
	for _, r := range table {
		if r.Found == f && r.Standing == s {
			return r.Decision
		}
	}
	return Alarm
}

// String describes a difference, for logs.
func (r Row) String() string { return fmt.Sprintf("%s, %s: %s", r.Found, r.Standing, r.Decision) }
