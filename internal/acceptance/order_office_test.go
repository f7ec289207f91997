package acceptance_test

import (
	"cmp"
	"context"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sambung/queue"
	"sambung/telephony"
)

// handClock stands still but for what a test lets pass.
type handClock struct {
	// gate keeps the time still between the announcement of a dial and the dial.
	gate sync.RWMutex
	now  atomic.Int64 // Unix, milliseconds
}

func (c *handClock) Now() time.Time { return time.UnixMilli(c.now.Load()).UTC() }

func (c *handClock) set(t time.Time) {
	c.gate.Lock()
	defer c.gate.Unlock()
	c.now.Store(t.UnixMilli())
}

func (c *handClock) pass(d time.Duration) {
	c.gate.Lock()
	defer c.gate.Unlock()
	c.now.Add(d.Milliseconds())
}

// promptSwitch is a telephone switch at which everybody answers at once and
// every agent confirms at once. Only between the agent's answer and the dial of
// the taxpayer does time pass.
type promptSwitch struct {
	clock   *handClock
	preview time.Duration // what passes
	refused func(callID string)

	mu      sync.Mutex
	dialled []dial        // mu
	held    chan struct{} // mu; calls go on when it is closed
}

// hold lets calls wait at the agent's answer until letGo is called.
func (s *promptSwitch) hold() (letGo func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := make(chan struct{})
	s.held = held
	return sync.OnceFunc(func() { close(held) })
}

// answered returns when the agent has answered.
func (s *promptSwitch) answered(ctx context.Context) error {
	s.mu.Lock()
	held := s.held
	s.mu.Unlock()
	select {
	case <-held:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// dial is one taxpayer rung.
type dial struct {
	number, agent string
	at            time.Time
}

var _ telephony.Switch = (*promptSwitch)(nil)

func (s *promptSwitch) Call(ctx context.Context, r telephony.Request, observe telephony.Observer) (telephony.Result, error) {
	event := func(k telephony.Kind) telephony.Event {
		return telephony.Event{Kind: k, At: s.clock.Now(), Channel: r.ID + "-leg"}
	}
	if err := observe(event(telephony.AgentRinging)); err != nil {
		return telephony.Result{}, err
	}
	if err := s.answered(ctx); err != nil {
		return telephony.Result{}, err
	}
	_ = observe(event(telephony.AgentAnswered)) // an observation cuts nothing
	s.clock.pass(s.preview)
	if err := s.dial(r, observe, event(telephony.TaxpayerDialing)); err != nil {
		s.refused(r.ID)
		return telephony.Result{}, err
	}
	result := telephony.Result{Status: telephony.Answered, EndedBy: telephony.PartyTaxpayer, AnsweredAt: s.clock.Now(), EndedAt: s.clock.Now()}
	_ = observe(event(telephony.TaxpayerAnswered))
	ended, keyed := event(telephony.Ended), event(telephony.OutcomeKeyed)
	ended.Result, keyed.Key, keyed.Via = &result, "1", telephony.ViaKeypad
	_ = observe(ended)
	_ = observe(keyed)
	return result, nil
}

// dial rings the taxpayer, if that may be.
func (s *promptSwitch) dial(r telephony.Request, observe telephony.Observer, intent telephony.Event) error {
	s.clock.gate.RLock()
	defer s.clock.gate.RUnlock()
	if err := observe(intent); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dialled = append(s.dialled, dial{r.Number, r.Agent, s.clock.Now()})
	return nil
}

func (s *promptSwitch) rung() []dial {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]dial(nil), s.dialled...)
}

// Resume is for calls that another process left; here nobody leaves any.
func (s *promptSwitch) Monitor(context.Context, telephony.MonitorRequest, telephony.Observer) error {
	return telephony.ErrNoTalk
}

func (s *promptSwitch) Resume(context.Context, telephony.Request, telephony.Progress, telephony.Observer) (telephony.Result, error) {
	return telephony.Result{Status: telephony.Unknown, EndedAt: s.clock.Now()}, nil
}

func (*promptSwitch) Fetch(context.Context, string, io.Writer) (int64, error) {
	return 0, telephony.ErrNoRecording
}
func (*promptSwitch) Remove(context.Context, string) error              { return nil }
func (*promptSwitch) Discard(context.Context, string) error             { return nil }
func (*promptSwitch) Calls(context.Context) ([]string, error)           { return nil, nil }
func (*promptSwitch) Check(context.Context) error                       { return nil }
func (*promptSwitch) Traces(context.Context) ([]telephony.Trace, error) { return nil, nil }
func (*promptSwitch) Gaps() int                                         { return 0 }
func (*promptSwitch) Recorded(context.Context) ([]string, error)        { return nil, nil }
func (*promptSwitch) TryRecording(context.Context) error                { return nil }

// watchedCalendar counts how often it was closed when it was asked.
type watchedCalendar struct {
	queue.WorkingTime
	closed atomic.Int64
}

func (c *watchedCalendar) Open(t time.Time) bool {
	open := c.WorkingTime.Open(t)
	if !open {
		c.closed.Add(1)
	}
	return open
}

// watchedQueue is a ledger that holds every claim against a model of what waits.
type watchedQueue struct {
	queue.Queue
	t *testing.T

	mu      sync.Mutex
	claims  int                         // mu
	waiting map[queue.ID]queue.FollowUp // mu; claimable by the model
	given   map[queue.ID]queue.FollowUp // mu; claimed, each the last time
	// back were claimed and not dialled: claimable again at a moment that the
	// model cannot tell, so they may be given and need not be.
	back map[queue.ID]queue.FollowUp // mu
}

func (q *watchedQueue) Claim(ctx context.Context, c queue.Claim) (queue.State, error) {
	s, err := q.Queue.Claim(ctx, c)
	if err == nil {
		q.judge(c.Agent, s.FollowUp.ID)
	}
	return s, err
}

// judge fails the test unless the follow-up is the first of those that this
// agent may be given.
func (q *watchedQueue) judge(agent queue.AgentID, id queue.ID) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.claims++
	f, ok := q.waiting[id]
	if !ok {
		f, ok = q.back[id]
	}
	switch {
	case !ok:
		q.t.Errorf("%s was given %s, which nobody may be given", agent, id)
	case f.Agent != "" && f.Agent != agent:
		q.t.Errorf("%s was given %s, which is for %s", agent, id, f.Agent)
	}
	delete(q.waiting, id)
	delete(q.back, id)
	q.given[id] = f
	for _, w := range q.waiting {
		if (w.Agent == "" || w.Agent == agent) && earlier(w, f) {
			q.t.Errorf("%s was given %s of %s before %s of %s", agent, id, f.Deadline, w.ID, w.Deadline)
			return // one is enough
		}
	}
}

// earlier is the order of the queue: by deadline, then by id.
func earlier(a, b queue.FollowUp) bool {
	return cmp.Or(a.Deadline.Compare(b.Deadline), cmp.Compare(a.ID, b.ID)) < 0
}

func (q *watchedQueue) wait(fs ...queue.FollowUp) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, f := range fs {
		q.waiting[f.ID] = f
	}
}

// giveBack notes that a call was ended before its taxpayer was dialled.
func (q *watchedQueue) giveBack(id queue.ID) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.back[id] = q.given[id]
}

// settled makes what was given back claimable, once no call is under way, and
// returns how many that were.
func (q *watchedQueue) settled() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := len(q.back)
	for id, f := range q.back {
		q.waiting[id] = f
	}
	clear(q.back)
	return n
}

// counts are the claims so far, and what is still to be claimed.
func (q *watchedQueue) counts() (claims, left int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.claims, len(q.waiting) + len(q.back)
}
