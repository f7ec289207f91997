package redisqueue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"sambung/queue"
)

// sealedPage is how many sealed dossiers one page holds, unless it is told.
const sealedPage = 200

// errCursor means that a cursor is not one that an earlier page gave.
var errCursor = errors.New("not the cursor of a page")

// seal is a place in the order of sealed dossiers: the last sealed first, and of
// those of one millisecond the highest id.
type seal struct {
	at int64 // ms
	id queue.ID
}

func sealOf(s queue.State) seal { return seal{millis(s.SealedAt), s.FollowUp.ID} }

func (c seal) String() string { return strconv.FormatInt(c.at, 10) + "-" + string(c.id) }

func parseSeal(text string) (c seal, err error) {
	at, id, ok := strings.Cut(text, "-")
	if c.at, err = strconv.ParseInt(at, 10, 64); !ok || err != nil || c.at < 0 {
		return c, fmt.Errorf("%w: %w", queue.ErrRefused, errCursor)
	}
	c.id = queue.ID(id)
	return c, nil
}

// compare is negative when c comes before o.
func (c seal) compare(o seal) int { return cmp.Or(cmp.Compare(o.at, c.at), cmp.Compare(o.id, c.id)) }

// Sealed returns a page of sealed dossiers, see queue.Dossiers.
func (q *Queue) Sealed(ctx context.Context, f queue.SealedFilter) ([]queue.State, string, error) {
	f.Limit = cmp.Or(f.Limit, sealedPage)
	var after *seal
	if f.Cursor != "" {
		c, err := parseSeal(f.Cursor)
		if err != nil {
			return nil, "", err
		}
		after = &c
	}
	ids, next, err := q.sealedIDs(ctx, f, after)
	if err != nil {
		return nil, "", err
	}
	var found []queue.State
	for part := range slices.Chunk(ids, batch) {
		states, err := q.states(ctx, part)
		if err != nil {
			return nil, "", err
		}
		for _, s := range states {
			if matchesSealed(s, f) && (after == nil || after.compare(sealOf(s)) < 0) {
				found = append(found, s)
			}
		}
	}
	slices.SortFunc(found, func(a, b queue.State) int { return sealOf(a).compare(sealOf(b)) })
	if len(found) > f.Limit { // of a ticket or a number
		found = found[:f.Limit]
		next = queue.SealedCursor(found[f.Limit-1])
	}
	return found, next, nil
}

// sealedIDs are those of the narrowest index that a filter names, and where the
// next page begins. Those of a ticket or a number are few, and come all at once.
func (q *Queue) sealedIDs(ctx context.Context, f queue.SealedFilter, after *seal) ([]queue.ID, string, error) {
	switch {
	case f.Ticket != "":
		ids, err := q.members(ctx, "ticket:"+f.Ticket)
		return ids, "", err
	case f.Phone != "":
		ids, err := q.members(ctx, "phone:"+digest(f.Phone))
		return ids, "", err
	}
	name := "sealed"
	if f.Agent != "" {
		name += ":" + string(f.Agent)
	}
	by := &redis.ZRangeBy{Min: "-inf", Max: "+inf", Count: int64(f.Limit)}
	if !f.From.IsZero() {
		by.Min = strconv.FormatInt(millis(f.From), 10)
	}
	if !f.To.IsZero() {
		by.Max = "(" + strconv.FormatInt(millis(f.To), 10)
	}
	if after != nil && (f.To.IsZero() || after.at < millis(f.To)) {
		by.Max = strconv.FormatInt(after.at, 10)
	}
	var ids []queue.ID
	for {
		list, err := q.sealedRange(ctx, name, by)
		if err != nil {
			return nil, "", err
		}
		for _, z := range list {
			here := seal{int64(z.Score), queue.ID(z.Member.(string))}
			if after != nil && after.compare(here) >= 0 {
				continue // of the page before, sealed in the same millisecond
			}
			if ids = append(ids, here.id); len(ids) == f.Limit {
				return ids, here.String(), nil
			}
		}
		if len(list) < int(by.Count) {
			return ids, "", nil
		}
		by.Offset += by.Count
	}
}

func (q *Queue) sealedRange(ctx context.Context, name string, by *redis.ZRangeBy) ([]redis.Z, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	list, err := q.reading.ZRevRangeByScoreWithScores(ctx, q.key(name), by).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: %s: %w", name, err)
	}
	return list, nil
}

func matchesSealed(s queue.State, f queue.SealedFilter) bool {
	return s.Dossier == queue.DossierSealed &&
		(f.Ticket == "" || s.FollowUp.Ticket == f.Ticket) &&
		(f.Phone == "" || s.FollowUp.Taxpayer.Phone == f.Phone) &&
		(f.Agent == "" || s.LastAgent == f.Agent) &&
		!s.SealedAt.Before(f.From) && (f.To.IsZero() || s.SealedAt.Before(f.To))
}
