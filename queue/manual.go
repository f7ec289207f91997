package queue

import (
	"fmt"
	"time"
)

// ManualCall is a conversation that was held without this system, in the words
// of whoever files it afterwards (SOP LIP20-0020, G.3: "manually").
type ManualCall struct {
	AnsweredAt time.Time `json:"answered_at"`
	EndedAt    time.Time `json:"ended_at"`
	// Reason is why the conversation was held without the system.
	Reason string `json:"reason"`
	// Alarm is why there is no recording that can be relied on; empty when there is.
	Alarm string `json:"alarm,omitempty"`
}

// ReasonManual is the reason of a follow-up that waits to be documented manually.
const ReasonManual = "manual_documentation"

// DocumentManually decides on the activity that files a conversation as the next
// attempt of s, together with what comes next by the same table and policy as
// after a call of ours. d names Agent, Outcome, the recording if there is one,
// and Manual. Whether s allows it is for Apply to say.
func DocumentManually(s State, d Details, p Policy, wt WorkingTime, now time.Time, actor Actor) (Entry, error) {
	if d.Manual == nil {
		return Entry{}, fmt.Errorf("follow-up %s: a manual documentation names no conversation", s.FollowUp.ID)
	}
	d.Attempt, d.Result = s.Attempt+1, ResultAnswered
	d.TalkMS = d.Manual.EndedAt.Sub(d.Manual.AnsweredAt).Milliseconds()
	next, err := Settle(s.heldManually(now, d), p, wt, now, actor)
	if err != nil {
		return Entry{}, err
	}
	d.Next, d.Pace, d.RetryAt = next.Details.Next, next.Details.Pace, next.Details.RetryAt
	d.Counted, d.Reason = next.Details.Counted, next.Details.Reason
	return Entry{At: now, Actor: actor, Kind: KindManualConversation, Details: d}, nil
}

// documents reports whether d files a conversation as the next attempt of s,
// with a recording or the reason why there is none.
func (d Details) documents(s State) bool {
	m := d.Manual
	return m != nil && m.Reason != "" && !m.AnsweredAt.IsZero() && m.EndedAt.After(m.AnsweredAt) &&
		d.Attempt == s.Attempt+1 && d.Agent != "" && d.Outcome.Confirmable() && !needsAgent(s.FollowUp) &&
		(d.File != "" || m.Alarm != "")
}

// heldManually is the state as if the talk had just been confirmed.
func (s State) heldManually(at time.Time, d Details) State {
	m := d.Manual
	s.Attempt, s.Status, s.LastAgent = d.Attempt, StatusWrapUp, d.Agent
	s.Call = Call{
		AnsweredAt: m.AnsweredAt, EndedAt: m.EndedAt, Result: ResultAnswered, TalkMS: d.TalkMS, Outcome: d.Outcome, Manual: true,
	}
	if d.CallbackAt != nil {
		s.Call.CallbackAt = *d.CallbackAt
	}
	s.ConfirmedAt = at
	if s.ContactedAt.IsZero() || m.AnsweredAt.Before(s.ContactedAt) {
		s.ContactedAt = m.AnsweredAt
	}
	return s
}

// addManualRecording opens and closes the book for a conversation that was
// filed: its recording is in the archive already, or an alarm says why not.
func (s State) addManualRecording(d Details) State {
	m := d.Manual
	r := Recording{
		Attempt: d.Attempt, Status: RecordingVerified, AnsweredAt: m.AnsweredAt, EndedAt: m.EndedAt, Manual: true,
		Key: d.File, SHA256: d.SHA256, Bytes: d.Bytes, DurationMS: d.DurationMS,
		Removed: true, // nothing of it is at a switch
	}
	if m.Alarm != "" {
		r.Status, r.Alarm = RecordingAlarmed, m.Alarm
	}
	s.Recordings = append(append([]Recording(nil), s.Recordings...), r)
	return s
}
