package telephonytest

import (
	"context"
	"errors"
	"time"

	"sambung/telephony"
)

// running is a call under way.
type running struct {
	s      *scene
	cancel context.CancelFunc
	done   chan struct{}
	result telephony.Result // set when done is closed
	err    error            // likewise
}

// begin makes the scene's call.
func (s *scene) begin() *running {
	return s.carry(func(ctx context.Context) (telephony.Result, error) {
		return s.sw.Call(ctx, s.request, telephony.Each(s.ledger.observe))
	})
}

// betweenOwners is much less than a lease, which lies between two owners of a switch, and
// enough for Asterisk to have cleared the first one's socket away. It is no good at doing
// that while the next one connects: the new socket can stay deaf, and Asterisk 22.10.1 ended
// on a corrupted heap in such a moment.
const betweenOwners = 100 * time.Millisecond

// resume carries the call on over a new connection, from what was observed.
func (s *scene) resume() *running {
	s.Helper()
	passing(betweenOwners)
	s.connect()
	p := s.ledger.progress()
	return s.carry(func(ctx context.Context) (telephony.Result, error) {
		return s.sw.Resume(ctx, s.request, p, telephony.Each(s.ledger.observe))
	})
}

func (s *scene) carry(run func(context.Context) (telephony.Result, error)) *running {
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{s: s, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(r.done)
		r.result, r.err = run(ctx)
	}()
	s.Cleanup(func() { cancel(); <-r.done })
	return r
}

// returned waits until the call has returned.
func (r *running) returned() {
	r.s.Helper()
	select {
	case <-r.done:
	case <-time.After(3 * patience):
		r.s.Fatalf("the call does not return; events %v", r.s.ledger.kinds())
	}
}

// end waits for the call's end, which must not be an error, and checks that it
// was reported as it is returned.
func (r *running) end() telephony.Result {
	r.s.Helper()
	r.returned()
	if r.err != nil {
		r.s.Fatalf("the call: %v; events %v", r.err, r.s.ledger.kinds())
	}
	ended := r.s.ledger.all(telephony.Ended)
	if len(ended) != 1 || ended[0].Result == nil {
		r.s.Fatalf("the end was reported %d times: %+v", len(ended), ended)
	}
	if got := *ended[0].Result; got.Status != r.result.Status && r.result.Status != telephony.Unknown {
		r.s.Errorf("reported as %s, returned as %s", got.Status, r.result.Status)
	}
	if r.result.EndedAt.IsZero() || r.result.EndedAt.Before(r.result.AnsweredAt) {
		r.s.Errorf("ended at %s, answered at %s", r.result.EndedAt, r.result.AnsweredAt)
	}
	if (r.result.Status == telephony.Answered) == r.result.AnsweredAt.IsZero() {
		r.s.Errorf("%s, and answered at %s", r.result.Status, r.result.AnsweredAt)
	}
	return r.result
}

// ends is end, with the status to expect.
func (r *running) ends(want telephony.Status) telephony.Result {
	r.s.Helper()
	result := r.end()
	if result.Status != want {
		r.s.Errorf("the call ended as %s (SIP %d, cause %d, %s), want %s", result.Status, result.SIPCode, result.Cause, result.Reason, want)
	}
	return result
}

// leave lets the owner die: the call is left as it is.
func (r *running) leave() {
	r.s.Helper()
	r.cancel()
	r.returned()
	if !errors.Is(r.err, context.Canceled) {
		r.s.Fatalf("a call that was left returned %v; events %v", r.err, r.s.ledger.kinds())
	}
	r.s.cutOff()
}

// fails waits for a call that cannot be carried on.
func (r *running) fails(want error) {
	r.s.Helper()
	r.returned()
	if !errors.Is(r.err, want) {
		r.s.Errorf("the call returned %v, want %v", r.err, want)
	}
}
