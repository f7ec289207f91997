package queue

import "time"

// Apply adds one activity to a state. Decisions and intents that the state
// machine does not allow are refused with a *RefusedError; an observation it
// does not allow came late and is counted in without moving the state.
func Apply(s State, a Activity) (State, error) {
	d, err := a.Decode()
	if err != nil {
		return State{}, err
	}
	if s.Version == 0 && a.Kind != KindReceived {
		return State{}, refused(s, a, "a history begins with "+string(KindReceived))
	}
	info, known := a.Kind.Info()
	if known && d.Attempt != 0 && !a.Kind.beginsAttempt() && d.Attempt != s.Attempt && info.Class != ClassObservation {
		return State{}, refused(s, a, "it belongs to another attempt")
	}
	status, moves := s.next(a.Kind, d)
	late := d.Attempt != 0 && d.Attempt != s.Attempt && !a.Kind.beginsAttempt()
	switch {
	case !moves && known && info.Class != ClassObservation:
		return State{}, refused(s, a, "the state machine does not allow it here")
	case moves && !late:
		s = s.enter(status, a.At, a.Kind, d)
	}
	if !late {
		s = s.observe(a, d)
	}
	s = s.file(a.At, a.Kind, d)
	s.Version, s.Head, s.Rules = a.Seq, a.Hash, foldRules
	return s, nil
}

func refused(s State, a Activity, why string) error {
	return &RefusedError{FollowUp: a.FollowUp, Kind: a.Kind, Status: s.Status, Why: why}
}

// enter makes the moves of the state machine: it runs only where a transition fits.
func (s State) enter(status Status, at time.Time, k Kind, d Details) State {
	switch k {
	case KindReceived:
		s.FollowUp, s.Dossier = *d.FollowUp, DossierOpen
		if s.FollowUp.Manual {
			s.Reason = ReasonManual
		}
	case KindEdited:
		s.FollowUp = *d.FollowUp
	case KindDesignated:
		s.FollowUp.Agent, s.AgentAbsent = d.Agent, false
	case KindRequeued:
		s.Counted, s.RetryAt, s.Outcome, s.Reason = 0, time.Time{}, "", ""
	case KindCancelled:
		s.Reason = d.Reason
	case KindAssigned:
		s.Attempt, s.Switch, s.Call, s.RetryAt = d.Attempt, d.Switch, Call{}, time.Time{}
		s.LastAgent = d.Agent
		s.Assignment = &Assignment{Agent: d.Agent, Switch: d.Switch, Fence: d.Fence, Attempt: d.Attempt}
	case KindResumed:
		held := *s.Assignment
		held.Fence = d.Fence
		s.Assignment = &held
	case KindCallEnded:
		s.Call.EndedAt, s.Call.Result, s.Call.SIPCode, s.Call.TalkMS = at, d.Result, d.SIPCode, d.TalkMS
		s.Call.MutedAt = time.Time{} // the recording has ended with the call
	case KindOutcomeConfirmed, KindOutcomeCorrected:
		s.Call.Outcome, s.Call.CallbackAt = d.Outcome, time.Time{}
		if d.CallbackAt != nil {
			s.Call.CallbackAt = *d.CallbackAt
		}
		s.ConfirmedAt = at
	case KindWrapUpExpired:
		s.Call.Outcome = OutcomeUnconfirmed
	case KindAttemptSettled:
		s = s.settle(d)
	case KindManualConversation:
		s = s.heldManually(at, d).settle(d)
	case KindAttemptPresumed:
		s = s.presume(at, d)
	case KindSealed:
		s.Dossier, s.SealedAt, s.Manifest = DossierSealed, at, d.SHA256
	}
	s.Status = status
	if !status.Reserved() {
		s.Assignment = nil
	}
	return s
}

func (s State) settle(d Details) State {
	s.RetryAt = time.Time{}
	if d.RetryAt != nil {
		s.RetryAt = *d.RetryAt
	}
	if d.Counted && s.Status == StatusWrapUp {
		s.Counted++
	}
	s.Outcome, s.Reason = s.Call.Outcome, d.Reason
	s.Settled = s.Version + 1 // this activity's own number
	return s
}

// observe notes what was seen of the latest attempt, whatever the status.
func (s State) observe(a Activity, d Details) State {
	at := a.At
	switch a.Kind {
	case KindAgentRinging:
		s.Call.AgentRingingAt = at
	case KindAgentAnswered:
		s.Call.AgentAnsweredAt = at
	case KindTaxpayerDialing:
		s.Call.TaxpayerDialingAt = at
	case KindTaxpayerAnswered:
		s.Call.AnsweredAt = at
		if s.ContactedAt.IsZero() {
			s.ContactedAt = at
		}
	case KindAnnouncementPlayed:
		s.Call.Announced = true
	case KindIdentityConfirmed:
		s.Call.IdentityAt = at
	case KindRecordingStarted:
		s.Call.Tracks = d.Tracks
	case KindRecordingMuted, KindRecordingUnmuted:
		s.Call.MutedAt = s.Call.mutedBy(a.Kind, at)
	case KindMonitorStarted:
		s.Call.Monitor = &Monitor{Actor: a.Actor, Mode: d.Mode, Since: at}
	case KindMonitorEnded:
		s.Call.Monitor = nil
	case KindOutcomeRingback:
		s.Call.RingbackAt = at
	case KindDeadlineWarning:
		s.Warned = true
	case KindAgentAbsent:
		s.AgentAbsent = true
	case KindDeadlineMissed:
		s.Missed, s.MissedCause = true, d.Reason
	}
	return s
}

// mutedBy is since when the recording is muted after that was seen. What comes
// late, after the end or from before the mute that is known, changes nothing.
func (c Call) mutedBy(k Kind, at time.Time) time.Time {
	switch {
	case !c.EndedAt.IsZero() || at.Before(c.MutedAt):
		return c.MutedAt
	case k == KindRecordingMuted:
		return at
	}
	return time.Time{}
}
