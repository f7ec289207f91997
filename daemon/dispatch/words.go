package dispatch

import (
	"errors"
	"fmt"

	"sambung/queue"
	"sambung/telephony"
)

// errClosed stops a call before the taxpayer is rung outside office hours.
var errClosed = errors.New("the office is closed; no taxpayer is rung now")

// kinds maps what the telephone reports to the words of the ledger.
var kinds = map[telephony.Kind]queue.Kind{
	telephony.AgentRinging:       queue.KindAgentRinging,
	telephony.AgentAnswered:      queue.KindAgentAnswered,
	telephony.RecordingStarted:   queue.KindRecordingStarted,
	telephony.TaxpayerDialing:    queue.KindTaxpayerDialing,
	telephony.TaxpayerRinging:    queue.KindTaxpayerRinging,
	telephony.TaxpayerAnswered:   queue.KindTaxpayerAnswered,
	telephony.AnnouncementPlayed: queue.KindAnnouncementPlayed,
	telephony.IdentityConfirmed:  queue.KindIdentityConfirmed,
	telephony.RecordingMuted:     queue.KindRecordingMuted,
	telephony.RecordingUnmuted:   queue.KindRecordingUnmuted,
	telephony.Ended:              queue.KindCallEnded,
	telephony.OutcomeRingback:    queue.KindOutcomeRingback,
	telephony.OutcomeKeyed:       queue.KindOutcomeConfirmed,
}

// entry turns an event of an attempt into the activity that records it.
func entry(e telephony.Event, attempt int, agent queue.AgentID, switchName string) (queue.Entry, error) {
	kind, ok := kinds[e.Kind]
	if !ok {
		return queue.Entry{}, fmt.Errorf("telephone event %q has no activity", e.Kind)
	}
	d := queue.Details{Attempt: attempt, Channel: e.Channel, File: e.Media, Tracks: tracks(e.Tracks)}
	actor := queue.ActorSwitch(switchName)
	switch e.Kind {
	case telephony.AgentRinging, telephony.TaxpayerDialing, telephony.OutcomeRingback:
		actor = queue.ActorSystem
	case telephony.IdentityConfirmed, telephony.RecordingMuted, telephony.RecordingUnmuted:
		actor = queue.ActorAgent(agent)
	case telephony.OutcomeKeyed:
		outcome, known := queue.OutcomeForKey(e.Key)
		if !known {
			return queue.Entry{}, fmt.Errorf("key %q confirms no outcome; one of %s does", e.Key, outcomeKeys())
		}
		actor, d.Outcome, d.Via = queue.ActorAgent(agent), outcome, string(e.Via)
	case telephony.Ended:
		d = ended(d, e.Result)
	}
	return queue.Entry{At: e.At, Actor: actor, Kind: kind, Details: d}, nil
}

func ended(d queue.Details, r *telephony.Result) queue.Details {
	if r == nil {
		r = &telephony.Result{Status: telephony.Unknown, Reason: "the switch did not say how it ended"}
	}
	d.Result, d.SIPCode, d.Cause = queue.Result(r.Status), r.SIPCode, r.Cause
	d.EndedBy, d.Reason = string(r.EndedBy), r.Reason
	d.TalkMS = r.Talk().Milliseconds()
	if r.Tracks != nil {
		d.Tracks = tracks(r.Tracks)
	}
	return d
}

func tracks(t *telephony.Tracks) *queue.Tracks {
	if t == nil {
		return nil
	}
	return &queue.Tracks{
		Agent: t.Agent, Taxpayer: t.Taxpayer,
		AgentStartedAt: t.AgentStartedAt.UTC(), TaxpayerStartedAt: t.TaxpayerStartedAt.UTC(),
	}
}

// progress is what the ledger knows of the latest attempt, in the telephone's words.
func progress(s queue.State) telephony.Progress {
	c := s.Call
	p := telephony.Progress{
		AgentRinging:    !c.AgentRingingAt.IsZero(),
		AgentAnswered:   !c.AgentAnsweredAt.IsZero(),
		TaxpayerDialing: !c.TaxpayerDialingAt.IsZero(),
		AnsweredAt:      c.AnsweredAt,
		Announced:       c.Announced,
		MutedAt:         c.MutedAt,
		Identity:        !c.IdentityAt.IsZero(),
		Ended:           !c.EndedAt.IsZero(),
		EndedAt:         c.EndedAt,
		RingbackUsed:    !c.RingbackAt.IsZero(),
		OutcomeKnown:    c.Outcome != "",
	}
	if c.Tracks != nil {
		p.Tracks = &telephony.Tracks{
			Agent: c.Tracks.Agent, Taxpayer: c.Tracks.Taxpayer,
			AgentStartedAt: c.Tracks.AgentStartedAt, TaxpayerStartedAt: c.Tracks.TaxpayerStartedAt,
		}
	}
	return p
}
