package failover

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// kinds are those of a follow-up's history.
func (o *office) kinds(id queue.ID) []queue.Kind {
	o.Helper()
	history, err := o.queue.History(o.Context(), id)
	o.must(err)
	var all []queue.Kind
	for _, a := range history {
		all = append(all, a.Kind)
	}
	return all
}

// stays is a taxpayer who answers and talks on for a while.
func stays(d time.Duration) softphone.Behaviour {
	return softphone.AnswerAfter(100 * time.Millisecond).Playing(tone.Sine(880, -12)).HangingUp(d)
}

// rings is one who answers late.
func rings(d time.Duration) softphone.Behaviour {
	return softphone.AnswerAfter(d).Playing(tone.Sine(880, -12)).HangingUp(1500 * time.Millisecond)
}

// The master is killed in the middle of work, and no replica has anything of the
// last seconds: an enqueue, a claim, an intent, an answer. The daemon that wrote
// it lives, and writes it again before anything else: calls go on, nobody is
// rung twice, work continues on the new master.
func TestFailoverInTheMiddleOfWork(t *testing.T) {
	o := underSentinel(t, 3)
	o.taxpayers(stays(8 * time.Second))
	before := o.enqueue(1)
	o.daemon("node-a")
	o.eventually("the first talks", func() bool { return o.state(before).Status == queue.StatusTalking })

	first := o.redis.Master(t.Context())
	o.redis.HoldBack(t)
	talking := o.enqueue(2)
	o.eventually("the second talks", func() bool { return o.state(talking).Status == queue.StatusTalking })
	o.taxpayers(rings(8 * time.Second))
	ringing := o.enqueue(3)
	o.eventually("the third is rung", func() bool { return o.rung(3) == 1 })
	first.Kill()
	o.promoted(first)
	after := o.enqueue(4)
	o.over(before, talking, ringing, after)
	for i, id := range []queue.ID{before, talking, ringing, after} {
		if s := o.state(id); s.Attempt != 1 || s.Outcome != queue.OutcomeDelivered || o.rung(i+1) != 1 {
			t.Errorf("follow-up %d: attempt %d, outcome %q, rung %d times", i+1, s.Attempt, s.Outcome, o.rung(i+1))
		}
	}
}

// lostIntent kills master and daemon while the taxpayer is rung. No replica has
// more of it than that it was queued or, when claimed, that the agent was rung.
func lostIntent(t *testing.T, behave softphone.Behaviour, claimed bool) (o *office, id queue.ID) {
	t.Helper()
	o = underSentinel(t, 1)
	o.taxpayers(behave)
	a := o.daemon("node-a")
	o.owned()
	if claimed {
		o.agentAnswers(softphone.RingOut())
		id = o.enqueue(1)
		line, err := o.agents[0].WaitCall(t.Context(), func(softphone.CallRecord) bool { return true })
		o.must(err)
		o.eventually("the agent is rung", func() bool { return o.state(id).Status == queue.StatusDialing })
		o.holdBack(id)
		o.agentAnswers(softphone.Answer().Playing(tone.Sine(440, -12)))
		o.must(line.Answer(t.Context()))
	} else {
		o.presence(0, queue.PresencePaused)
		id = o.enqueue(1)
		o.holdBack(id)
		o.presence(0, queue.PresenceReady)
	}
	o.eventually("the taxpayer is rung", func() bool { return o.rung(1) == 1 })
	first := o.redis.Master(t.Context())
	first.Kill()
	a.Kill()
	o.promoted(first)
	o.eventually("the new master answers", func() bool { return o.state(id).Version > 0 })
	return o, id
}

// Daemon and master die right after the intent: the new master says queued, and
// only the recording at the switch tells that the taxpayer was rung. The attempt
// counts as made, and goes to people.
func TestALostAttemptIsFoundAtTheSwitch(t *testing.T) {
	o, id := lostIntent(t, softphone.RingOut(), false)
	if s := o.state(id); s.Status != queue.StatusQueued || s.Attempt != 0 {
		t.Fatalf("the new master says %s, attempt %d: nothing was lost", s.Status, s.Attempt)
	}
	o.daemon("node-b")
	o.over(id)
	s := o.state(id)
	if s.Status != queue.StatusHandedBack || s.Attempt != 1 || s.Reason != queue.ReasonFoundAtSwitch || o.rung(1) != 1 {
		t.Errorf("%s, attempt %d, %q; rung %d times", s.Status, s.Attempt, s.Reason, o.rung(1))
	}
	if len(s.Recordings) != 1 || s.Recordings[0].Key == "" {
		t.Errorf("recordings %+v", s.Recordings)
	}
}

// The same with the claim known: the attempt is completed, and filed as unknown.
func TestALostIntentIsFoundAtTheSwitch(t *testing.T) {
	o, id := lostIntent(t, softphone.RingOut(), true)
	s := o.state(id)
	if s.Status != queue.StatusDialing || !s.Call.TaxpayerDialingAt.IsZero() {
		t.Fatalf("the new master says %s, dialled at %s: nothing was lost", s.Status, s.Call.TaxpayerDialingAt)
	}
	o.taxpayers(stays(1500 * time.Millisecond))
	o.daemon("node-b")
	o.over(id)
	s, kinds := o.state(id), o.kinds(id)
	first := kinds[:slices.Index(kinds, queue.KindAttemptSettled)]
	if !slices.Contains(first, queue.KindTaxpayerDialing) || !slices.Contains(first, queue.KindReconciling) {
		t.Errorf("the first attempt went %v", first)
	}
	if s.Outcome != queue.OutcomeDelivered || o.rung(1) != s.Attempt {
		t.Errorf("outcome %q after %d attempts, rung %d times", s.Outcome, s.Attempt, o.rung(1))
	}
}

// says waits until a daemon has said something in its log.
func (o *office) says(p *realservers.ProgramServer, what string) {
	o.Helper()
	o.eventually("the log says: "+what, func() bool {
		text, err := os.ReadFile(p.LogPath)
		return err == nil && strings.Contains(string(text), what)
	})
}

// unknown waits until the new master says that it knows no such follow-up.
func (o *office) unknown(q *redisqueue.Queue, id queue.ID) {
	o.Helper()
	o.eventually("the new master knows no such follow-up", func() bool {
		_, err := q.State(o.Context(), id)
		return errors.Is(err, queue.ErrNotFound)
	})
}

// A follow-up is lost with the master and with the daemon that carried it out, and
// the daemon that took it in lives: it writes it again, but not before the new master was
// compared with the switch, and others are dialled. Its attempt is found then, and the
// taxpayer is not rung anew.
func TestAFollowUpThatComesBackIsNotRungAnew(t *testing.T) {
	o := underSentinel(t, 1)
	other := o.open()
	o.taxpayers(softphone.RingOut())
	a := o.daemon("node-a")
	o.owned()
	o.redis.HoldBack(t)
	id := o.enqueue(1) // by o.queue, which is not heard of for a while
	o.eventually("the taxpayer is rung", func() bool { return o.rung(1) == 1 })
	first := o.redis.Master(t.Context())
	first.Kill()
	a.Kill()
	o.promoted(first)
	o.unknown(other, id)
	o.says(o.daemon("node-b"), "the calls of the switch were compared")
	o.over(id)
	if s := o.state(id); s.Status != queue.StatusHandedBack || s.Attempt != 1 || s.Reason != queue.ReasonFoundAtSwitch || o.rung(1) != 1 {
		t.Errorf("%s, attempt %d, %q; rung %d times", s.Status, s.Attempt, s.Reason, o.rung(1))
	}
}

// The daemon that carries it out lives, too, and is the first at the new master, which
// knows nothing of the follow-up: agent and number are free there. Nobody is dialled until
// it is back, and then all that was written of it is; the talk goes on.
func TestAFollowUpThatComesBackInTheTalk(t *testing.T) {
	o := underSentinel(t, 2)
	other := o.open()
	o.taxpayers(stays(50 * time.Second))
	a := o.daemon("node-a")
	o.owned()
	o.redis.HoldBack(t)
	id := o.enqueue(1) // by o.queue, which is not heard of for a while
	o.eventually("they talk", func() bool {
		s, err := other.State(t.Context(), id)
		return err == nil && s.Status == queue.StatusTalking
	})
	line, err := o.carrier.WaitCall(t.Context(), softphone.CallRecord.Answered)
	o.must(err)
	first := o.redis.Master(t.Context())
	first.Kill()
	o.promoted(first)
	o.unknown(other, id)
	o.says(a, "what it had not received was written again") // as far as it can be
	o.eventually("it is back, and they talk", func() bool { return o.state(id).Status == queue.StatusTalking })
	o.must(line.HangUp(t.Context()))
	o.over(id)
	s, kinds := o.state(id), o.kinds(id)
	if s.Attempt != 1 || s.Outcome != queue.OutcomeDelivered || o.rung(1) != 1 {
		t.Errorf("attempt %d, outcome %q, rung %d times", s.Attempt, s.Outcome, o.rung(1))
	}
	if slices.Contains(kinds, queue.KindReconciling) || !slices.Contains(kinds, queue.KindTaxpayerAnswered) {
		t.Errorf("it went %v", kinds)
	}
}

// forgotten lets a whole call pass of which no replica has more than the ledger
// knew when it stood at a status, and kills master and daemon.
func forgotten(t *testing.T, known queue.Status) (o *office, id queue.ID) {
	t.Helper()
	o = underSentinel(t, 1)
	a := o.daemon("node-a")
	o.owned()
	o.presence(0, queue.PresencePaused)
	id = o.enqueue(1)
	if known == queue.StatusQueued {
		o.holdBack(id)
	}
	o.presence(0, queue.PresenceReady)
	if known != queue.StatusQueued {
		o.eventually("it is "+string(known), func() bool { return o.state(id).Status == known })
		o.holdBack(id)
	}
	o.sealed(id)
	first := o.redis.Master(t.Context())
	first.Kill()
	a.Kill()
	o.promoted(first)
	o.eventually("the new master answers", func() bool { return o.state(id).Version > 0 })
	if s := o.state(id); s.Status.Ended() {
		t.Fatalf("the new master says %s: nothing was lost", s.Status)
	}
	return o, id
}

// A call that was over, archived, gone from the switch and sealed is forgotten by
// the new master and nobody lives who wrote it: the archive knows it. Nobody is
// rung again, and what was sealed is what is sealed.
func TestAForgottenCallIsFoundInTheArchive(t *testing.T) {
	for _, known := range []queue.Status{queue.StatusQueued, queue.StatusTalking} {
		t.Run(string(known), func(t *testing.T) {
			o, id := forgotten(t, known)
			o.daemon("node-b")
			o.over(id)
			s := o.state(id)
			if s.Outcome != queue.OutcomeDelivered || s.Dossier != queue.DossierSealed || s.Attempt != 1 || o.rung(1) != 1 {
				t.Errorf("%s, outcome %q, dossier %s, attempt %d; rung %d times", s.Status, s.Outcome, s.Dossier, s.Attempt, o.rung(1))
			}
		})
	}
}

// A talk whose attempt is lost is not cut: nothing is dialled until it is over.
func TestALostTalkIsNotCut(t *testing.T) {
	const talk = 9 * time.Second
	o, id := lostIntent(t, stays(talk), false)
	o.presence(0, queue.PresenceReady)
	o.daemon("node-b")
	other := o.enqueue(2)
	o.taxpayers(stays(1500 * time.Millisecond))
	o.over(id, other)
	calls := o.carrier.Calls()
	if len(calls) != 2 || calls[0].Called != number(1) {
		t.Fatalf("%d calls: %+v", len(calls), calls)
	}
	if got := calls[0].EndedAt.Sub(calls[0].AnsweredAt); got < talk-500*time.Millisecond {
		t.Errorf("the talk was cut after %s of %s", got, talk)
	}
	if calls[1].InvitedAt.Before(calls[0].EndedAt) {
		t.Error("somebody was rung before it was over")
	}
	if s := o.state(id); s.Status != queue.StatusHandedBack || s.Attempt != 1 {
		t.Errorf("%s, attempt %d", s.Status, s.Attempt)
	}
}

// The epoch was raised, and the failover lost that: it is no backup that was
// restored, and the daemon that raised it goes on.
func TestAFailoverIsNoSetback(t *testing.T) {
	o := underSentinel(t, 1)
	o.presence(0, queue.PresencePaused)
	id := o.enqueue(1)
	o.holdBack(id)
	o.daemon("node-a") // raises the epoch at the old master alone
	o.owned()
	first := o.redis.Master(t.Context())
	first.Kill()
	o.promoted(first)
	o.eventually("the new master answers", func() bool { return o.state(id).Version > 0 })
	o.presence(0, queue.PresenceReady)
	o.over(id)
	if s := o.state(id); s.Outcome != queue.OutcomeDelivered || o.rung(1) != 1 {
		t.Errorf("%s, outcome %q, rung %d times", s.Status, s.Outcome, o.rung(1))
	}
}
