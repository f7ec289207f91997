package archivist

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"sync"
	"time"

	"sambung/queue"
	"sambung/storage"
	"sambung/storage/recording"
	"sambung/storage/spool"
	"sambung/telephony"
)

// errNotYet means that the evidence is not complete, which is no fault yet.
var errNotYet = errors.New("not yet")

// recordings brings those that lie at a switch as far as they can be brought: one
// that fails keeps none of the others. An error that is a fault comes before one
// that is none yet.
func (a *Archivist) recordings(ctx context.Context, s queue.State, switchName string) (queue.State, error) {
	var failed, waits error
	for _, r := range s.Recordings {
		if r.Switch != "" && r.Switch != switchName {
			continue
		}
		switch now, err := a.recording(ctx, s, r); {
		case err == nil:
			s = now
		case errors.Is(err, errNotYet):
			waits = err
		default:
			failed = errors.Join(failed, err)
		}
	}
	if failed != nil {
		return s, failed
	}
	return s, waits
}

// recording brings one attempt's recording as far as it can be brought.
func (a *Archivist) recording(ctx context.Context, s queue.State, r queue.Recording) (queue.State, error) {
	var err error
	if r.Status == queue.RecordingAtSwitch {
		if s, err = a.store(ctx, s, r); err != nil {
			return s, fmt.Errorf("recording of attempt %d: %w", r.Attempt, err)
		}
	}
	for _, now := range s.Recordings {
		if now.Attempt == r.Attempt && now.Status == queue.RecordingVerified && !now.Removed {
			if err := a.remove(ctx, now); err != nil {
				return s, fmt.Errorf("recording of attempt %d is archived, but not removed at the switch: %w", r.Attempt, err)
			}
			return a.append(ctx, s, a.once(queue.KindRecordingRemoved, r.Attempt, queue.Details{Attempt: r.Attempt}))
		}
	}
	return s, nil
}

// remove deletes the tracks at the switch. Their archived copy is verified.
func (a *Archivist) remove(ctx context.Context, r queue.Recording) error {
	return errors.Join(a.Recordings.Remove(ctx, r.Tracks.Agent), a.Recordings.Remove(ctx, r.Tracks.Taxpayer))
}

// store fetches, composes, archives and verifies, and writes down what came of it.
func (a *Archivist) store(ctx context.Context, s queue.State, r queue.Recording) (queue.State, error) {
	name := string(s.FollowUp.ID) + "-" + strconv.Itoa(r.Attempt) + ".wav"
	key, err := storage.RecordingKey(a.day(s), string(s.FollowUp.ID), r.Attempt)
	if err != nil {
		return s, err
	}
	info, err := a.compose(ctx, name, r)
	if errors.Is(err, telephony.ErrNoRecording) {
		info, err = a.recall(ctx, key, name, r, err)
	}
	if errors.Is(err, telephony.ErrNoRecording) || errors.Is(err, recording.ErrNotWAV) || errors.Is(err, recording.ErrTooLong) {
		return a.missing(ctx, s, r, err)
	}
	if err != nil {
		return s, err
	}
	kind, d := judge(r, info)
	d.File = key
	err = a.putFile(ctx, storage.Object{Key: key, Size: info.Size, SHA256: info.SHA256, ContentType: "audio/wav"}, name)
	if errors.Is(err, storage.ErrConflict) {
		kind = queue.KindRecordingAlarm
		d, err = a.otherCopy(ctx, key, r)
	}
	if err != nil {
		return s, err
	}
	if s, err = a.append(ctx, s, a.once(kind, r.Attempt, d)); err != nil {
		return s, err
	}
	a.Metrics.archived(kind)
	return s, a.Spool.Remove(name)
}

// cutOff says of an archived recording that it is what there is, and no more.
const cutOff = "partial: the system cut the talk off, and what was said last may be missing"

// judge holds the composed recording against what is known of the talk.
func judge(r queue.Recording, info recording.Info) (queue.Kind, queue.Details) {
	d := queue.Details{Attempt: r.Attempt, SHA256: info.SHA256, Bytes: info.Size, DurationMS: info.Duration().Milliseconds()}
	if r.AnsweredAt.IsZero() { // nobody spoke: there is nothing to be missed
		return queue.KindRecordingArchived, d
	}
	span := conversation(r)
	d.OffsetMS, d.ConversationMS = span.From.Milliseconds(), (span.To - span.From).Milliseconds()
	talk := span.To - span.From
	if r.EndedBy == string(telephony.PartySystem) {
		talk, d.Reason = 0, cutOff // nobody saw when it ended
	}
	if findings := recording.Verify(info, recording.Expectation{Talk: talk}); len(findings) > 0 {
		d.Reason = recording.Describe(findings)
		return queue.KindRecordingAlarm, d
	}
	return queue.KindRecordingArchived, d
}

// otherCopy says of what lies under a recording's key that it is not what the switch
// has. It cannot be written over, and both stay for people to look at.
func (a *Archivist) otherCopy(ctx context.Context, key string, r queue.Recording) (queue.Details, error) {
	d := queue.Details{Attempt: r.Attempt, Reason: "the archive has another recording of this attempt than the switch; both are kept"}
	o, err := a.Archive.Stat(ctx, key)
	if err == nil && o.SHA256 != "" { // else it is none of ours, and not part of the dossier
		d.File, d.SHA256, d.Bytes = key, o.SHA256, o.Size
	}
	return d, err
}

// conversation is where the talk lies within the recording, which begins with
// the track that began first.
func conversation(r queue.Recording) recording.Span {
	if r.AnsweredAt.IsZero() {
		return recording.Span{}
	}
	begin := r.Tracks.AgentStartedAt
	if r.Tracks.TaxpayerStartedAt.Before(begin) {
		begin = r.Tracks.TaxpayerStartedAt
	}
	from := max(0, r.AnsweredAt.Sub(begin))
	return recording.Span{From: from, To: max(from, r.EndedAt.Sub(begin))}
}

// compose makes the two-channel recording in the spool, unless it is there.
func (a *Archivist) compose(ctx context.Context, name string, r queue.Recording) (recording.Info, error) {
	if info, err := a.composed(ctx, name, r); !errors.Is(err, fs.ErrNotExist) {
		return info, err
	}
	agent, taxpayer, err := a.fetchBoth(ctx, r.Tracks)
	if err != nil {
		return recording.Info{}, err
	}
	defer agent.Discard()
	defer taxpayer.Discard()
	file, err := a.Spool.Create(name)
	if err != nil {
		return recording.Info{}, err
	}
	info, err := recording.Compose(ctx, file,
		recording.Source{Audio: agent, Size: agent.Size(), Started: r.Tracks.AgentStartedAt},
		recording.Source{Audio: taxpayer, Size: taxpayer.Size(), Started: r.Tracks.TaxpayerStartedAt},
		conversation(r))
	if err != nil {
		return info, errors.Join(err, file.Discard())
	}
	return info, file.Commit()
}

// recall takes into the spool what the archive has already of a recording that
// the switch does not have, or not any more: a ledger that was set back does not
// know that it was archived. absent is returned if there is nothing.
func (a *Archivist) recall(ctx context.Context, key, name string, r queue.Recording, absent error) (recording.Info, error) {
	body, _, err := a.Archive.Get(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return recording.Info{}, absent
	}
	if err != nil {
		return recording.Info{}, err
	}
	defer body.Close()
	file, err := a.Spool.Create(name)
	if err != nil {
		return recording.Info{}, err
	}
	if _, err := io.Copy(file, body); err != nil {
		return recording.Info{}, errors.Join(err, file.Discard())
	}
	if err := file.Commit(); err != nil {
		return recording.Info{}, err
	}
	return a.composed(ctx, name, r)
}

// composed measures what an earlier run left in the spool.
func (a *Archivist) composed(ctx context.Context, name string, r queue.Recording) (recording.Info, error) {
	file, err := a.Spool.Open(name)
	if err != nil {
		return recording.Info{}, err
	}
	defer file.Close()
	stat, err := file.Stat()
	if err != nil {
		return recording.Info{}, err
	}
	return recording.Measure(ctx, file, stat.Size(), conversation(r))
}

// fetchBoth fetches both tracks at once: the switch gives each away slowly.
func (a *Archivist) fetchBoth(ctx context.Context, t queue.Tracks) (agent, taxpayer *spool.File, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var fetching sync.WaitGroup
	var failed error
	fetching.Go(func() {
		if taxpayer, failed = a.fetch(ctx, t.Taxpayer); failed != nil {
			cancel()
		}
	})
	if agent, err = a.fetch(ctx, t.Agent); err != nil {
		cancel()
	}
	fetching.Wait()
	if err == nil && failed == nil {
		return agent, taxpayer, nil
	}
	for _, file := range []*spool.File{agent, taxpayer} {
		if file != nil {
			err = errors.Join(err, file.Discard())
		}
	}
	return nil, nil, errors.Join(err, failed)
}

// fetch copies a track from the switch into the spool, where it has no name.
func (a *Archivist) fetch(ctx context.Context, track string) (*spool.File, error) {
	file, err := a.Spool.Create(track + ".track")
	if err != nil {
		return nil, err
	}
	if _, err := a.Recordings.Fetch(ctx, track, file); err != nil {
		return nil, errors.Join(err, file.Discard())
	}
	return file, nil
}

// putFile archives a file of the spool.
func (a *Archivist) putFile(ctx context.Context, o storage.Object, name string) error {
	file, err := a.Spool.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = a.Archive.Put(ctx, o, file)
	return err
}

// once writes an activity about a recording unless its status says it was written.
func (a *Archivist) once(k queue.Kind, attempt int, d queue.Details) func(queue.State) ([]queue.Entry, error) {
	return func(s queue.State) ([]queue.Entry, error) {
		for _, r := range s.Recordings {
			if r.Attempt != attempt {
				continue
			}
			done := r.Status != queue.RecordingAtSwitch
			if k == queue.KindRecordingRemoved {
				done = r.Removed
			}
			if done {
				return nil, nil
			}
		}
		return []queue.Entry{a.note(k, d)}, nil
	}
}

// missing raises the alarm for a recording that the switch does not have,
// after it was asked for long enough. One that is being written still (it could not
// be ended with the talk) ends with the agent's leg, and is waited for.
func (a *Archivist) missing(ctx context.Context, s queue.State, r queue.Recording, cause error) (queue.State, error) {
	if errors.Is(cause, telephony.ErrBeingWritten) || a.Now().Sub(r.EndedAt) < a.Patience {
		return s, fmt.Errorf("%w: %w", errNotYet, cause)
	}
	a.Metrics.archived(queue.KindRecordingAlarm)
	return a.append(ctx, s, a.once(queue.KindRecordingAlarm, r.Attempt, queue.Details{Attempt: r.Attempt, Reason: cause.Error()}))
}

// day is the office day under which everything of a follow-up is filed.
func (a *Archivist) day(s queue.State) time.Time { return s.FollowUp.EnteredAt.In(a.Zone) }
