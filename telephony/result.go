package telephony

import "time"

// Status is what the telephone says about a call.
type Status string

// The statuses. A SIP status code (ARI: tech_cause) decides first, the ITU-T
// Q.850 cause second: a 403 of the trunk is not a taxpayer's refusal.
const (
	Answered      Status = "answered"
	Busy          Status = "busy"           // 486, 600
	NoAnswer      Status = "no_answer"      // rang out, 408, 487 after our own time-out
	Rejected      Status = "rejected"       // 603, 607
	Unreachable   Status = "unreachable"    // 480, 410 ...
	InvalidNumber Status = "invalid_number" // 404, 484, 604
	AgentNoAnswer Status = "agent_no_answer"
	TrunkFailure  Status = "trunk_failure" // 403, 401, 407, 5xx of the trunk, or no trunk
	Interrupted   Status = "interrupted"   // a fault of ours, or the agent, ended it before the answer
	Unknown       Status = "unknown"       // the taxpayer may or may not have been rung
)

// Result is the end of a call: there is one way to end, and it carries all of it.
type Result struct {
	Status  Status
	SIPCode int    // of the failed leg; 0 when none was told
	Cause   int    // ITU-T Q.850; 0 when none was told
	EndedBy Party  // who hung up, after an answer
	Reason  string // for people, without personal data

	AnsweredAt time.Time // of the taxpayer; zero if not answered
	EndedAt    time.Time
	Tracks     *Tracks // nil if nothing was recorded
}

// Talk is the time from the taxpayer's answer to the hang-up.
func (r Result) Talk() time.Duration {
	if r.AnsweredAt.IsZero() {
		return 0
	}
	return r.EndedAt.Sub(r.AnsweredAt)
}

// Party is one side of a call.
type Party string

// The parties; PartySystem is us.
const (
	PartyAgent    Party = "agent"
	PartyTaxpayer Party = "taxpayer"
	PartySystem   Party = "system"
)
