package asterisk

import (
	"context"
	"errors"
	"sync"

	"sambung/telephony"
)

// errTalkOver ends a monitor with the talk it is in.
var errTalkOver = errors.New("the talk ended")

// talks are the talks that this process carries, each with its monitor.
type talks struct {
	mu  sync.Mutex
	all map[string]*talk // mu; by the name of the call
}

// talk is one of them. All of it is guarded by talks.mu.
type talk struct {
	over bool
	stop context.CancelCauseFunc // of the monitor; nil without one
	left chan struct{}           // closed when the monitor is out; nil without one
}

// begin lets monitors in.
func (t *talks) begin(callID string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == nil {
		t.all = make(map[string]*talk)
	}
	t.all[callID] = &talk{}
}

// enter puts a monitor into a talk. Its context ends with the talk; leave says
// that it is out.
func (t *talks) enter(ctx context.Context, callID string) (monitored context.Context, leave func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	talk := t.all[callID]
	switch {
	case talk == nil || talk.over:
		return nil, nil, telephony.ErrNoTalk
	case talk.left != nil:
		return nil, nil, telephony.ErrMonitored
	}
	monitored, stop := context.WithCancelCause(ctx)
	left := make(chan struct{})
	talk.stop, talk.left = stop, left
	return monitored, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		stop(nil)
		close(left)
		talk.stop, talk.left = nil, nil
	}, nil
}

// finish ends a talk's monitor without waiting for it, and lets no other in.
func (t *talks) finish(callID string) (left <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	talk := t.all[callID]
	if talk == nil {
		return nil
	}
	talk.over = true
	if talk.stop != nil {
		talk.stop(errTalkOver)
	}
	return talk.left
}

// end is finish, and returns when the monitor is out.
func (t *talks) end(callID string) {
	if left := t.finish(callID); left != nil {
		<-left
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.all, callID)
}
