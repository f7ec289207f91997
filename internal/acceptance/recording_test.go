package acceptance_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"sambung/internal/checker"
	"sambung/queue"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

const (
	agentHz    = 440
	taxpayerHz = 880
	separation = 40 // dB between what belongs on a channel and what does not

	lengthTolerance = 200 * time.Millisecond
	alignTolerance  = 40 * time.Millisecond
	placeTolerance  = 100 * time.Millisecond // of one channel against the telephones' clocks
)

// TestMeasuredTalk: each voice has its own channel, and the recording is as
// long as the talk was, whoever hangs up.
func TestMeasuredTalk(t *testing.T) {
	t.Parallel()
	s := newSite(t, 2)
	q := s.ledger()
	o := openOffice(t, s, q)
	cases := []struct {
		name     string
		taxpayer softphone.Behaviour
		agent    agentScript
		ended    func(*archived) time.Time
	}{
		{"the taxpayer hangs up", talks(6 * time.Second), keypad("1"), func(a *archived) time.Time { return a.taxpayer.EndedAt }},
		{"the agent hangs up", stays(), hangsUpThenRungBack("1"), func(a *archived) time.Time { return a.agent.EndedAt }},
	}
	_, stop := s.runDaemon(slog.New(slog.NewTextHandler(io.Discard, nil)))
	for i := range cases {
		s.addAgent(q, i)
	}
	measured(t, func(round int) (faults []string) {
		ids := s.talk(q, round, len(cases), 60*time.Second, func(i int) (string, softphone.Behaviour) {
			ticket := fmt.Sprintf("%s, %d", cases[i].name, round)
			o.script(ticket, cases[i].agent)
			return ticket, cases[i].taxpayer
		})
		for i, c := range cases {
			a, ok := s.archived(q, ids[i], i, roundNumber(round, i))
			if ok {
				talked := c.ended(a).Sub(a.taxpayer.AnsweredAt)
				a.hasItsLength(talked)
				a.holdsTheTalk(talked)
				const margin = 200 * time.Millisecond
				a.hasOnly("left", cut(a.left, a.answer+margin, a.end-margin), agentHz, taxpayerHz)
				a.hasOnly("right", cut(a.right, a.answer+margin, a.end-margin), taxpayerHz, agentHz)
			}
			faults = append(faults, a.faults...)
		}
		return faults
	})
	stop()
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}

// talk lets n agents have one talk each, all at once, as the calls say, and
// waits until all are filed.
func (s *site) talk(q queue.Queue, round, n int, limit time.Duration, call func(i int) (ticket string, taxpayer softphone.Behaviour)) []queue.ID {
	s.t.Helper()
	var ids []queue.ID
	for i := range n {
		ticket, taxpayer := call(i)
		s.person(roundNumber(round, i), taxpayer)
		ids = append(ids, s.enqueue(q, ticket, roundNumber(round, i), i))
	}
	s.settledAll(q, limit, ids...)
	return ids
}

// roundNumber is whom the i-th agent talks with in a round: nobody twice.
func roundNumber(round, i int) string { return number(10*round + i) }

// hasItsLength checks everything that says how long the talk was against the
// telephones' clock.
func (a *archived) hasItsLength(talked time.Duration) {
	a.t.Helper()
	ms := func(n int64) time.Duration { return time.Duration(n) * time.Millisecond }
	file := tone.Duration(len(a.left))
	a.near("talk_ms of call_ended", ms(a.talk.TalkMS), talked, lengthTolerance)
	a.near("call_ended after taxpayer_answered", a.talk.EndedAt.Sub(a.talk.AnsweredAt), talked, lengthTolerance)
	a.near("the recording's end after its answer", a.recording.EndedAt.Sub(a.recording.AnsweredAt), talked, lengthTolerance)
	a.near("conversation_ms of recording_archived", ms(a.filed.ConversationMS), talked, lengthTolerance)
	a.near("between the marks in the file", a.end-a.answer, talked, lengthTolerance)
	a.near("the file's end after its answer", file-a.answer, talked, lengthTolerance)
	a.near("duration_ms of recording_archived", ms(a.filed.DurationMS), file, time.Millisecond)
	a.near("offset_ms of recording_archived", ms(a.filed.OffsetMS), a.answer, time.Millisecond)
}

// holdsTheTalk checks that a taxpayer who never stops talking is heard from the
// answer to the end.
func (a *archived) holdsTheTalk(talked time.Duration) {
	a.t.Helper()
	const loud = -20
	first, last := tone.FirstSound(a.right, loud), tone.LastSound(a.right, loud)
	a.near("the taxpayer is heard for", tone.Duration(last-first), talked, lengthTolerance)
	a.near("the taxpayer's first sound after the mark", tone.Duration(first)-a.answer, 0, lengthTolerance)
}

// hasOnly checks that a tone fills a stretch of a channel and another is absent.
func (a *archived) hasOnly(side string, samples []int16, wanted, unwanted float64) {
	a.t.Helper()
	weakest := 0.0
	const window = tone.SampleRate / 10
	for i := 0; i+window <= len(samples); i += window {
		weakest = min(weakest, tone.Level(samples[i:i+window]))
	}
	apart := tone.Separation(samples, wanted, unwanted)
	say := a.t.Logf
	if len(samples) < tone.SampleRate || weakest < -20 || apart < separation {
		say = a.fault
	}
	say("%s: %.0f Hz for %s, said at -12 dB, at %.1f dB at least, and %.1f dB above %.0f Hz, want %d",
		side, wanted, tone.Duration(len(samples)), weakest, apart, unwanted, separation)
}

// The script of a minute, from the answer of the one who speaks: the agent's is
// a moment before the taxpayer's.
const (
	early       = 50 * time.Millisecond // the taxpayer's click
	agentEarly  = 300 * time.Millisecond
	every       = 600 * time.Millisecond // between clicks
	earlyClicks = 12                     // of the agent: the taxpayer answers among them
	lateClicks  = 5                      // more than one: a packet may be late
	voiceFrom   = 8 * time.Second
	voiceTo     = 55 * time.Second
	pauseFrom   = 20 * time.Second
	pauseFor    = 10 * time.Second
	late        = 60 * time.Second
	agentLate   = 63 * time.Second
	minute      = 66 * time.Second
)

// minuteCall is a talk of a minute in which one leg pauses.
type minuteCall struct {
	name            string
	agent, taxpayer softphone.Behaviour
	pauses          func(*archived) (channel []int16, answered time.Time)
}

func minuteCalls() []minuteCall {
	agent := softphone.Answer().Pressing(10*time.Second, "*1").Playing(tone.Mix(
		clicks(agentEarly, earlyClicks, every), during(tone.Sine(agentHz, -12), voiceFrom, voiceTo), clicks(agentLate, lateClicks, every)))
	taxpayer := softphone.AnswerAfter(300 * time.Millisecond).HangingUp(minute).Playing(tone.Mix(
		tone.Click(early), during(tone.Sine(taxpayerHz, -12), voiceFrom, voiceTo), clicks(late, lateClicks, every)))
	return []minuteCall{
		{"the taxpayer's leg pauses", agent, taxpayer.Pausing(pauseFrom, pauseFor),
			func(a *archived) ([]int16, time.Time) { return a.right, a.taxpayer.AnsweredAt }},
		{"the agent's leg pauses", agent.Pausing(pauseFrom, pauseFor), taxpayer,
			func(a *archived) ([]int16, time.Time) { return a.left, a.agent.AnsweredAt }},
	}
}

// TestMeasuredAlignment: after a minute, in which one leg sent nothing for
// 10 s, what was said at one moment lies at one place of both channels; and the
// first thing the taxpayer says is there.
func TestMeasuredAlignment(t *testing.T) {
	t.Parallel()
	s := newSite(t, 2)
	q := s.ledger()
	o, calls := openOffice(t, s, q), minuteCalls()
	o.mouths(func(i int) softphone.Behaviour { return calls[i].agent })
	_, stop := s.runDaemon(slog.New(slog.NewTextHandler(io.Discard, nil)))
	for i := range calls {
		s.addAgent(q, i)
	}
	measured(t, func(round int) (faults []string) {
		ids := s.talk(q, round, len(calls), minute+60*time.Second, func(i int) (string, softphone.Behaviour) {
			return fmt.Sprintf("%s, %d", calls[i].name, round), calls[i].taxpayer
		})
		for i, c := range calls {
			a, ok := s.archived(q, ids[i], i, roundNumber(round, i))
			if ok {
				a.hasItsLength(a.taxpayer.Talked())
				a.hasItsBeginning()
				channel, answered := c.pauses(a)
				a.pausesFor(channel, answered)
				a.isAligned()
			}
			faults = append(faults, a.faults...)
		}
		return faults
	})
	stop()
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}

// mouths lets the i-th agent speak so, whenever the call is his.
func (o *office) mouths(behave func(i int) softphone.Behaviour) {
	o.people.mu.Lock()
	defer o.people.mu.Unlock()
	o.people.agents = func(i int, in softphone.Invite) softphone.Behaviour {
		if b := o.behave(i, in); b.RingOut || b.Status != 0 {
			return b
		}
		return behave(i)
	}
}

// hasItsBeginning checks that the taxpayer's first click is on his channel, at
// its place by the mark and by the agent's channel, and nothing else is until he
// speaks: neither the announcement nor the agent.
func (a *archived) hasItsBeginning() {
	a.t.Helper()
	first, ok := a.click(a.right, a.taxpayer.AnsweredAt.Add(early), every/2)
	if !ok {
		a.fault("the click 50 ms after the answer is not on the taxpayer's channel")
		return
	}
	agent := a.clicks("agent, early", a.left, a.agent.AnsweredAt.Add(agentEarly), earlyClicks)
	a.near("the click 50 ms after the answer, behind the mark", early+first, early, placeTolerance)
	a.near("the channels apart at the answer", first-agent, 0, placeTolerance)
	if l := tone.Level(cut(a.right, a.answer+early+every, a.answer+voiceFrom-every)); l > -60 {
		a.fault("the taxpayer said nothing, and is on the channel at %.1f dB", l)
	}
}

// isAligned compares by how much late clicks on either channel lie behind the
// moments they were said at.
func (a *archived) isAligned() {
	a.t.Helper()
	agent := a.clicks("agent, late", a.left, a.agent.AnsweredAt.Add(agentLate), lateClicks)
	taxpayer := a.clicks("taxpayer, late", a.right, a.taxpayer.AnsweredAt.Add(late), lateClicks)
	a.near("the channels apart, late", taxpayer-agent, 0, alignTolerance)
}

// clicks is how far behind their places clicks lie, in the middle; more than
// half of them must be there.
func (a *archived) clicks(what string, channel []int16, first time.Time, n int) time.Duration {
	a.t.Helper()
	var found []time.Duration
	for i := range n {
		if d, ok := a.click(channel, first.Add(time.Duration(i)*every), every/2); ok {
			found = append(found, d)
		}
	}
	a.t.Logf("%s: %v", what, found)
	if len(found) <= n/2 {
		a.fault("%s: of %d clicks only %d are on the channel", what, n, len(found))
		return time.Hour // near nothing
	}
	slices.Sort(found)
	return found[len(found)/2]
}

// pausesFor checks that the pause is silence of true length at its place.
func (a *archived) pausesFor(channel []int16, answered time.Time) {
	a.t.Helper()
	from := a.place(answered.Add(voiceFrom + time.Second))
	at, length := longestSilence(cut(channel, from, a.place(answered.Add(voiceTo-time.Second))))
	a.near("the pause begins", from+at, a.place(answered.Add(pauseFrom)), lengthTolerance)
	a.near("the pause lasts", length, pauseFor, lengthTolerance)
}

// TestMeasuredStandstills: a switch that stands still now and then
// makes up for the time, so that the end of the talk is not lost. What was said
// meanwhile may lie late until that leg is silent; see measured.
func TestMeasuredStandstills(t *testing.T) {
	t.Parallel()
	const times, standstill, ends = 5, 150 * time.Millisecond, 10 * time.Second
	s := newSite(t, 1)
	q := s.ledger()
	o := openOffice(t, s, q)
	harm := agentScript{during: func(ctx context.Context, d *desk, call *softphone.Call) {
		if !d.until(ctx, answered) || call.SendDigits(ctx, "*1") != nil {
			return
		}
		for range times {
			pause(ctx, time.Second)
			d.asterisk.Pause()
			pause(ctx, standstill)
			d.asterisk.Resume()
		}
	}}
	_, stop := s.runDaemon(slog.New(slog.NewTextHandler(io.Discard, nil)))
	s.addAgent(q, 0)
	measured(t, func(round int) []string {
		ids := s.talk(q, round, 1, 60*time.Second, func(int) (string, softphone.Behaviour) {
			ticket := fmt.Sprintf("stands still, %d", round)
			o.script(ticket, harm)
			return ticket, talks(ends)
		})
		a, ok := s.archived(q, ids[0], 0, roundNumber(round, 0))
		if ok {
			a.hasItsLength(a.taxpayer.Talked())
			a.holdsTheTalk(a.taxpayer.Talked())
		}
		return a.faults
	})
	stop()
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}
