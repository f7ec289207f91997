package dispatch

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sambung/queue"
	"sambung/queue/workhours"
	"sambung/telephony"
)

// mute is a switch whose recordings fail until a moment; and how often one was tried.
type mute struct {
	*sleepy
	err error

	mu    sync.Mutex
	until time.Time // mu
	tried int       // mu
}

func (m *mute) TryRecording(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.tried++; time.Now().Before(m.until) {
		return m.err
	}
	return nil
}

// since returns how often a recording was tried since it was last asked, and lets
// trials fail for a time from now on.
func (m *mute) since(fails time.Duration) (tried int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	tried, m.tried, m.until = m.tried, 0, time.Now().Add(fails)
	return tried
}

// TestASwitchThatDoesNotRecordIsGivenNoWork: not before the first trial, nor
// while trials fail; and again soon after they succeed. Afterwards they are rare,
// unless a recording raises an alarm.
func TestASwitchThatDoesNotRecordIsGivenNoWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &mute{sleepy: &sleepy{}, err: errors.New("the disk is full"), until: time.Now().Add(time.Minute)}
		d := over(t, m.sleepy, workhours.AlwaysOpen())
		d.Switch, d.trials = m, newTrials(trialDefault)
		claims := func(want bool) {
			t.Helper()
			m.claims = 0
			if err := d.claimAll(t.Context()); (err == nil) != want && !errors.Is(d.trials.passed(), errUntried) || (m.claims > 0) != want {
				t.Errorf("%d claims, %v; want any: %v", m.claims, err, want)
			}
		}
		claims(false)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go d.tryRecordings(ctx)
		time.Sleep(59 * time.Second)
		claims(false)
		time.Sleep(2 * trialAgain)
		claims(true)

		m.since(0)
		time.Sleep(time.Hour)
		if tried := m.since(time.Hour); tried < 10 || tried > 15 {
			t.Errorf("%d trials in an hour, want one in %s", tried, trialDefault)
		}
		d.alarmed([]queue.Event{{Kind: queue.KindTaxpayerAnswered}, {Kind: queue.KindRecordingAlarm}})
		synctest.Wait()
		if tried := m.since(time.Hour); tried != 1 {
			t.Errorf("%d trials at once after an alarm, want 1", tried)
		}
		claims(false)
	})
}

// TestWhatWasNotTriedStopsNothing: a trunk that is away, or events that do not
// come, are looked at elsewhere; a failure stands until a trial succeeds.
func TestWhatWasNotTriedStopsNothing(t *testing.T) {
	trials := newTrials(0)
	failed := errors.New("the disk is full")
	for _, step := range []struct {
		err  error
		want bool
	}{{telephony.ErrNotTried, true}, {failed, false}, {telephony.ErrNotTried, false}, {nil, true}, {telephony.ErrNotTried, true}} {
		trials.set(step.err)
		if err := trials.passed(); (err == nil) != step.want {
			t.Errorf("after %v: %v; want work: %v", step.err, err, step.want)
		}
	}
}
