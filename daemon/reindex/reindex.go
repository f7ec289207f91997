package reindex

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"sambung/daemon/epoch"
	"sambung/queue"
	"sambung/storage"
)

// Ledger is what is brought up to date.
type Ledger interface {
	queue.Ledger
	queue.Agents
	queue.Dossiers
	Import(ctx context.Context, history []queue.Activity) (queue.State, int, error)
	Epoch(ctx context.Context) (int64, error)
	EpochAtLeast(ctx context.Context, n int64) error
	Owned(ctx context.Context, switches []string) (map[string]string, error)
}

// Job is one run.
type Job struct {
	Ledger   Ledger
	Archive  storage.Archive
	Switches []string // whose owners must have been stopped
	DryRun   bool     // looks, and writes nothing
	Now      func() time.Time
	// Tell is told of every follow-up, one at a time.
	Tell func(Finding)
}

// Action is what was done, or in a dry run would be done, with a follow-up.
type Action string

// The actions.
const (
	Added     Action = "added"     // the ledger did not know it
	Extended  Action = "extended"  // the ledger's history was shorter
	Unchanged Action = "unchanged" // the ledger has all that the archive has
	Broken    Action = "broken"    // what the archive has does not hold together, or not with the ledger: not imported
	Unknown   Action = "unknown"   // a recording without a history: its follow-up is known to nobody
)

// Finding is what became of one follow-up.
type Finding struct {
	FollowUp   queue.ID     `json:"follow_up"`
	Action     Action       `json:"action"`
	Activities int          `json:"activities"`         // brought back
	Sealed     bool         `json:"sealed"`             // the dossier
	Status     queue.Status `json:"status,omitempty"`   // where the follow-up stands now; empty in a dry run
	Presumed   []int        `json:"presumed,omitempty"` // attempts that count as made
	HandedBack bool         `json:"handed_back"`        // to people, by this run
	Err        error        `json:"-"`                  // of a broken one, which names the first broken link
}

// Summary adds the findings up.
type Summary struct {
	FollowUps  int   `json:"follow_ups"`
	Added      int   `json:"added"`
	Extended   int   `json:"extended"`
	Unchanged  int   `json:"unchanged"`
	Broken     int   `json:"broken"`
	Unknown    int   `json:"unknown"`
	Activities int   `json:"activities"`
	Open       int   `json:"open"`     // brought back and not ended
	Presumed   int   `json:"presumed"` // attempts
	Agents     int   `json:"agents"`   // known to the ledger; the archive does not know them
	Epoch      int64 `json:"epoch"`    // the ledger's; 0 in a dry run
}

// OwnedError means that daemons are at work.
type OwnedError struct{ Owners map[string]string } // by switch

func (e *OwnedError) Error() string {
	var held []string
	for _, name := range slices.Sorted(maps.Keys(e.Owners)) {
		held = append(held, fmt.Sprintf("%s holds switch %s", e.Owners[name], name))
	}
	return "daemons are at work: " + strings.Join(held, ", ") + "; stop every daemon first (one that was killed is gone when its lease has run out)"
}

// parallel is how many follow-ups are worked on at once: the archive answers slowly.
const parallel = 8

// Run brings back what there is. On error it can be run again.
func (j *Job) Run(ctx context.Context) (Summary, error) {
	owned, err := j.Ledger.Owned(ctx, j.Switches)
	if err != nil {
		return Summary{}, err
	}
	if len(owned) > 0 && !j.DryRun {
		return Summary{}, &OwnedError{owned}
	}
	highest, err := epoch.Highest(ctx, j.Archive)
	if err != nil {
		return Summary{}, err
	}
	var sum Summary
	seen := make(map[queue.ID]Action)
	for _, p := range j.passes() {
		if err := j.run(ctx, p, seen, &sum); err != nil {
			return sum, err
		}
	}
	agents, err := j.Ledger.Agents(ctx)
	if err != nil {
		return sum, err
	}
	sum.FollowUps, sum.Agents = len(seen), len(agents)
	if j.DryRun {
		return sum, nil
	}
	if err := j.reviews(ctx); err != nil {
		return sum, err
	}
	if err := j.Ledger.EpochAtLeast(ctx, highest); err != nil {
		return sum, err
	}
	sum.Epoch, err = j.Ledger.Epoch(ctx)
	return sum, err
}

// pass is one look at what lies under a prefix.
type pass struct {
	prefix string
	day    string    // of the keys, "2026/11/23/"; empty: all
	since  time.Time // follow-ups of which nothing was put since are passed over
	settle func(context.Context, group) (f Finding, say bool, err error)
}

const histories = "history/"

// passes are made in this order.
func (j *Job) passes() []pass {
	return []pass{
		{prefix: histories, settle: j.history},
		{prefix: "manifests/", settle: j.manifest},
		{prefix: "recordings/", settle: j.recordings},
	}
}

// run makes a pass, follow-up by follow-up. What settle has nothing to say of is
// not told.
func (j *Job) run(ctx context.Context, p pass, seen map[queue.ID]Action, sum *Summary) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan group)
	var mu sync.Mutex // of seen, sum and Tell
	var workers sync.WaitGroup
	for range parallel {
		workers.Go(func() {
			for e := range work {
				mu.Lock()
				before := seen[e.id]
				mu.Unlock()
				if before == Broken { // named already
					continue
				}
				f, say, err := p.settle(ctx, e)
				if err != nil {
					cancel(fmt.Errorf("follow-up %s: %w", e.id, err))
					continue
				}
				mu.Lock()
				if say {
					sum.add(f, before == "")
					j.Tell(f)
					seen[e.id] = f.Action
				}
				mu.Unlock()
			}
		})
	}
	err := groups(ctx, j.Archive, p.prefix, p.day, func(e group) bool {
		if !e.since(p.since) {
			return true
		}
		select {
		case work <- e:
			return true
		case <-ctx.Done():
			return false
		}
	})
	close(work)
	workers.Wait()
	return errors.Join(context.Cause(ctx), err)
}

// add counts a finding; a follow-up that another pass told of is counted once.
func (s *Summary) add(f Finding, first bool) {
	s.Activities += f.Activities
	s.Presumed += len(f.Presumed)
	if f.Action != Unchanged && f.Action != Broken && !f.Sealed && !f.Status.Ended() && first {
		s.Open++
	}
	switch {
	case f.Action == Broken:
		s.Broken++
	case !first:
	case f.Action == Added:
		s.Added++
	case f.Action == Extended:
		s.Extended++
	case f.Action == Unknown:
		s.Unknown++
	default:
		s.Unchanged++
	}
}
