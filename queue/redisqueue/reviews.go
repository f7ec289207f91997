package redisqueue

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"sambung/queue"
)

// SetReview keeps the verdict of a review, see queue.Dossiers. Doing it again
// changes nothing, so that it needs no operation id.
func (q *Queue) SetReview(ctx context.Context, id queue.ID, r queue.Review) error {
	_, err := q.run(ctx, q.reviews, []string{q.key("reviews")}, string(id), r.Seq, r.Verdict)
	return err
}

// Reviews returns the verdicts that are kept.
func (q *Queue) Reviews(ctx context.Context, ids []queue.ID) (map[queue.ID]queue.Review, error) {
	kept := make(map[queue.ID]queue.Review)
	if len(ids) == 0 {
		return kept, nil
	}
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	fields := make([]string, len(ids))
	for i, id := range ids {
		fields[i] = string(id)
	}
	values, err := q.reading.HMGet(ctx, q.key("reviews"), fields...).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: reviews: %w", err)
	}
	for i, value := range values {
		text, ok := value.(string)
		if !ok {
			continue
		}
		number, verdict, _ := strings.Cut(text, " ")
		seq, _ := strconv.Atoi(number) // written by us alone
		kept[ids[i]] = queue.Review{Verdict: verdict, Seq: seq}
	}
	return kept, nil
}
