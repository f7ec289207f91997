package queue

import "slices"

// Transition is one line of the state machine: an activity of Kind moves a
// follow-up from any status in From to To, where When holds.
type Transition struct {
	Kind Kind
	From []Status
	To   Status
	// When says in words what must hold; empty means always.
	When string
	when func(State, Details) bool
}

// stay as the target keeps the status.
const stay Status = "(unchanged)"

var (
	waiting  = []Status{StatusAwaitingAgent, StatusQueued, StatusHandedBack}
	calling  = []Status{StatusAssigned, StatusDialing, StatusTalking, StatusReconciling}
	settling = []Status{StatusWrapUp, StatusHandedBack}
	// documentable: nobody is being rung for it.
	documentable = []Status{StatusQueued, StatusHandedBack}
	ended        = []Status{StatusClosed, StatusCancelled}
)

// transitions is the state machine of the package documentation. The first
// line that fits decides. Kinds of ClassObservation that fit no line are kept
// without a move; all others are refused.
var transitions = []Transition{
	{Kind: KindReceived, From: []Status{StatusNone}, To: StatusHandedBack, When: "the conversation was held already, and waits to be documented",
		when: func(_ State, d Details) bool { return d.FollowUp != nil && d.FollowUp.Manual }},
	{Kind: KindReceived, From: []Status{StatusNone}, To: StatusAwaitingAgent, When: "unrequested opinion without an agent",
		when: func(_ State, d Details) bool { return d.FollowUp != nil && needsAgent(*d.FollowUp) }},
	{Kind: KindReceived, From: []Status{StatusNone}, To: StatusQueued,
		when: func(_ State, d Details) bool { return d.FollowUp != nil }},
	{Kind: KindEdited, From: waiting, To: stay, When: "same follow-up, route and agent",
		when: func(s State, d Details) bool {
			f := d.FollowUp
			return f != nil && f.ID == s.FollowUp.ID && f.Route == s.FollowUp.Route && f.Agent == s.FollowUp.Agent
		}},
	{Kind: KindDesignated, From: []Status{StatusAwaitingAgent, StatusQueued}, To: StatusQueued, When: "an agent is named",
		when: func(_ State, d Details) bool { return d.Agent != "" }},
	{Kind: KindDesignated, From: []Status{StatusHandedBack}, To: stay, When: "an agent is named",
		when: func(_ State, d Details) bool { return d.Agent != "" }},
	{Kind: KindRequeued, From: []Status{StatusHandedBack}, To: StatusQueued, When: "not an unrequested opinion without an agent",
		when: func(s State, _ Details) bool { return !needsAgent(s.FollowUp) }},
	{Kind: KindCancelled, From: waiting, To: StatusCancelled, When: "a reason is given",
		when: func(_ State, d Details) bool { return d.Reason != "" }},

	{Kind: KindAssigned, From: []Status{StatusQueued}, To: StatusAssigned, When: "the next attempt, for the designated agent if there is one",
		when: func(s State, d Details) bool {
			return d.Attempt == s.Attempt+1 && d.Agent != "" && !needsAgent(s.FollowUp) &&
				(s.FollowUp.Agent == "" || s.FollowUp.Agent == d.Agent)
		}},
	{Kind: KindAgentRinging, From: []Status{StatusAssigned}, To: StatusDialing},
	{Kind: KindTaxpayerDialing, From: []Status{StatusDialing}, To: StatusDialing, When: "the taxpayer was not dialled in this attempt",
		when: func(s State, _ Details) bool { return s.Call.TaxpayerDialingAt.IsZero() }},
	{Kind: KindTaxpayerAnswered, From: []Status{StatusDialing, StatusReconciling}, To: StatusTalking, When: "the taxpayer was dialled",
		when: func(s State, _ Details) bool { return !s.Call.TaxpayerDialingAt.IsZero() }},
	{Kind: KindMonitorStarted, From: []Status{StatusTalking}, To: stay, When: "in a mode, and no supervisor is in the talk",
		when: func(s State, d Details) bool { return d.Mode != "" && s.Call.Monitor == nil }},
	{Kind: KindCallEnded, From: calling, To: StatusWrapUp},

	{Kind: KindOutcomeRingback, From: []Status{StatusWrapUp}, To: stay, When: "once in an attempt",
		when: func(s State, _ Details) bool { return s.Call.RingbackAt.IsZero() && s.Call.Outcome == "" }},
	{Kind: KindOutcomeConfirmed, From: []Status{StatusTalking, StatusWrapUp}, To: stay, When: "an outcome an agent may confirm of a taxpayer who answered",
		when: func(s State, d Details) bool { return d.Outcome.Confirmable() && !s.Call.AnsweredAt.IsZero() }},
	{Kind: KindWrapUpExpired, From: []Status{StatusWrapUp}, To: stay, When: "no outcome was confirmed",
		when: func(s State, _ Details) bool { return s.Call.Outcome == "" }},
	{Kind: KindOutcomeCorrected, From: []Status{StatusHandedBack}, To: stay, When: "the outcome was left unconfirmed",
		when: func(s State, d Details) bool {
			return s.Call.Outcome == OutcomeUnconfirmed && d.Outcome.Confirmable()
		}},
	{Kind: KindAttemptSettled, From: settling, To: StatusClosed, When: "next is close",
		when: func(s State, d Details) bool { return d.Next == NextClose && s.unsettled() }},
	{Kind: KindAttemptSettled, From: settling, To: StatusQueued, When: "next is retry",
		when: func(s State, d Details) bool { return d.Next == NextRetry && s.unsettled() }},
	{Kind: KindAttemptSettled, From: settling, To: StatusHandedBack, When: "next is hand_back",
		when: func(s State, d Details) bool { return d.Next == NextHandBack && s.unsettled() }},

	{Kind: KindManualConversation, From: documentable, To: StatusClosed, When: "filed as the next attempt; next is close", when: filed(NextClose)},
	{Kind: KindManualConversation, From: documentable, To: StatusQueued, When: "filed as the next attempt; next is retry", when: filed(NextRetry)},
	{Kind: KindManualConversation, From: documentable, To: StatusHandedBack, When: "filed as the next attempt; next is hand_back", when: filed(NextHandBack)},

	{Kind: KindAttemptPresumed, From: waiting, To: StatusHandedBack, When: "a later attempt than any known, and a reason",
		when: func(s State, d Details) bool { return d.presumes(s) }},

	{Kind: KindReconciling, From: calling, To: StatusReconciling},
	{Kind: KindResumed, From: []Status{StatusReconciling}, To: StatusTalking, When: "the taxpayer had answered",
		when: func(s State, _ Details) bool { return !s.Call.AnsweredAt.IsZero() }},
	{Kind: KindResumed, From: []Status{StatusReconciling}, To: StatusDialing},
	{Kind: KindResumed, From: []Status{StatusWrapUp}, To: stay},

	{Kind: KindSealed, From: ended, To: stay, When: "every recording is verified or has its alarm",
		when: func(s State, _ Details) bool { return s.Dossier != DossierSealed && !s.PendingRecordings() }},
}

// Transitions returns the state machine, line by line.
func Transitions() []Transition { return slices.Clone(transitions) }

// Next returns the status that an activity of this kind leads to, and whether
// the state machine allows it at all.
func (s State) next(k Kind, d Details) (Status, bool) {
	for _, t := range transitions {
		if t.Kind != k || !slices.Contains(t.From, s.Status) {
			continue
		}
		if t.when != nil && !t.when(s, d) {
			continue
		}
		if t.To == stay {
			return s.Status, true
		}
		return t.To, true
	}
	return s.Status, false
}

// filed says when a manual documentation leads on in one of the three ways.
func filed(next Next) func(State, Details) bool {
	return func(s State, d Details) bool { return d.Next == next && d.documents(s) }
}

// needsAgent reports whether a co-supervisor must name an agent first (SOP G.1.c.iii).
func needsAgent(f FollowUp) bool { return f.Route == RouteOpinionUnrequested && f.Agent == "" }

// unsettled reports whether the latest attempt waits to be settled: in wrap-up,
// or corrected after it was handed back unconfirmed.
func (s State) unsettled() bool {
	return s.Status == StatusWrapUp || (s.Status == StatusHandedBack && s.Call.Outcome.Confirmable() && s.Outcome == OutcomeUnconfirmed)
}
