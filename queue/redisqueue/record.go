package redisqueue

import (
	"context"
	"fmt"

	"sambung/queue"
)

// record reads the hash of one agent or user, or returns queue.ErrNotFound. An error of
// the store does not say whose: a name that somebody typed may be a password.
func (q *Queue) record(ctx context.Context, kind, name string) (map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	fields, err := q.reading.HGetAll(ctx, q.key(kind+":"+name)).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: %s: %w", kind, err)
	}
	if len(fields) == 0 {
		return nil, fmt.Errorf("%s %s: %w", kind, name, queue.ErrNotFound)
	}
	return fields, nil
}

// records reads the hashes of all agents or users, by name.
func (q *Queue) records(ctx context.Context, kind string) (map[string]map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	replies, err := q.listing.Run(ctx, q.reading, []string{q.key(kind + "s")}, q.key(kind+":")).Slice()
	if err != nil {
		return nil, fmt.Errorf("redis: %ss: %w", kind, err)
	}
	all := make(map[string]map[string]string, len(replies))
	for _, reply := range replies {
		name, fields, err := parseRecord(reply)
		if err != nil {
			return nil, fmt.Errorf("redis: %ss: %w", kind, err)
		}
		all[name] = fields
	}
	return all, nil
}

// parseRecord reads one of a listing: the id, and the fields one by one.
func parseRecord(reply any) (id string, fields map[string]string, err error) {
	texts, ok := reply.([]any)
	if !ok || len(texts)%2 == 0 {
		return "", nil, fmt.Errorf("%T of %d is no record", reply, len(texts))
	}
	text := func(i int) string { s, _ := texts[i].(string); return s }
	fields = make(map[string]string, len(texts)/2)
	for i := 1; i < len(texts); i += 2 {
		fields[text(i)] = text(i + 1)
	}
	return text(0), fields, nil
}
