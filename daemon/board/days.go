package board

import (
	"context"
	"time"

	"sambung/queue"
)

const (
	// workingDays is how many days the chart has, and lookBack how many calendar
	// days are searched for them.
	workingDays, lookBack = 14, 60
	// dayLimit bounds how many follow-ups of a day are counted.
	dayLimit = 20_000
	// A day is counted again after this time: today, and one that has passed, of
	// which little can change.
	todayFresh, pastFresh = 5 * time.Second, time.Hour
)

// counted is one day's count.
type counted struct {
	Count
	at time.Time
}

// days counts the deadlines of the last working days, and of today.
func (k *Keeper) days(ctx context.Context, now time.Time) ([]Day, Count, error) {
	local := now.In(k.Zone)
	today := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, k.Zone)
	days := []Day{}
	for back := 0; len(days) < workingDays && back < lookBack; back++ {
		day := today.AddDate(0, 0, -back)
		next := day.AddDate(0, 0, 1)
		if back > 0 && k.Calendar.Between(day, next) == 0 {
			continue
		}
		fresh := pastFresh
		if back == 0 {
			fresh = todayFresh
		}
		c, err := k.day(ctx, day, next, now, fresh)
		if err != nil {
			return nil, Count{}, err
		}
		days = append([]Day{{day.Format(time.DateOnly), c}}, days...)
	}
	for day := range k.counted {
		if day.Before(today.AddDate(0, 0, -lookBack)) {
			delete(k.counted, day)
		}
	}
	return days, days[len(days)-1].Count, nil
}

// day counts the follow-ups whose deadlines fall on a day.
func (k *Keeper) day(ctx context.Context, day, next, now time.Time, fresh time.Duration) (Count, error) {
	if c, ok := k.counted[day]; ok && now.Sub(c.at) < fresh && !now.Before(c.at) {
		return c.Count, nil
	}
	states, err := k.Queue.Find(ctx, queue.Filter{DeadlineFrom: day, DeadlineBefore: next, Limit: dayLimit})
	if err != nil {
		return Count{}, err
	}
	var c Count
	for i := range states {
		switch s := &states[i]; {
		case s.MetDeadline():
			c.Met++
		case s.Missed, s.Status != queue.StatusCancelled && now.After(s.FollowUp.Deadline):
			c.Missed++
		}
	}
	k.counted[day] = counted{c, now}
	return c, nil
}
