package redisqueue

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"sambung/queue"
)

const (
	defaultLimit = 1000
	batch        = 500 // states read at once
)

// Find returns the states that match, earliest deadline first.
func (q *Queue) Find(ctx context.Context, f queue.Filter) ([]queue.State, error) {
	if f.Limit <= 0 {
		f.Limit = defaultLimit
	}
	ids, err := q.candidates(ctx, f)
	if err != nil {
		return nil, err
	}
	var found []queue.State
	for part := range slices.Chunk(ids, batch) {
		states, err := q.states(ctx, part)
		if err != nil {
			return nil, err
		}
		for _, s := range states {
			if matches(s, f) {
				found = append(found, s)
			}
		}
	}
	slices.SortFunc(found, func(a, b queue.State) int {
		if c := a.FollowUp.Deadline.Compare(b.FollowUp.Deadline); c != 0 {
			return c
		}
		return strings.Compare(string(a.FollowUp.ID), string(b.FollowUp.ID))
	})
	return found[:min(f.Limit, len(found))], nil
}

// candidates are the ids of the narrowest index that the filter names.
func (q *Queue) candidates(ctx context.Context, f queue.Filter) ([]queue.ID, error) {
	switch {
	case f.Ticket != "":
		return q.members(ctx, "ticket:"+f.Ticket)
	case f.Phone != "":
		return q.members(ctx, "phone:"+digest(f.Phone))
	case f.Agent != "":
		return q.members(ctx, "by-agent:"+string(f.Agent))
	}
	if len(f.Statuses) == 0 {
		return q.byDeadline(ctx, "all", f)
	}
	var ids []queue.ID
	for _, s := range f.Statuses {
		some, err := q.byDeadline(ctx, "status:"+string(s), f)
		if err != nil {
			return nil, err
		}
		ids = append(ids, some...)
	}
	slices.Sort(ids) // one that moved between two readings is there twice
	return slices.Compact(ids), nil
}

func (q *Queue) byDeadline(ctx context.Context, name string, f queue.Filter) ([]queue.ID, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	by := &redis.ZRangeBy{Min: "-inf", Max: "+inf", Count: int64(f.Limit)}
	if !f.DeadlineFrom.IsZero() {
		by.Min = strconv.FormatInt(millis(f.DeadlineFrom), 10)
	}
	if !f.DeadlineBefore.IsZero() {
		by.Max = "(" + strconv.FormatInt(millis(f.DeadlineBefore), 10)
	}
	list, err := q.reading.ZRangeByScore(ctx, q.key(name), by).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: %s: %w", name, err)
	}
	ids := make([]queue.ID, len(list))
	for i, id := range list {
		ids[i] = queue.ID(id)
	}
	return ids, nil
}

func (q *Queue) states(ctx context.Context, ids []queue.ID) ([]queue.State, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	replies := make([]*redis.SliceCmd, len(ids))
	_, err := q.reading.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, id := range ids {
			replies[i] = p.HMGet(ctx, q.key("f:"+string(id)), "state")
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("redis: reading states: %w", err)
	}
	var states []queue.State
	for i, id := range ids {
		text, ok := replies[i].Val()[0].(string)
		if !ok {
			return nil, fmt.Errorf("an index names follow-up %s, which is not there", id)
		}
		s, err := q.present(ctx, id, text)
		if err != nil {
			return nil, err
		}
		states = append(states, s)
	}
	return states, nil
}

func matches(s queue.State, f queue.Filter) bool {
	byAgent := f.Agent == "" || s.FollowUp.Agent == f.Agent || (s.Assignment != nil && s.Assignment.Agent == f.Agent)
	return byAgent &&
		(len(f.Statuses) == 0 || slices.Contains(f.Statuses, s.Status)) &&
		(f.Phone == "" || s.FollowUp.Taxpayer.Phone == f.Phone) &&
		(f.Ticket == "" || s.FollowUp.Ticket == f.Ticket) &&
		!s.FollowUp.Deadline.Before(f.DeadlineFrom) &&
		(f.DeadlineBefore.IsZero() || s.FollowUp.Deadline.Before(f.DeadlineBefore))
}
