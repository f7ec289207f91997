package redisqueue

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"sambung/queue"
)

// Events waits for changes, see queue.Events.
func (q *Queue) Events(ctx context.Context, cursor string, wait time.Duration) ([]queue.Event, string, error) {
	if cursor == "" {
		var err error
		if cursor, err = q.lastEvent(ctx); err != nil {
			return nil, "", err
		}
	}
	return q.eventsAfter(ctx, cursor, wait)
}

// lastEvent is the cursor that means from now on.
func (q *Queue) lastEvent(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	last, err := q.reading.XRevRangeN(ctx, q.key("events"), "+", "-", 1).Result()
	if err != nil {
		return "", fmt.Errorf("redis: events: %w", err)
	}
	if len(last) == 0 {
		return "0-0", nil
	}
	return last[0].ID, nil
}

// eventsAfter waits in slices, because the end of ctx does not interrupt a
// blocking read.
func (q *Queue) eventsAfter(ctx context.Context, cursor string, wait time.Duration) ([]queue.Event, string, error) {
	var streams []redis.XStream
	for end := time.Now().Add(wait); ; {
		var err error
		streams, err = q.waiting.XRead(ctx, &redis.XReadArgs{
			Streams: []string{q.key("events"), cursor}, Count: 1000, Block: max(time.Millisecond, min(time.Until(end), blockSlice)),
		}).Result()
		if err == nil {
			break
		}
		if !errors.Is(err, redis.Nil) {
			return nil, cursor, fmt.Errorf("redis: events: %w", err)
		}
		if ctx.Err() != nil || !time.Now().Before(end) {
			return nil, cursor, ctx.Err()
		}
	}
	var events []queue.Event
	for _, m := range streams[0].Messages {
		cursor = m.ID
		events = append(events, eventFrom(m))
	}
	return events, cursor, nil
}

func eventFrom(m redis.XMessage) queue.Event {
	text := func(name string) string { s, _ := m.Values[name].(string); return s }
	version, _ := strconv.Atoi(text("version")) // written by us alone
	return queue.Event{
		Cursor: m.ID, FollowUp: queue.ID(text("id")), Version: version,
		Status: queue.Status(text("status")), Kind: queue.Kind(text("kind")), Agent: queue.AgentID(text("agent")),
	}
}
