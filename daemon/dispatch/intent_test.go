package dispatch

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"sambung/queue"
	"sambung/queue/workhours"
	"sambung/telephony"
)

// recordingThenDial is what is told at once right before the taxpayer is rung.
func (c *liveCall) recordingThenDial() error {
	return c.observe(
		telephony.Event{Kind: telephony.RecordingStarted, At: time.Now(), Tracks: &telephony.Tracks{Agent: "a", Taxpayer: "t"}},
		telephony.Event{Kind: telephony.TaxpayerDialing, At: time.Now(), Channel: "c"})
}

// counting counts the writes that reached the ledger, and loses the replies to
// some: they were carried out.
type counting struct {
	*sleepy
	writes, lose int
}

var errReplyLost = errors.New("the reply was lost")

func (q *counting) Append(ctx context.Context, c queue.Change) (queue.State, error) {
	s, err := q.sleepy.Append(ctx, c)
	if err == nil {
		q.writes++
	}
	if err == nil && q.writes <= q.lose {
		err = errReplyLost
	}
	return s, err
}

// TestWhatWasSeenGoesWithTheIntent: in one write, in order.
func TestWhatWasSeenGoesWithTheIntent(t *testing.T) {
	s := &sleepy{}
	d := over(t, s, workhours.AlwaysOpen())
	q := &counting{sleepy: s}
	d.Queue = q
	if err := carried(d).recordingThenDial(); err != nil || q.writes != 1 {
		t.Errorf("%d writes, %v", q.writes, err)
	}
	s.wrote(t, queue.KindRecordingStarted, queue.KindTaxpayerDialing)
}

// TestWhatWasSeenStandsWithoutTheIntent: the office has closed, or the ledger was
// away, or took both and could not say so: what was seen is told, and once.
func TestWhatWasSeenStandsWithoutTheIntent(t *testing.T) {
	for name, c := range map[string]struct {
		office queue.WorkingTime
		away   time.Duration
		lose   int
		err    error
		wrote  []queue.Kind
	}{
		"closed":     {office: shut{}, err: errClosed, wrote: []queue.Kind{queue.KindRecordingStarted}},
		"away":       {office: workhours.AlwaysOpen(), away: time.Minute, err: errAway, wrote: []queue.Kind{queue.KindRecordingStarted}},
		"reply lost": {office: workhours.AlwaysOpen(), lose: 1, err: errReplyLost, wrote: []queue.Kind{queue.KindRecordingStarted, queue.KindTaxpayerDialing}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &sleepy{until: time.Now().Add(c.away)}
				d := over(t, s, c.office)
				d.Queue = &counting{sleepy: s, lose: c.lose}
				call := carried(d)
				if err := call.recordingThenDial(); !errors.Is(err, c.err) {
					t.Errorf("the intent: %v, want %v", err, c.err)
				}
				if err := call.caughtUp(t.Context()); err != nil {
					t.Error(err)
				}
				s.wrote(t, c.wrote...)
				if n := d.Journal.Depth(); n != 0 {
					t.Errorf("the journal still holds %d", n)
				}
			})
		})
	}
}

// TestWhatWasSeenComesAfterWhatIsInTheJournal: and the intent after both.
func TestWhatWasSeenComesAfterWhatIsInTheJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sleepy{until: time.Now().Add(time.Second)}
		c := carried(over(t, s, workhours.AlwaysOpen()))
		if err := c.sees(telephony.AgentAnswered); err != nil {
			t.Error(err)
		}
		if err := c.recordingThenDial(); !errors.Is(err, telephony.ErrNotYet) {
			t.Errorf("an intent before what was seen earlier: %v", err)
		}
		if err := c.caughtUp(t.Context()); err != nil {
			t.Error(err)
		}
		if err := c.sees(telephony.TaxpayerDialing); err != nil {
			t.Error(err)
		}
		s.wrote(t, queue.KindAgentAnswered, queue.KindRecordingStarted, queue.KindTaxpayerDialing)
	})
}
