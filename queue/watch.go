package queue

import "time"

// Causes of a missed deadline, in the words of the report.
const (
	CauseAssignment  = "assignment"  // no agent was assigned in time
	CauseAgents      = "agents"      // no agent was free, or none confirmed
	CauseTrunk       = "trunk"       // the trunk failed
	CauseUnreachable = "unreachable" // the taxpayer could not be reached
	CauseSystem      = "system"      // the system itself
)

// Watch decides which alarms a follow-up deserves now: that its designated
// agent is absent while there is still time, that its deadline is near, that
// it was missed and why. agent is the designated agent's record, or nil if
// there is none. Each alarm is raised once.
func Watch(s State, agent *Agent, p Policy, wt WorkingTime, now time.Time) []Entry {
	if s.Status == StatusNone || s.Status == StatusCancelled || !s.DocumentedAt.IsZero() || s.Dossier == DossierSealed {
		return nil
	}
	var alarms []Entry
	raise := func(k Kind, d Details) {
		alarms = append(alarms, Entry{At: now, Actor: ActorSystem, Kind: k, Details: d})
	}
	cause := lateCause(s, now)
	if absent := s.Status == StatusQueued && s.FollowUp.Agent != "" && (agent == nil || agent.Presence != PresenceReady); absent && !s.AgentAbsent {
		reason := "the designated agent is not known"
		if agent != nil {
			reason = "the designated agent is " + string(agent.Presence)
		}
		raise(KindAgentAbsent, Details{Agent: s.FollowUp.Agent, Reason: reason})
	}
	switch {
	case now.After(s.FollowUp.Deadline):
		if !s.Missed {
			raise(KindDeadlineMissed, Details{Reason: cause})
		}
	case !s.Warned && wt.Between(now, s.FollowUp.Deadline) <= p.WarnBefore:
		raise(KindDeadlineWarning, Details{Reason: cause})
	}
	return alarms
}

// lateCause names what keeps a follow-up from being done.
func lateCause(s State, now time.Time) string {
	switch {
	case s.FollowUp.Manual:
		return CauseSystem // it was not there when the conversation was held
	case s.Status == StatusAwaitingAgent:
		return CauseAssignment
	case s.Status == StatusClosed: // confirmed, but its recording is not verified
		return CauseSystem
	case s.Call.Result == ResultTrunkFailure && s.Reason != ReasonNumberFails:
		return CauseTrunk
	case s.Call.Result == ResultInterrupted || s.Status == StatusReconciling:
		return CauseSystem
	case s.Counted > 0 && (s.RetryAt.After(now) || s.Status == StatusHandedBack):
		return CauseUnreachable
	default:
		return CauseAgents
	}
}
