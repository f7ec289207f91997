package simulator

import (
	"context"
	"fmt"

	"sambung/telephony/softphone"
)

// Telephone is an agent's, or stands for everyone behind a trunk.
type Telephone struct {
	s        *Simulator
	endpoint string // PJSIP/<name>
	behave   func(softphone.Invite) softphone.Behaviour
	hear     func(context.Context, *Line, string) // may be nil

	// Guarded by the simulator's mu.
	plugged bool
	calls   []*Line
	changed chan struct{} // closed, and replaced, with every new call
}

// Person says what a telephone does with its calls.
type Person struct {
	// Behave is asked for every call. It must not wait, nor call the simulator.
	Behave func(softphone.Invite) softphone.Behaviour
	// Hear is told, from a goroutine of its own, of every media that begins to
	// be played to a call of this telephone; nil: nobody listens. ctx ends with
	// the call, and Close waits until it has returned.
	Hear func(ctx context.Context, l *Line, media string)
}

// AddAgent plugs an agent's telephone in; it is reached as PJSIP/<name>.
func (s *Simulator) AddAgent(name string, p Person) *Telephone {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.newTelephone(name, p)
	s.agents[name] = t
	return t
}

// AddTrunk connects a trunk; whom it leads to is reached as
// PJSIP/<number>@<name>, and the number is the Called of the Invite.
func (s *Simulator) AddTrunk(name string, p Person) *Telephone {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.newTelephone(name, p)
	s.trunks[name] = t
	return t
}

func (s *Simulator) newTelephone(name string, p Person) *Telephone {
	return &Telephone{s: s, endpoint: "PJSIP/" + name, behave: p.Behave, hear: p.Hear, plugged: true, changed: make(chan struct{})}
}

// Endpoint is how the telephone is reached, PJSIP/<name>.
func (t *Telephone) Endpoint() string { return t.endpoint }

// SetPlugged takes the telephone off the network, or the trunk down; or back.
func (t *Telephone) SetPlugged(on bool) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	t.plugged = on
}

// Calls are the records of the calls that are remembered, the oldest first.
func (t *Telephone) Calls() []softphone.CallRecord {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	all := make([]softphone.CallRecord, len(t.calls))
	for i, l := range t.calls {
		all[i] = l.record
	}
	return all
}

// WaitCall waits for a call that satisfies the predicate when it comes, the
// oldest first.
func (t *Telephone) WaitCall(ctx context.Context, satisfies func(softphone.CallRecord) bool) (*Line, error) {
	for {
		t.s.mu.Lock()
		for _, l := range t.calls {
			if satisfies(l.record) {
				t.s.mu.Unlock()
				return l, nil
			}
		}
		changed := t.changed
		t.s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for a call at %s: %w", t.endpoint, ctx.Err())
		}
	}
}

// remember adds a call, and forgets one that is over if there are too many. The
// caller holds mu.
func (t *Telephone) remember(l *Line) {
	if most := t.s.options.Ended; most > 0 && len(t.calls) >= most {
		for i, old := range t.calls {
			if old.record.Ended() {
				t.calls = append(t.calls[:i], t.calls[i+1:]...)
				break
			}
		}
	}
	t.calls = append(t.calls, l)
	close(t.changed)
	t.changed = make(chan struct{})
}
