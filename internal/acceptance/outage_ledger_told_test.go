package acceptance_test

import (
	"testing"
	"time"

	"sambung/queue"
)

// histories are those of all, as the ledger acknowledged them.
func (l *ledgerOutage) histories() (all [ledgerAgents][]queue.Activity) {
	l.t.Helper()
	for i, id := range l.ids {
		history, err := l.q.History(l.t.Context(), id)
		if err != nil {
			l.t.Fatal(err)
		}
		all[i] = history
	}
	return all
}

// kept checks that the histories go on where they were.
func (l *ledgerOutage) kept(before [ledgerAgents][]queue.Activity) {
	l.t.Helper()
	for i, after := range l.histories() {
		for n, a := range before[i] {
			if n >= len(after) || after[n].Hash != a.Hash {
				l.t.Errorf("%s: activity %d, %s, was acknowledged before the kill and is not there after", ticketOf(i), a.Seq, a.Kind)
				l.tell(l.q, l.ids[i])
				break
			}
		}
	}
}

// told checks that the histories tell all that happened, what happened
// meanwhile included, in its order, and that it happened once.
func (l *ledgerOutage) told() {
	t := l.t
	confirmedInTalk := []queue.Kind{
		queue.KindTaxpayerAnswered, queue.KindAnnouncementPlayed, queue.KindOutcomeConfirmed, queue.KindCallEnded, queue.KindAttemptSettled,
	}
	stories := [...]struct {
		meanwhile []queue.Kind // seen while the ledger was away
		order     []queue.Kind
		attempts  int
	}{
		talking:   {nil, conversation, 1},
		ending:    {[]queue.Kind{queue.KindOutcomeConfirmed, queue.KindCallEnded}, confirmedInTalk, 1},
		ringing:   {[]queue.Kind{queue.KindTaxpayerAnswered, queue.KindAnnouncementPlayed}, conversation, 1},
		answering: {[]queue.Kind{queue.KindAgentAnswered, queue.KindRecordingStarted}, conversation, 1},
		retried:   {nil, conversation, 2},
	}
	for i, story := range stories {
		t.Run(ticketOf(i), func(t *testing.T) {
			s, id := l.in(t), l.ids[i]
			s.delivered(l.q, id)
			s.ordered(l.q, id, story.order)
			for _, k := range story.meanwhile {
				if at := s.last(l.q, id, k).At; !within(at, l.killed, l.back) {
					t.Errorf("%s at %s; the ledger was away from %s to %s", k, at, l.killed, l.back)
				}
			}
			if n := s.state(l.q, id).Attempt; n != story.attempts || s.invitesOf(number(i)) != story.attempts {
				t.Errorf("%d attempts, %d times rung, want %d", n, s.invitesOf(number(i)), story.attempts)
			}
		})
	}
}

// ordered checks that the latest attempt has these activities, others between,
// each no earlier than the one before.
func (s *site) ordered(q queue.Queue, id queue.ID, kinds []queue.Kind) {
	s.t.Helper()
	history, err := q.History(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	next, at := 0, time.Time{}
	for _, a := range history {
		if a.Kind == queue.KindAssigned { // another attempt
			next, at = 0, time.Time{}
		}
		if next == len(kinds) || a.Kind != kinds[next] {
			continue
		}
		if a.At.Before(at) {
			s.t.Errorf("%s at %s, after what happened at %s", a.Kind, a.At, at)
		}
		next, at = next+1, a.At
	}
	if next < len(kinds) {
		s.t.Errorf("%s is missing or out of order", kinds[next])
		s.tell(q, id)
	}
}

// throughout watches for a while that something holds all the time.
func throughout(t *testing.T, d time.Duration, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(100 * time.Millisecond) { // watching servers of other processes
		if !holds() {
			t.Fatalf("not throughout: %s", what)
		}
	}
}

// within reports whether a moment lies in an outage. Times in the ledger are
// whole milliseconds, rounded down.
func within(at, from, to time.Time) bool {
	return !at.Before(from.Truncate(time.Millisecond)) && !at.After(to)
}

// invitesOf counts the dialogs in which the carrier was asked to ring a number.
func (s *site) invitesOf(phone string) int {
	n := 0
	for _, i := range s.invites() {
		if i.Number == phone {
			n++
		}
	}
	return n
}
