package queue

// Result is what the telephone says about one attempt.
type Result string

// The results of an attempt. Only ResultAnswered means that people spoke.
const (
	ResultAnswered      Result = "answered"
	ResultBusy          Result = "busy"
	ResultNoAnswer      Result = "no_answer"
	ResultRejected      Result = "rejected"
	ResultUnreachable   Result = "unreachable"
	ResultInvalidNumber Result = "invalid_number"
	ResultAgentNoAnswer Result = "agent_no_answer"
	ResultTrunkFailure  Result = "trunk_failure"
	ResultInterrupted   Result = "interrupted" // a fault of ours ended it
	ResultUnknown       Result = "unknown"     // the taxpayer may or may not have been rung
)

// Outcome is what the agent confirms about a conversation.
type Outcome string

// The outcomes, each with the key that confirms it on a telephone.
const (
	OutcomeDelivered           Outcome = "delivered"
	OutcomeCallback            Outcome = "callback"
	OutcomeWrongPerson         Outcome = "wrong_person"
	OutcomeRefused             Outcome = "refused"
	OutcomeNeedsEscalation     Outcome = "needs_escalation"
	OutcomeCutOff              Outcome = "cut_off"
	OutcomeVoicemail           Outcome = "voicemail"
	OutcomeIdentityUnconfirmed Outcome = "identity_unconfirmed"
	// OutcomeUnconfirmed stands where nobody confirmed in time; it can be corrected.
	OutcomeUnconfirmed Outcome = "unconfirmed"
)

// Next is what becomes of a follow-up after an attempt.
type Next string

// The three ways on.
const (
	NextClose    Next = "close"
	NextRetry    Next = "retry"
	NextHandBack Next = "hand_back" // to the supervisor, with the evidence
)

// Pace says how soon another attempt comes.
type Pace string

// The paces; Policy turns them into times.
const (
	PaceNone     Pace = ""            // no other attempt
	PaceAtOnce   Pace = "at_once"     // the fault was ours, not the taxpayer's
	PaceSoon     Pace = "soon"        // within minutes
	PaceSpread   Pace = "spread"      // over what is left of the hour
	PaceCallback Pace = "at_callback" // when the taxpayer asked for it
)

// Rule is one line of the table that says what comes next.
type Rule struct {
	Result  Result
	Outcome Outcome // only for ResultAnswered
	Key     string  // telephone key that confirms Outcome; empty if none does
	Next    Next
	Pace    Pace
	// Counts says whether this uses up one of the attempts at the taxpayer. An
	// attempt that ended before the taxpayer was dialled never does, see Settle.
	Counts bool
	// CountsBesideOthers says that this uses one up where the trunk has carried calls to
	// other numbers since the last time that it failed this one: it is the number that
	// fails, not the trunk.
	CountsBesideOthers bool
	// PauseAgent takes the agent out of service until he or she is back.
	PauseAgent bool
	// HoldTrunk asks for a pause of all dialling over the trunk.
	HoldTrunk bool
	Label     string // Indonesian
}

var rules = []Rule{
	{Result: ResultAnswered, Outcome: OutcomeDelivered, Key: "1", Next: NextClose, Counts: true, Label: "tersampaikan"},
	{Result: ResultAnswered, Outcome: OutcomeCallback, Key: "2", Next: NextRetry, Pace: PaceCallback, Counts: true, Label: "minta dihubungi kembali"},
	{Result: ResultAnswered, Outcome: OutcomeWrongPerson, Key: "3", Next: NextHandBack, Counts: true, Label: "salah orang"},
	{Result: ResultAnswered, Outcome: OutcomeRefused, Key: "4", Next: NextClose, Counts: true, Label: "menolak"},
	{Result: ResultAnswered, Outcome: OutcomeNeedsEscalation, Key: "5", Next: NextClose, Counts: true, Label: "perlu eskalasi"},
	{Result: ResultAnswered, Outcome: OutcomeCutOff, Key: "6", Next: NextRetry, Pace: PaceSoon, Counts: true, Label: "terputus"},
	{Result: ResultAnswered, Outcome: OutcomeVoicemail, Key: "7", Next: NextRetry, Pace: PaceSpread, Counts: true, Label: "kotak suara"},
	{Result: ResultAnswered, Outcome: OutcomeIdentityUnconfirmed, Key: "8", Next: NextHandBack, Counts: true, Label: "identitas tidak terkonfirmasi"},
	{Result: ResultAnswered, Outcome: OutcomeUnconfirmed, Next: NextHandBack, Counts: true, Label: "hasil belum dikonfirmasi"},
	{Result: ResultBusy, Next: NextRetry, Pace: PaceSoon, Counts: true, Label: "sibuk"},
	{Result: ResultNoAnswer, Next: NextRetry, Pace: PaceSpread, Counts: true, Label: "tidak diangkat"},
	{Result: ResultRejected, Next: NextRetry, Pace: PaceSpread, Counts: true, Label: "panggilan ditolak"},
	{Result: ResultUnreachable, Next: NextRetry, Pace: PaceSpread, Counts: true, Label: "tidak terjangkau"},
	{Result: ResultInvalidNumber, Next: NextHandBack, Counts: true, Label: "nomor tidak valid"},
	{Result: ResultAgentNoAnswer, Next: NextRetry, Pace: PaceAtOnce, PauseAgent: true, Label: "agen tidak menjawab"},
	{Result: ResultTrunkFailure, Next: NextRetry, Pace: PaceSoon, CountsBesideOthers: true, HoldTrunk: true, Label: "gangguan saluran"},
	{Result: ResultInterrupted, Next: NextRetry, Pace: PaceSoon, Counts: true, Label: "terhenti karena gangguan sistem"},
	{Result: ResultUnknown, Next: NextRetry, Pace: PaceSpread, Counts: true, Label: "tidak diketahui"},
}

// Rules returns the table that says, for every result and outcome, what comes next.
func Rules() []Rule { return append([]Rule(nil), rules...) }

// RuleFor finds the rule of a result and, for ResultAnswered, an outcome.
// ok is false when the pair is not in the table.
func RuleFor(result Result, outcome Outcome) (rule Rule, ok bool) {
	if result != ResultAnswered {
		outcome = ""
	}
	for _, r := range rules {
		if r.Result == result && r.Outcome == outcome {
			return r, true
		}
	}
	return Rule{}, false
}

// OutcomeForKey finds the outcome that a telephone key confirms.
func OutcomeForKey(key string) (Outcome, bool) {
	for _, r := range rules {
		if key != "" && r.Key == key {
			return r.Outcome, true
		}
	}
	return "", false
}

// Confirmable reports whether an agent may confirm this outcome.
func (o Outcome) Confirmable() bool {
	rule, ok := RuleFor(ResultAnswered, o)
	return ok && rule.Key != ""
}
