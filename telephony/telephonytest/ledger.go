package telephonytest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sambung/telephony"
)

// ledger is the observer of one call's events, through all of its owners.
type ledger struct {
	t    testing.TB
	busy atomic.Bool // an event is being observed

	mu      sync.Mutex
	events  []telephony.Event           // mu; all that became durable
	changed chan struct{}               // mu; closed and replaced with every event
	hook    func(telephony.Event) error // mu; runs before an event becomes durable; may be nil
	endedAt time.Time                   // mu; when Ended was reported
}

func newLedger(t testing.TB) *ledger {
	return &ledger{t: t, changed: make(chan struct{})}
}

// before runs do in the observer before an event becomes durable. An error
// refuses it.
func (l *ledger) before(do func(telephony.Event) error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hook = do
}

// observe takes one event, see telephony.Each.
func (l *ledger) observe(e telephony.Event) error {
	if !l.busy.CompareAndSwap(false, true) {
		l.t.Errorf("%s was reported while another event was being observed", e.Kind)
	}
	defer l.busy.Store(false)
	l.mu.Lock()
	hook := l.hook
	l.mu.Unlock()
	if hook != nil {
		if err := hook(e); err != nil {
			return err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.check(e)
	l.events = append(l.events, e)
	close(l.changed)
	l.changed = make(chan struct{})
	return nil
}

// check is called with the mutex held.
func (l *ledger) check(e telephony.Event) {
	l.t.Helper()
	ended := false
	for _, old := range l.events {
		ended = ended || old.Kind == telephony.Ended
		if old.Kind == e.Kind && once(e.Kind) {
			l.t.Errorf("%s was reported twice", e.Kind)
		}
	}
	switch e.Kind {
	case telephony.Ended:
		l.endedAt = time.Now()
	case telephony.OutcomeRingback:
		if !ended {
			l.t.Errorf("%s before the call ended", e.Kind)
		}
	case telephony.OutcomeKeyed:
		if (e.Via == telephony.ViaInTalk) == ended {
			l.t.Errorf("an outcome by %s, ended: %t", e.Via, ended)
		}
	default:
		if ended {
			l.t.Errorf("%s after the call ended", e.Kind)
		}
	}
	if e.At.IsZero() || time.Since(e.At).Abs() > time.Minute {
		l.t.Errorf("%s at %s: want a moment of this test", e.Kind, e.At)
	}
	if e.Kind.Intent() != (e.Channel != "") {
		l.t.Errorf("%s with channel %q", e.Kind, e.Channel)
	}
}

// once reports whether an event can happen but once in a call.
func once(k telephony.Kind) bool {
	switch k {
	case telephony.RecordingMuted, telephony.RecordingUnmuted, telephony.OutcomeKeyed:
		return false
	}
	return true
}

// kinds are the kinds of all durable events.
func (l *ledger) kinds() []telephony.Kind {
	l.mu.Lock()
	defer l.mu.Unlock()
	kinds := make([]telephony.Kind, len(l.events))
	for i, e := range l.events {
		kinds[i] = e.Kind
	}
	return kinds
}

// all are the durable events of a kind.
func (l *ledger) all(k telephony.Kind) []telephony.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []telephony.Event
	for _, e := range l.events {
		if e.Kind == k {
			found = append(found, e)
		}
	}
	return found
}

// reportedEnd is when Ended was reported; zero if it was not.
func (l *ledger) reportedEnd() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.endedAt
}

// news is closed at the next event.
func (l *ledger) news() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.changed
}

// progress is what the next owner knows.
func (l *ledger) progress() telephony.Progress {
	l.mu.Lock()
	defer l.mu.Unlock()
	var p telephony.Progress
	for _, e := range l.events {
		switch e.Kind {
		case telephony.AgentRinging:
			p.AgentRinging = true
		case telephony.AgentAnswered:
			p.AgentAnswered = true
		case telephony.RecordingStarted:
			p.Tracks = e.Tracks
		case telephony.TaxpayerDialing:
			p.TaxpayerDialing = true
		case telephony.TaxpayerRinging:
			p.TaxpayerRinging = true
		case telephony.TaxpayerAnswered:
			p.AnsweredAt = e.At
		case telephony.AnnouncementPlayed:
			p.Announced = true
		case telephony.IdentityConfirmed:
			p.Identity = true
		case telephony.RecordingMuted:
			p.MutedAt = e.At
		case telephony.RecordingUnmuted:
			p.MutedAt = time.Time{}
		case telephony.Ended:
			p.Ended, p.EndedAt = true, e.At
		case telephony.OutcomeRingback:
			p.RingbackUsed = true
		case telephony.OutcomeKeyed:
			p.OutcomeKnown = true
		}
	}
	return p
}
