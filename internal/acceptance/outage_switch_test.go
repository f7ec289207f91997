package acceptance_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"sambung/internal/checker"
	"sambung/queue"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

// What each agent of TestSwitchRestarts is in when the switch is killed.
const (
	cutTalk    = iota // a talk
	cutRinging        // the taxpayer's telephone rings
	cutAgent          // the agent's own telephone rings
	newcomer          // free; work comes while the switch is away
	switchAgents
)

// TestSwitchRestarts: Asterisk is killed in the middle of calls, and started
// again on the same folders. Each attempt ends as what it was, what was recorded
// of it is kept, and everybody is called again by the rule for that, once.
func TestSwitchRestarts(t *testing.T) {
	const talked = 7 * time.Second // before the kill
	s := newSite(t, switchAgents)
	s.config.Calls.AgentRing, s.config.Calls.TaxpayerRing, s.config.Calls.WrapUp = 25*time.Second, 25*time.Second, time.Minute
	q := s.ledger()
	o := openOffice(t, s, q)
	_, stop := s.runTold()
	ids := o.beginCalls(q)
	agent := s.callOf(s.phones[cutTalk], func(r softphone.CallRecord) bool { return r.Answered() })
	taxpayer := s.callOf(s.carrier, func(r softphone.CallRecord) bool { return r.Called == number(cutTalk) && r.Answered() })
	rung := s.callOf(s.carrier, func(r softphone.CallRecord) bool { return r.Called == number(cutRinging) })
	throughout(t, time.Until(taxpayer.Record().AnsweredAt.Add(talked)), "they talk", func() bool { return !agent.Record().Ended() && !taxpayer.Record().Ended() })

	killed := time.Now()
	s.asterisk.Kill()
	ids[newcomer] = s.enqueue(q, switchTicket(newcomer), number(newcomer), newcomer)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := errors.Join(agent.HangUp(ctx), taxpayer.HangUp(ctx), rung.HangUp(ctx)); err != nil { // nobody hears anything any more
		t.Fatal(err)
	}
	throughout(t, 3*time.Second, "nothing is begun without a switch", func() bool {
		return s.state(q, ids[newcomer]).Attempt == 0 && len(s.phones[newcomer].Calls()) == 0
	})
	s.asterisk.Restart()
	t.Logf("the switch was away for %s", time.Since(killed).Round(100*time.Millisecond))

	s.settledAll(q, 2*time.Minute, ids...)
	stop()
	s.cutOff(q, ids[cutTalk], killed.Sub(taxpayer.Record().AnsweredAt))
	s.calledAgain(q, ids[cutRinging], number(cutRinging), queue.ResultUnknown, queue.PaceSpread)
	s.notCalled(q, ids[cutAgent])
	for i, id := range ids {
		s.delivered(q, id)
		if a, err := q.Agent(t.Context(), agentID(i)); err != nil || !a.Free() {
			t.Errorf("agent %d is not free: %+v, %v", i, a, err)
		}
	}
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}

func switchTicket(i int) string { return fmt.Sprintf("SWITCH-%d", i) }

// beginCalls brings all but the newcomer into position.
func (o *office) beginCalls(q queue.Queue) []queue.ID {
	again := talks(2 * time.Second)
	o.person(number(cutTalk), stays(), again)
	o.person(number(cutRinging), softphone.RingOut(), again)
	o.person(number(cutAgent), again)
	o.person(number(newcomer), again)
	saysCutOff := keypad("1")
	saysCutOff.ringback = hangsUpThenRungBack("6").ringback
	scripts := [...]agentScript{cutTalk: saysCutOff, cutRinging: keypad("1"), cutAgent: neverPicksUpFirst(), newcomer: keypad("1")}
	for i, script := range scripts {
		o.script(switchTicket(i), script)
		o.addAgent(q, i)
	}
	ids := make([]queue.ID, switchAgents)
	inPlace := [...]queue.Kind{cutTalk: queue.KindAnnouncementPlayed, cutRinging: queue.KindTaxpayerRinging, cutAgent: queue.KindAgentRinging}
	for i := range inPlace {
		ids[i] = o.enqueue(q, switchTicket(i), number(i), i)
	}
	for i, kind := range inPlace {
		eventually(o.t, 20*time.Second, switchTicket(i)+": "+string(kind), func() bool { return o.last(q, ids[i], kind).Seq > 0 })
	}
	return ids
}

// firstAttempt is what the ledger says of it: its end, its recording, and what
// came next.
func (s *site) firstAttempt(q queue.Queue, id queue.ID) (ended, filed, settled queue.Details) {
	s.t.Helper()
	history, err := q.History(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, a := range history {
		d, err := a.Decode()
		if err != nil {
			s.t.Fatal(err)
		}
		switch {
		case d.Attempt != 1:
		case a.Kind == queue.KindCallEnded:
			ended = d
		case a.Kind == queue.KindRecordingArchived, a.Kind == queue.KindRecordingAlarm:
			filed = d
		case a.Kind == queue.KindAttemptSettled:
			settled = d
		}
	}
	return ended, filed, settled
}

// cutOff checks the talk that the switch cut off after a while: people spoke, so
// it counts as answered, ended by the system. The agent, rung back, says what it
// was, and what was recorded until then is in the archive, called partial.
func (s *site) cutOff(q queue.Queue, id queue.ID, talked time.Duration) {
	s.t.Helper()
	ended, filed, _ := s.firstAttempt(q, id)
	if ended.EndedBy != "system" || ended.Reason == "" || time.Duration(ended.TalkMS)*time.Millisecond > talked {
		s.t.Errorf("the talk of %s ended by %q after %d ms: %q", talked, ended.EndedBy, ended.TalkMS, ended.Reason)
	}
	if filed.File == "" || !strings.HasPrefix(filed.Reason, "partial") {
		s.t.Errorf("the recording's entry %+v does not say where it is and that it is partial", filed)
	}
	s.calledAgain(q, id, number(cutTalk), queue.ResultAnswered, queue.PaceSoon)
	s.holdsTones(filed.File, talked-3*time.Second) // Asterisk keeps up to 2 s to itself
	if s.t.Failed() {
		s.tell(q, id)
	}
}

// holdsTones checks that both voices are on their channels of a recording for
// at least so long.
func (s *site) holdsTones(key string, least time.Duration) {
	s.t.Helper()
	body, _, err := s.bucket().Get(s.t.Context(), key)
	if err != nil {
		s.t.Fatal(err)
	}
	defer body.Close()
	sound, err := wav.Read(body)
	if err != nil {
		s.t.Fatal(err)
	}
	for channel, hz := range []float64{agentHz, taxpayerHz} {
		track, other := sound.Channel(channel), []float64{taxpayerHz, agentHz}[channel]
		const window = tone.SampleRate / 10
		heard := 0
		for i := 0; i+window <= len(track); i += window {
			if tone.Level(track[i:i+window]) > -20 && tone.Separation(track[i:i+window], hz, other) > 20 {
				heard += window
			}
		}
		s.t.Logf("channel %d: %.0f Hz for %s of %s", channel, hz, tone.Duration(heard), tone.Duration(len(track)))
		if tone.Duration(heard) < least {
			s.t.Errorf("channel %d holds %s of its voice, want %s at least", channel, tone.Duration(heard), least)
		}
	}
}

// calledAgain checks that a first attempt ended with that result, and that the
// second came by the rule for it, no earlier than it said.
func (s *site) calledAgain(q queue.Queue, id queue.ID, phone string, result queue.Result, pace queue.Pace) {
	s.t.Helper()
	ended, filed, settled := s.firstAttempt(q, id)
	if ended.Result != result || settled.Next != queue.NextRetry || settled.Pace != pace || settled.RetryAt == nil {
		s.t.Fatalf("ended %+v, settled %+v, want %s and a retry %s", ended, settled, result, pace)
	}
	if filed.File == "" && filed.Reason == "" {
		s.t.Error("there is neither a recording nor an alarm that says why not")
	}
	var rung []time.Time
	for _, i := range s.invites() {
		if i.Number == phone {
			rung = append(rung, i.At)
		}
	}
	if len(rung) != 2 || rung[1].Before(*settled.RetryAt) {
		s.t.Errorf("rung at %v; the second attempt was due at %s", rung, settled.RetryAt)
	}
}

// notCalled checks that an attempt which ended before the taxpayer was dialled
// was ours to repeat at once, and cost nothing.
func (s *site) notCalled(q queue.Queue, id queue.ID) {
	s.t.Helper()
	ended, _, settled := s.firstAttempt(q, id)
	if ended.Result != queue.ResultInterrupted || settled.Pace != queue.PaceAtOnce || settled.Counted || s.invitesOf(number(cutAgent)) != 1 {
		s.t.Errorf("ended %+v, settled %+v, rung %d times", ended, settled, s.invitesOf(number(cutAgent)))
	}
}
