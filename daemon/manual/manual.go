// Package manual files conversations that were held without the system, while
// it was down, so that they are documented like any other (SOP LIP20-0020, G.3:
// "in the application or manually").
//
// The recording goes the way of every recording: spooled and synced, measured,
// judged, stored under a condition, read back. Only then one activity says what
// was said to whom, when, why without the system, where the recording is, and
// what comes next. Whatever fails before that activity leaves nothing in the
// ledger; filing the same recording again finds it in the archive.
package manual

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"sambung/queue"
	"sambung/storage"
	"sambung/storage/recording"
	"sambung/storage/spool"
)

// Tolerance is how much shorter than the stated talk a recording may be: people
// read the times off a clock on the wall.
const Tolerance = time.Minute

// Conversation is what is stated about it.
type Conversation struct {
	Agent      queue.AgentID // who held it
	AnsweredAt time.Time
	EndedAt    time.Time // zero: as long as the recording
	Outcome    queue.Outcome
	CallbackAt *time.Time // with outcome callback
	Note       string     // personal data
	Reason     string     // why without the system
	// Alarm is why there is no recording, or none that can be relied on; empty
	// when there is one.
	Alarm string
}

// RecordingError says why a recording is refused.
type RecordingError struct{ Problem, Remedy string }

func (e *RecordingError) Error() string { return "the recording " + e.Problem + "; " + e.Remedy }

// Filer files conversations. All fields are required.
type Filer struct {
	Queue    queue.Ledger
	Archive  storage.Archive
	Spool    *spool.Spool
	Policy   queue.Policy
	Calendar queue.WorkingTime
	Zone     *time.Location
	Now      func() time.Time
}

// File documents a conversation of a follow-up and returns the state after it.
// audio is a WAV file of one or two channels of 16-bit samples, or nil, which
// c.Alarm must explain. Errors: *RecordingError, *queue.RefusedError,
// queue.ErrNotFound, spool.ErrFull.
func (f *Filer) File(ctx context.Context, id queue.ID, actor queue.Actor, c Conversation, audio io.Reader) (queue.State, error) {
	s, err := f.Queue.State(ctx, id)
	if err != nil {
		return queue.State{}, err
	}
	// Refused before the recording is sent, if it would be afterwards.
	if err := f.rehearse(s, actor, c); err != nil {
		return queue.State{}, err
	}
	d := queue.Details{Agent: c.Agent, Outcome: c.Outcome, CallbackAt: c.CallbackAt, Note: c.Note, Via: "manual"}
	if audio == nil && c.Alarm == "" {
		return queue.State{}, &RecordingError{"is missing", "hand it in, or state in alarm why there is none"}
	}
	if audio != nil {
		if err := f.store(ctx, s, &c, &d, audio); err != nil {
			return queue.State{}, err
		}
	}
	d.Manual = c.held()
	return f.Queue.Append(ctx, queue.Change{ID: id, Decide: func(present queue.State) ([]queue.Entry, error) {
		return f.decide(present, actor, d)
	}})
}

func (c Conversation) held() *queue.ManualCall {
	return &queue.ManualCall{AnsweredAt: whole(c.AnsweredAt), EndedAt: whole(c.EndedAt), Reason: c.Reason, Alarm: c.Alarm}
}

func whole(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

func (f *Filer) decide(s queue.State, actor queue.Actor, d queue.Details) ([]queue.Entry, error) {
	entry, err := queue.DocumentManually(s, d, f.Policy, f.Calendar, f.Now(), actor)
	return []queue.Entry{entry}, err
}

// rehearse applies what is to be filed, with a recording that is only supposed.
func (f *Filer) rehearse(s queue.State, actor queue.Actor, c Conversation) error {
	if c.EndedAt.IsZero() {
		c.EndedAt = c.AnsweredAt.Add(time.Second)
	}
	d := queue.Details{Agent: c.Agent, Outcome: c.Outcome, CallbackAt: c.CallbackAt, File: "supposed", Manual: c.held()}
	entries, err := f.decide(s, actor, d)
	if err != nil {
		return err
	}
	a, err := queue.Chain(s.FollowUp.ID, s.Version, s.Head, entries[0])
	if err == nil {
		_, err = queue.Apply(s, a)
	}
	return err
}

// store archives a recording and fills in what was measured of it. In the spool it
// has no name: whoever files it has it still, and what a crash leaves is discarded.
func (f *Filer) store(ctx context.Context, s queue.State, c *Conversation, d *queue.Details, audio io.Reader) (err error) {
	file, err := f.Spool.Create("manual-" + string(s.FollowUp.ID) + ".wav")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Discard()) }()
	if _, err := io.Copy(file, audio); err != nil {
		return fmt.Errorf("receiving the recording: %w", err)
	}
	info, err := recording.Measure(ctx, file, file.Size(), recording.Span{})
	if errors.Is(err, recording.ErrNotWAV) {
		return &RecordingError{"is not understood: " + err.Error(), "hand in a WAV file of one or two channels with 16-bit samples, such as ffmpeg -i IN -c:a pcm_s16le OUT.wav makes"}
	}
	if err != nil {
		return err
	}
	if err := c.judge(info, f.Now()); err != nil {
		return err
	}
	key, err := storage.ManualRecordingKey(s.FollowUp.EnteredAt.In(f.Zone), string(s.FollowUp.ID), info.SHA256)
	if err != nil {
		return err
	}
	o := storage.Object{Key: key, Size: info.Size, SHA256: info.SHA256, ContentType: "audio/wav"}
	if _, err := f.Archive.Put(ctx, o, io.NewSectionReader(file, 0, file.Size())); err != nil {
		return err
	}
	d.File, d.SHA256, d.Bytes, d.DurationMS = key, info.SHA256, info.Size, info.Duration().Milliseconds()
	return nil
}

// judge holds the recording against what is stated, and completes it.
func (c *Conversation) judge(info recording.Info, now time.Time) error {
	if c.EndedAt.IsZero() {
		c.EndedAt = c.AnsweredAt.Add(info.Duration())
		if c.EndedAt.After(now) {
			return &RecordingError{fmt.Sprintf("is %s long, so the conversation would end in the future", info.Duration().Round(time.Second)), "correct answered_at, or state ended_at"}
		}
	}
	findings := recording.Verify(info, recording.Expectation{Talk: c.EndedAt.Sub(c.AnsweredAt), Tolerance: Tolerance})
	switch {
	case len(findings) == 0 && c.Alarm != "":
		return &RecordingError{"is sound, and alarm says that it cannot be relied on", "leave alarm out"}
	case len(findings) > 0 && c.Alarm == "":
		return &RecordingError{"cannot be relied on: " + recording.Describe(findings), "hand in the whole one, or state in alarm why there is no better"}
	case len(findings) > 0:
		c.Alarm += " (" + recording.Describe(findings) + ")"
	}
	return nil
}
