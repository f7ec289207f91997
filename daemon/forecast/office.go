package forecast

import (
	"time"

	"sambung/queue"
)

// Office is what a forecast begins with.
type Office struct {
	Now    time.Time
	Agents []queue.Agent
	// Open are the follow-ups that have not ended: those that wait and those in
	// an agent's hands.
	Open []queue.State
	// Seen are attempts that were settled lately.
	Seen []Attempt
	// TrunkDown says since when nothing can be dialled; zero if it can.
	TrunkDown time.Time
	Policy    queue.Policy
	Calendar  queue.WorkingTime
}

// Why a follow-up is foretold to be late.
const (
	WhyOverdue       = "overdue"        // it is late already
	WhyNotAssigned   = "not_assigned"   // no agent is named, and one must be
	WhyHandedBack    = "handed_back"    // it waits for the supervisor
	WhyNobodyReady   = "nobody_ready"   // no agent is ready
	WhyAgentAway     = "agent_away"     // the designated agent is not ready
	WhyAgentBusy     = "agent_busy"     // the designated agent has other work until then
	WhyQueue         = "queue"          // others with earlier deadlines come first
	WhyLongCall      = "long_call"      // its call will not be done in time
	WhyNotReached    = "not_reached"    // the taxpayer is hard to reach
	WhyTrunk         = "trunk"          // nothing can be dialled
	WhyNotDocumented = "not_documented" // held without the system, and not yet filed
)

// Prediction is what is foretold of one follow-up.
type Prediction struct {
	WillMiss bool
	// Chance is the part of the plays in which it was late.
	Chance float64
	// ExpectedAt is when it is done in the middlemost play; zero if it was done
	// in fewer than half of them.
	ExpectedAt time.Time
	// Cause is one of the causes of a missed deadline, as reports have them, and
	// Why one of the above; both are empty where Chance is below a half.
	Cause, Why string
}
