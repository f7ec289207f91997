package redisqueue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// intakeGroup is the consumer group of the daemons.
const intakeGroup = "sambung"

// IntakeHandler enqueues one entry of the intake stream. A *Refusal sends the
// entry to the dead letters; any other error leaves it to be tried again.
type IntakeHandler func(ctx context.Context, entry string, fields map[string]string) error

// AddedAt is when an entry was added, by the server's clock; false if its id does not
// tell: whoever adds one may give it any.
func AddedAt(entry string) (time.Time, bool) {
	text, _, ok := strings.Cut(entry, "-")
	ms, err := strconv.ParseInt(text, 10, 64)
	return time.UnixMilli(ms).UTC(), ok && err == nil && ms > 0
}

// Refusal is an error about the entry itself, which no repetition would mend.
type Refusal struct {
	// Reason says field, problem and remedy; it is kept as JSON beside the entry.
	Reason any
	Err    error
}

func (r *Refusal) Error() string { return r.Err.Error() }

// Unwrap gives what was refused.
func (r *Refusal) Unwrap() error { return r.Err }

// Intake hands every entry of the intake stream to handle, until ctx ends or
// the stream cannot be read. An entry is acknowledged and removed once it is
// enqueued, or once it lies among the dead letters: {entry, fields, refusal}.
func (q *Queue) Intake(ctx context.Context, consumer string, handle IntakeHandler) error {
	stream := q.key("intake")
	err := q.client.XGroupCreateMkStream(ctx, stream, intakeGroup, "0").Err()
	if err != nil && !strings.HasPrefix(err.Error(), "BUSYGROUP") {
		return fmt.Errorf("redis: intake: %w", err)
	}
	for ctx.Err() == nil {
		if err := q.takeOver(ctx, stream, consumer, handle); err != nil {
			return err
		}
		streams, err := q.waiting.XReadGroup(ctx, &redis.XReadGroupArgs{
			Group: intakeGroup, Consumer: consumer, Streams: []string{stream, ">"}, Count: 100, Block: blockSlice,
		}).Result()
		switch {
		case errors.Is(err, redis.Nil), ctx.Err() != nil:
			continue
		case err != nil:
			return fmt.Errorf("redis: intake: %w", err)
		}
		for _, m := range streams[0].Messages {
			if err := q.takeOne(ctx, stream, m, handle); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeOver handles what a daemon took and did not finish.
func (q *Queue) takeOver(ctx context.Context, stream, consumer string, handle IntakeHandler) error {
	left, _, err := q.client.XAutoClaim(ctx, &redis.XAutoClaimArgs{
		Stream: stream, Group: intakeGroup, Consumer: consumer, MinIdle: q.intakeIdle, Start: "0", Count: 100,
	}).Result()
	if err != nil {
		return fmt.Errorf("redis: intake: %w", err)
	}
	for _, m := range left {
		if err := q.takeOne(ctx, stream, m, handle); err != nil {
			return err
		}
	}
	return nil
}

func (q *Queue) takeOne(ctx context.Context, stream string, m redis.XMessage, handle IntakeHandler) error {
	fields := make(map[string]string, len(m.Values))
	for name, value := range m.Values {
		fields[name], _ = value.(string)
	}
	err := handle(ctx, m.ID, fields)
	var refused *Refusal
	switch {
	case err == nil:
		return q.acknowledge(ctx, stream, m.ID, nil)
	case errors.As(err, &refused):
		q.log.Warn("an entry of the intake stream was refused", "entry", m.ID)
		return q.acknowledge(ctx, stream, m.ID, map[string]any{"entry": m.ID, "fields": encode(fields), "refusal": encode(refused.Reason)})
	default:
		q.log.Warn("an entry of the intake stream was not enqueued; it is tried again", "entry", m.ID, "error", err)
		return nil
	}
}

// acknowledge ends an entry, with its dead letter in the same transaction.
func (q *Queue) acknowledge(ctx context.Context, stream, id string, letter map[string]any) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callLimit) // what is done is done
	defer cancel()
	_, err := q.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		if letter != nil {
			p.XAdd(ctx, &redis.XAddArgs{Stream: q.key("dead-letter"), Values: letter})
		}
		p.XAck(ctx, stream, intakeGroup, id)
		p.XDel(ctx, stream, id)
		return nil
	})
	if err != nil {
		return fmt.Errorf("redis: intake entry %s: %w", id, err)
	}
	return nil
}

func encode(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "{}" // texts and refusals always encode
	}
	return string(text)
}
