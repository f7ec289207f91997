// Package stranded finds what waits at a switch that was taken out of every
// configuration. What was recorded in a call is fetched, and its dossier sealed, by
// whoever owns the switch that carried it: once nobody does, it waits without end.
package stranded

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sambung/queue"
)

// Back is how old a deadline may be for its follow-up to tell of a switch. One that
// is known by a single follow-up, or by an agent, is looked through whole.
const Back = 31 * day

const day = 24 * time.Hour

// most is how many follow-ups of a day are read; an office has a few hundred.
const most = 100_000

// Ledger is what is asked; see package queue.
type Ledger interface {
	Find(ctx context.Context, f queue.Filter) ([]queue.State, error)
	Agents(ctx context.Context) ([]queue.Agent, error)
	PendingEvidence(ctx context.Context, switchName string, limit int) ([]queue.ID, error)
	Held(ctx context.Context, switchName string) ([]queue.ID, error)
	// Owner is who holds a switch now; empty if nobody does.
	Owner(ctx context.Context, switchName string) (string, error)
}

// Switch is one that no daemon serves, and how many follow-ups wait at it: for their
// recordings, their seal, or the end of a call.
type Switch struct {
	Name      string
	FollowUps int
}

// Remedy is what can be done about it.
const Remedy = "put it back into switches, at every daemon, until nothing waits at it. Where the machine is gone, put another Asterisk up in its place and let the entry name that: " +
	"what was recorded at the old one is then reported as missing (recording_alarm), and the dossiers are sealed"

// Find looks for switches that are not among those configured and that no other daemon
// holds, by name.
func Find(ctx context.Context, l Ledger, configured []string, now time.Time) ([]Switch, error) {
	names, err := mentioned(ctx, l, now)
	if err != nil {
		return nil, err
	}
	var found []Switch
	for _, name := range slices.Sorted(slices.Values(names)) {
		if slices.Contains(configured, name) {
			continue
		}
		owner, err := l.Owner(ctx, name)
		if err != nil {
			return nil, err
		}
		n, err := waiting(ctx, l, name)
		if err != nil {
			return nil, err
		}
		if owner == "" && n > 0 {
			found = append(found, Switch{name, n})
		}
	}
	return found, nil
}

// mentioned are the switches of agents, and of follow-ups with something to be done
// at one, each once.
func mentioned(ctx context.Context, l Ledger, now time.Time) (names []string, err error) {
	mention := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	agents, err := l.Agents(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range agents {
		mention(a.Switch)
	}
	for from := now.Add(-Back); !from.After(now); from = from.Add(day) {
		f := queue.Filter{DeadlineFrom: from, Limit: most}
		if !from.Add(day).After(now) {
			f.DeadlineBefore = from.Add(day) // the last has no end: deadlines to come
		}
		states, err := l.Find(ctx, f)
		if err != nil {
			return nil, fmt.Errorf("follow-ups due from %s: %w", from.Format(time.DateOnly), err)
		}
		for _, s := range states {
			if name, due := s.EvidenceDue(); due {
				mention(name)
			}
			if s.Assignment != nil {
				mention(s.Assignment.Switch)
			}
		}
	}
	return names, nil
}

// waiting counts the follow-ups that wait at one switch.
func waiting(ctx context.Context, l Ledger, name string) (int, error) {
	due, err := l.PendingEvidence(ctx, name, 0)
	if err != nil {
		return 0, err
	}
	anywhere, err := l.PendingEvidence(ctx, "", 0) // on the list of every switch
	if err != nil {
		return 0, err
	}
	held, err := l.Held(ctx, name)
	if err != nil {
		return 0, err
	}
	due = slices.DeleteFunc(due, func(id queue.ID) bool { return slices.Contains(anywhere, id) })
	all := slices.Concat(due, held)
	slices.Sort(all)
	return len(slices.Compact(all)), nil
}
