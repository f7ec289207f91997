package doctor

import (
	"context"
	"fmt"

	"sambung/daemon/stranded"
	"sambung/queue/redisqueue"
)

// strandedSwitches tells of switches that the configuration does not name, and at which
// something waits.
func (x *examination) strandedSwitches(ctx context.Context, q *redisqueue.Queue) []Finding {
	var configured []string
	for _, s := range x.config.Switches {
		configured = append(configured, s.Name)
	}
	found, err := stranded.Find(ctx, q, configured, x.now())
	if err != nil {
		s := &sheet{subject: "redis"}
		s.fault("what waits at switches that nobody serves cannot be read from the ledger", "see what the server says", err)
		return s.findings
	}
	var all []Finding
	for _, w := range found {
		s := &sheet{subject: "switch " + w.Name}
		s.fault(fmt.Sprintf("it is not configured, no daemon serves it, and what waits at it is never sealed (follow-ups: %d)", w.FollowUps), stranded.Remedy)
		all = append(all, s.findings...)
	}
	return all
}
