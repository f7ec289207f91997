package queue

import (
	"slices"
	"time"
)

// Reasons of a presumed attempt: what it left.
const (
	ReasonFoundAtSwitch  = "the switch holds a recording of an attempt that this ledger has lost"
	ReasonFoundInArchive = "the archive holds a recording of an attempt that this ledger has lost"
)

// PresumeAttempt says of an attempt that a ledger lost (it was set back, or a
// replica took over that had not received it) that it counts as made: its
// taxpayer is not rung again before a person has looked. d names the attempt and
// the reason, and what is left of its recording: Tracks and Switch, or the File
// in the archive. An attempt that s still has under way was over when the later
// one began. There is nothing to say of one that s knows, or after the end.
func PresumeAttempt(s State, d Details, now time.Time) []Entry {
	if d.Attempt <= s.Attempt || s.Status.Ended() {
		return nil
	}
	d.Result = ResultUnknown
	return append(overtaken(s, d.Reason, now), Entry{At: now, Actor: ActorSystem, Kind: KindAttemptPresumed, Details: d})
}

// overtaken ends the attempt that s has under way, for people to look at.
func overtaken(s State, reason string, now time.Time) []Entry {
	if !s.Status.Reserved() {
		return nil
	}
	note := func(k Kind, d Details) Entry {
		d.Attempt = s.Attempt
		return Entry{At: now, Actor: ActorSystem, Kind: k, Details: d}
	}
	var entries []Entry
	result, outcome := s.Call.Result, s.Call.Outcome
	if s.Status != StatusWrapUp {
		if result = ResultUnknown; !s.Call.AnsweredAt.IsZero() {
			result = ResultAnswered
		}
		entries = append(entries, note(KindCallEnded, Details{Result: result, EndedBy: "system", Reason: reason}))
	}
	if result == ResultAnswered && outcome == "" {
		outcome = OutcomeUnconfirmed
		entries = append(entries, note(KindWrapUpExpired, Details{}))
	}
	return append(entries, note(KindAttemptSettled, Details{Result: result, Outcome: outcome, Next: NextHandBack, Reason: reason, Counted: !s.Call.TaxpayerDialingAt.IsZero()}))
}

func (d Details) presumes(s State) bool {
	return d.Attempt > s.Attempt && d.Reason != "" && d.Result == ResultUnknown
}

func (s State) presume(at time.Time, d Details) State {
	s.Attempt, s.Switch = d.Attempt, d.Switch
	s.Call = Call{EndedAt: at, Result: d.Result, Tracks: d.Tracks}
	s.Counted++
	s.RetryAt, s.Outcome, s.Reason = time.Time{}, "", d.Reason
	s.Settled = s.Version + 1 // this activity's own number
	return s
}

// addPresumedRecording opens the book for what is left of an attempt's
// recording. Nobody saw the talk: what is archived cannot be verified against it.
func (s State) addPresumedRecording(at time.Time, d Details) State {
	r := Recording{Attempt: d.Attempt, Switch: d.Switch, EndedAt: at, EndedBy: "system"}
	switch {
	case d.File != "":
		r.Status, r.Alarm, r.Removed = RecordingAlarmed, d.Reason, true
		r.Key, r.SHA256, r.Bytes = d.File, d.SHA256, d.Bytes
	case d.Tracks != nil:
		r.Status, r.Tracks = RecordingAtSwitch, *d.Tracks
	default:
		return s
	}
	s.Recordings = append(slices.Clone(s.Recordings), r)
	return s
}
