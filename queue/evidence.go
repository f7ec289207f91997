package queue

import (
	"slices"
	"time"
)

// file keeps the book of the evidence: recordings by attempt, and what of it
// is in the archive. Late activities count here like any other.
func (s State) file(at time.Time, k Kind, d Details) State {
	switch k {
	case KindCallEnded:
		s = s.addRecording(at, d)
	case KindManualConversation:
		s = s.addManualRecording(d)
	case KindAttemptPresumed:
		s = s.addPresumedRecording(at, d)
	case KindRecordingArchived:
		s = s.updateRecording(d.Attempt, func(r *Recording) {
			r.Status, r.Alarm = RecordingVerified, ""
			r.Key, r.SHA256, r.Bytes, r.DurationMS = d.File, d.SHA256, d.Bytes, d.DurationMS
		})
	case KindRecordingAlarm:
		s = s.updateRecording(d.Attempt, func(r *Recording) {
			r.Status, r.Alarm = RecordingAlarmed, d.Reason
			if d.File != "" { // archived all the same, as what it is
				r.Key, r.SHA256, r.Bytes, r.DurationMS = d.File, d.SHA256, d.Bytes, d.DurationMS
			}
		})
	case KindRecordingRemoved:
		s = s.updateRecording(d.Attempt, func(r *Recording) { r.Removed = true })
	case KindHistoryShipped:
		s.Shipped = max(s.Shipped, d.UpTo)
	}
	if s.Dossier != DossierSealed {
		s.Dossier = DossierOpen
		if s.PendingRecordings() {
			s.Dossier = DossierArchiving
		}
	}
	if s.DocumentedAt.IsZero() && s.Status == StatusClosed && !s.ConfirmedAt.IsZero() && s.contactVerified() {
		s.DocumentedAt = at
	}
	return s
}

// EvidenceDue reports whether the archive has work with this follow-up: a
// recording to fetch or to remove at its switch, a history to ship after an
// attempt, a seal. switchName is the switch at which the work is; empty when
// any daemon can do it.
func (s State) EvidenceDue() (switchName string, due bool) {
	for _, r := range s.Recordings {
		if r.Status == RecordingAtSwitch || (r.Status == RecordingVerified && !r.Removed) {
			return r.Switch, true
		}
	}
	ship := !s.Status.Reserved() && s.Shipped < s.Settled
	seal := s.Status.Ended()
	return s.Switch, s.Dossier != DossierSealed && (ship || seal)
}

// addRecording opens the book for an attempt in which anything was recorded.
func (s State) addRecording(at time.Time, d Details) State {
	tracks, dialled := s.Call.Tracks, !s.Call.TaxpayerDialingAt.IsZero()
	if d.Tracks != nil {
		tracks = d.Tracks
	}
	attempt := s.Attempt
	if d.Attempt != 0 {
		attempt = d.Attempt
	}
	known := slices.ContainsFunc(s.Recordings, func(r Recording) bool { return r.Attempt == attempt })
	if tracks == nil || !dialled || known || s.Assignment == nil {
		return s
	}
	s.Recordings = append(slices.Clone(s.Recordings), Recording{
		Attempt: attempt, Switch: s.Assignment.Switch, Status: RecordingAtSwitch, Tracks: *tracks,
		AnsweredAt: s.Call.AnsweredAt, EndedAt: at, EndedBy: d.EndedBy,
	})
	return s
}

func (s State) updateRecording(attempt int, change func(*Recording)) State {
	s.Recordings = slices.Clone(s.Recordings)
	for i := range s.Recordings {
		if s.Recordings[i].Attempt == attempt {
			change(&s.Recordings[i])
		}
	}
	return s
}

// contactVerified reports whether the recording of the conversation that
// closed the follow-up is verified.
func (s State) contactVerified() bool {
	return slices.ContainsFunc(s.Recordings, func(r Recording) bool {
		return r.Attempt == s.Attempt && r.Status == RecordingVerified
	})
}
