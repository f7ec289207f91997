package reindex

import (
	"context"
	"slices"
	"time"

	"sambung/queue"
)

// Recent brings back what the archive was given since a moment and the ledger
// lacks: a replica that took over had not received it. Unlike Run it may be called
// while daemons are at work, as long as none has gone on yet with what is brought
// back; the epoch is left alone.
//
// It looks at the last two days in that zone, and at those on which the follow-ups
// were entered that have not ended.
func (j *Job) Recent(ctx context.Context, since time.Time, zone *time.Location) (Summary, error) {
	days, err := j.days(ctx, zone)
	if err != nil {
		return Summary{}, err
	}
	var sum Summary
	seen := make(map[queue.ID]Action)
	for _, p := range j.passes() {
		p.since = since
		for _, p.day = range days {
			if err := j.run(ctx, p, seen, &sum); err != nil {
				return sum, err
			}
		}
	}
	sum.FollowUps = len(seen)
	return sum, nil
}

// mostOpen bounds the follow-ups whose days are looked at.
const mostOpen = 100_000

// days are those under whose keys something recent may lie, the first one first.
func (j *Job) days(ctx context.Context, zone *time.Location) ([]string, error) {
	open := slices.DeleteFunc(queue.Statuses(), queue.Status.Ended)
	states, err := j.Ledger.Find(ctx, queue.Filter{Statuses: open, Limit: mostOpen})
	if err != nil {
		return nil, err
	}
	name := func(t time.Time) string { return t.In(zone).Format("2006/01/02/") }
	days := []string{name(j.Now().AddDate(0, 0, -1)), name(j.Now())}
	for _, s := range states {
		days = append(days, name(s.FollowUp.EnteredAt))
	}
	slices.Sort(days)
	return slices.Compact(days), nil
}
