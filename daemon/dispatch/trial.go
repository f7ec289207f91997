package dispatch

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"sambung/queue"
	"sambung/telephony"
)

const (
	trialAgain = 15 * time.Second // after one that failed, or could not be made
	// trialDefault is how often a recording is tried while all is well.
	trialDefault = 5 * time.Minute
)

// errUntried closes the gate until the first trial is over.
var errUntried = errors.New("no recording was tried yet")

// trials keeps work away from a switch that does not record: a short recording
// is tried when the switch is taken, at intervals, and after a recording alarm.
type trials struct {
	every time.Duration
	asked chan struct{} // one token: try now

	mu  sync.Mutex
	err error // mu; why no call may begin, or nil
}

func newTrials(every time.Duration) *trials {
	if every <= 0 {
		every = trialDefault
	}
	return &trials{every: every, asked: make(chan struct{}, 1), err: errUntried}
}

// passed says why the switch may not be given work, or nil.
func (t *trials) passed() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err != nil {
		return fmt.Errorf("the switch takes no new call until it records: %w", t.err)
	}
	return nil
}

// set keeps a verdict. One that found nothing out leaves the last one, and lets
// the first calls begin: what kept the trial from it is looked at elsewhere.
func (t *trials) set(err error) (changed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if errors.Is(err, telephony.ErrNotTried) {
		if !errors.Is(t.err, errUntried) {
			return false
		}
		err = nil
	}
	changed = (err == nil) != (t.err == nil) || errors.Is(t.err, errUntried)
	t.err = err
	return changed
}

// Records tells whether the switch may be given work as far as recording goes.
func (d *Dispatcher) Records() bool { return d.trials.passed() == nil }

// ask has a recording tried soon.
func (t *trials) ask() {
	select {
	case t.asked <- struct{}{}:
	default: // it will be anyway
	}
}

// tryRecordings tries again and again until ctx ends.
func (d *Dispatcher) tryRecordings(ctx context.Context) {
	for {
		err := d.Switch.TryRecording(ctx)
		if ctx.Err() != nil || errors.Is(err, telephony.ErrSwitchLost) {
			return
		}
		changed := d.trials.set(err)
		failed := err != nil && !errors.Is(err, telephony.ErrNotTried)
		switch {
		case failed && changed:
			d.Log.Error("the switch does not record: it is given no work until it does", "error", err)
		case changed:
			d.Log.Info("the switch records")
			d.nudge()
		}
		wait := d.trials.every
		if err != nil {
			wait = min(wait, trialAgain)
		}
		select {
		case <-ctx.Done():
			return
		case <-d.trials.asked:
		case <-time.After(jitter(wait)):
		}
	}
}

// alarmed has a recording tried when one raised an alarm, here or elsewhere.
func (d *Dispatcher) alarmed(events []queue.Event) {
	for _, e := range events {
		if e.Kind == queue.KindRecordingAlarm {
			d.trials.ask()
			return
		}
	}
}
