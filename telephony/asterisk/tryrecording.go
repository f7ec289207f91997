package asterisk

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"sambung/telephony"
	"sambung/telephony/ari"
)

const (
	trialPrefix = "recording-trial-"
	trialLength = 300 * time.Millisecond
	trialLeast  = 100 * time.Millisecond // that must be in the file
	trialLimit  = 10 * time.Second       // for all of it
	trialOrphan = "30"                   // seconds after which a channel of ours ends that nobody removed
)

// routeOf is whose events those of an object are: a call's, or a trial's.
func routeOf(object string) string {
	if rest, ok := strings.CutPrefix(object, trialPrefix); ok {
		id, _, _ := strings.Cut(rest, "-")
		return trialPrefix + id
	}
	return callOf(object)
}

// TryRecording records a moment of silence as calls are recorded, by the snoop
// of a channel that is created and never dialled, and looks at the file: a disk
// that is full shows there alone. See telephony.Switch.
func (s *Switch) TryRecording(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, trialLimit)
	defer cancel()
	t := &trial{sw: s, id: trialPrefix + strings.ToLower(rand.Text()[:10])}
	t.events = s.stream.Subscribe(t.id)
	defer t.events.Close()
	channel := ari.CreateChannel{ID: t.id, Endpoint: "PJSIP/" + s.config.Trunk, Variables: map[string]string{"TIMEOUT(absolute)": trialOrphan}}
	if _, err := s.client.CreateChannel(ctx, channel); err != nil {
		return fmt.Errorf("%w: no channel can be made: %w", telephony.ErrNotTried, err)
	}
	defer t.tidy(ctx)
	if err := t.started(ctx, t.id); err != nil {
		return fmt.Errorf("%w: %w", telephony.ErrNotTried, err)
	}
	return verdict(t.record(ctx))
}

// verdict tells a switch that does not record from one that does not answer.
func verdict(err error) error {
	if refused := (*ari.Error)(nil); errors.As(err, &refused) && ari.Status(err) == 0 {
		return fmt.Errorf("%w: %w", telephony.ErrNotTried, err)
	}
	return err
}

// trial is one recording for trial.
type trial struct {
	sw     *Switch
	id     string
	events *ari.Subscription
}

func (t *trial) record(ctx context.Context) error {
	client, snoop := t.sw.client, t.id+"-snoop"
	if _, err := client.Snoop(ctx, t.id, snoop); err != nil {
		return fmt.Errorf("a channel cannot be listened to: %w", err)
	}
	if err := t.started(ctx, snoop); err != nil {
		return err
	}
	if err := client.RecordWith(ctx, snoop, ari.RecordOptions{Name: t.id, MaxDuration: 5 * time.Second}); err != nil {
		return fmt.Errorf("a recording does not begin; see that Asterisk's recording folder is there and may be written to: %w", err)
	}
	select {
	case <-time.After(trialLength):
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := client.StopRecording(ctx, t.id); err != nil {
		return fmt.Errorf("a recording does not stop: %w", err)
	}
	end, err := t.until(ctx, func(e ari.Event) bool {
		return (e.Type == ari.RecordingFinished || e.Type == ari.RecordingFailed) && e.Recording.Name == t.id
	})
	if err != nil || end.Type == ari.RecordingFailed {
		return errors.Join(fmt.Errorf("a recording does not end well: %s", end.Recording.Cause), err)
	}
	n, err := client.RecordingFile(ctx, t.id, io.Discard)
	if err != nil {
		return fmt.Errorf("a recording cannot be fetched: %w", err)
	}
	if length := time.Duration(max(n-wavHeader, 0)) * time.Second / wavBytesPerSecond; length < trialLeast {
		return fmt.Errorf("of a recording of %s, %s are in the file; see whether the disk of the switch is full", trialLength, length)
	}
	return nil
}

// until waits for an event.
func (t *trial) until(ctx context.Context, wanted func(ari.Event) bool) (ari.Event, error) {
	for {
		for _, e := range t.events.Take() {
			switch {
			case e.Type == ari.Replaced:
				return e, telephony.ErrSwitchLost
			case e.Type == ari.Gap:
				return e, fmt.Errorf("%w: events were lost meanwhile", telephony.ErrNotTried)
			case wanted(e):
				return e, nil
			}
		}
		select {
		case <-t.events.Ready():
		case <-ctx.Done():
			return ari.Event{}, ctx.Err()
		}
	}
}

// started waits for a channel to enter the application.
func (t *trial) started(ctx context.Context, channel string) error {
	_, err := t.until(ctx, func(e ari.Event) bool { return e.Type == ari.StasisStart && e.Channel.ID == channel })
	return err
}

// tidy removes what the trial made, and what earlier ones left that were cut off
// with their process: one is made at a time.
func (t *trial) tidy(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), trialLimit)
	defer cancel()
	channels, err := t.sw.channels(ctx)
	errs := []error{err}
	for _, id := range channels {
		if strings.HasPrefix(id, trialPrefix) {
			errs = append(errs, unlessGone(t.sw.client.HangUp(ctx, id)))
		}
	}
	recordings, err := t.sw.client.StoredRecordings(ctx)
	errs = append(errs, err)
	for _, r := range recordings {
		if strings.HasPrefix(r.Name, trialPrefix) {
			errs = append(errs, unlessGone(t.sw.client.DeleteRecording(ctx, r.Name)))
		}
	}
	if err := errors.Join(errs...); err != nil {
		t.sw.log.Warn("what a trial made was not removed; the next trial does", "error", err)
	}
}

// unlessGone takes what is not there any more for removed.
func unlessGone(err error) error {
	if ari.IsNotFound(err) {
		return nil
	}
	return err
}
