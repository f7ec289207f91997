package redisqueue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"sambung/queue"
)

// State returns what a follow-up's activities add up to.
func (q *Queue) State(ctx context.Context, id queue.ID) (queue.State, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	text, err := q.reading.HGet(ctx, q.key("f:"+string(id)), "state").Result()
	if errors.Is(err, redis.Nil) {
		return queue.State{}, fmt.Errorf("follow-up %s: %w", id, queue.ErrNotFound)
	}
	if err != nil {
		return queue.State{}, fmt.Errorf("redis: state of %s: %w", id, err)
	}
	return q.present(ctx, id, text)
}

// present is a stored state, or, where a version with other rules stored it, what
// the activities add up to by ours. One that was folded may be newer than the text.
func (q *Queue) present(ctx context.Context, id queue.ID, text string) (queue.State, error) {
	s, err := decodeState(id, text)
	if err != nil || !s.Outdated() {
		return s, err
	}
	history, err := q.History(ctx, id)
	if err != nil {
		return queue.State{}, err
	}
	return queue.Fold(history)
}

func decodeState(id queue.ID, text string) (queue.State, error) {
	var s queue.State
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return queue.State{}, fmt.Errorf("the stored state of %s cannot be read: %w", id, err)
	}
	return s, nil
}

// History returns all activities of a follow-up.
func (q *Queue) History(ctx context.Context, id queue.ID) ([]queue.Activity, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	entries, err := q.reading.XRange(ctx, q.key("log:"+string(id)), "-", "+").Result()
	if err != nil {
		return nil, fmt.Errorf("redis: history of %s: %w", id, err)
	}
	if len(entries) == 0 {
		return nil, fmt.Errorf("follow-up %s: %w", id, queue.ErrNotFound)
	}
	return decodeHistory(id, entries)
}

func decodeHistory(id queue.ID, entries []redis.XMessage) ([]queue.Activity, error) {
	history := make([]queue.Activity, len(entries))
	for i, e := range entries {
		text, _ := e.Values["a"].(string)
		if err := json.Unmarshal([]byte(text), &history[i]); err != nil {
			return nil, fmt.Errorf("activity %s of %s cannot be read: %w", e.ID, id, err)
		}
	}
	return history, nil
}
