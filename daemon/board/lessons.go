package board

import (
	"context"
	"errors"
	"slices"
	"time"

	"sambung/daemon/forecast"
	"sambung/queue"
)

const (
	// firstLessons is how many of the latest closed follow-ups are learned from
	// when nothing is known yet.
	firstLessons = 60
	// lessonPages bounds how many pages of events are read for one board; the
	// next one goes on from there.
	lessonPages = 10
	// lessonsAtOnce bounds how many histories are read for one board. What is
	// beyond that is not learned from: there is enough.
	lessonsAtOnce = 50
)

// lessons are the attempts that were seen lately.
type lessons struct {
	window forecast.Window
	cursor string // in the events; empty before the first look
}

// learn reads the attempts that were settled since the last look.
func (k *Keeper) learn(ctx context.Context, now time.Time) error {
	l := &k.lessons
	if l.cursor == "" {
		_, cursor, err := k.Queue.Events(ctx, "", time.Millisecond)
		if err != nil {
			return err
		}
		if err := k.learnOld(ctx, now); err != nil {
			return err
		}
		l.cursor = cursor
		return nil
	}
	var settled []queue.ID
	for range lessonPages {
		events, next, err := k.Queue.Events(ctx, l.cursor, time.Millisecond)
		if err != nil {
			return err
		}
		for _, e := range events {
			if e.Kind == queue.KindAttemptSettled && len(settled) < lessonsAtOnce {
				settled = append(settled, e.FollowUp)
			}
		}
		l.cursor = next
		if len(events) == 0 {
			break
		}
	}
	for _, id := range settled {
		attempts, err := k.attempts(ctx, id)
		if err != nil {
			return err
		}
		if n := len(attempts); n > 0 {
			l.window.Add(attempts[n-1])
		}
	}
	return nil
}

// learnOld reads the attempts of follow-ups that closed today or the day before.
func (k *Keeper) learnOld(ctx context.Context, now time.Time) error {
	closed, err := k.Queue.Find(ctx, queue.Filter{Statuses: []queue.Status{queue.StatusClosed}, DeadlineFrom: now.Add(-24 * time.Hour), Limit: openLimit})
	if err != nil {
		return err
	}
	slices.SortFunc(closed, func(a, b queue.State) int { return a.ConfirmedAt.Compare(b.ConfirmedAt) })
	for _, s := range closed[max(0, len(closed)-firstLessons):] {
		attempts, err := k.attempts(ctx, s.FollowUp.ID)
		if err != nil {
			return err
		}
		for _, a := range attempts {
			k.lessons.window.Add(a)
		}
	}
	return nil
}

func (k *Keeper) attempts(ctx context.Context, id queue.ID) ([]forecast.Attempt, error) {
	history, err := k.Queue.History(ctx, id)
	if errors.Is(err, queue.ErrNotFound) {
		return nil, nil
	}
	return forecast.Attempts(history), err
}
