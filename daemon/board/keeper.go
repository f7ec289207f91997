package board

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"sambung/daemon/forecast"
	"sambung/queue"
)

const (
	// fresh is how long a board is shown before another is made.
	fresh = time.Second
	// openLimit bounds the follow-ups that a forecast takes in, and listed those
	// that a board lists.
	openLimit, listed = 5000, 1000
	// trunkFresh is how long it is believed what a switch said of its trunk, and
	// trunkWait how long it is waited for.
	trunkFresh, trunkWait = 15 * time.Second, time.Second
)

// Ledger is what a board is made of.
type Ledger interface {
	Find(ctx context.Context, f queue.Filter) ([]queue.State, error)
	History(ctx context.Context, id queue.ID) ([]queue.Activity, error)
	Agents(ctx context.Context) ([]queue.Agent, error)
	Events(ctx context.Context, cursor string, wait time.Duration) (events []queue.Event, next string, err error)
}

// Config is what a Keeper works with. All fields but TrunksDown are required.
type Config struct {
	Queue    Ledger
	Policy   queue.Policy
	Calendar queue.WorkingTime
	Zone     *time.Location // of the office
	// TrunksDown tells whether there is nothing to call over.
	TrunksDown func(context.Context) bool
	Now        func() time.Time
}

// Keeper makes boards, at most one at a time. Make it with New.
type Keeper struct {
	Config
	turn chan struct{} // holds one token: who has it may touch what follows

	text      []byte
	madeAt    time.Time
	counted   map[time.Time]counted
	lessons   lessons
	trunkDown time.Time // since when; zero if it is well
	askedAt   time.Time // of the trunk
}

// New makes a keeper. Nothing is read before a board is asked for.
func New(c Config) *Keeper {
	k := &Keeper{Config: c, turn: make(chan struct{}, 1), counted: make(map[time.Time]counted)}
	k.turn <- struct{}{}
	return k
}

// JSON is the board, encoded: one that was made within the last second, else a
// new one. Whoever asks while one is being made waits for it.
func (k *Keeper) JSON(ctx context.Context) ([]byte, error) {
	select {
	case <-k.turn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { k.turn <- struct{}{} }()
	now := k.Now()
	if age := now.Sub(k.madeAt); k.text != nil && age >= 0 && age < fresh {
		return k.text, nil
	}
	b, err := k.make(ctx, now)
	if err != nil {
		return nil, fmt.Errorf("the board: %w", err)
	}
	text, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("encoding the board: %w", err)
	}
	k.text, k.madeAt = append(text, '\n'), now
	return k.text, nil
}

func (k *Keeper) make(ctx context.Context, now time.Time) (Board, error) {
	var open []queue.Status
	for _, s := range queue.Statuses() {
		if !s.Ended() {
			open = append(open, s)
		}
	}
	states, err := k.Queue.Find(ctx, queue.Filter{Statuses: open, Limit: openLimit})
	if err != nil {
		return Board{}, err
	}
	agents, errAgents := k.Queue.Agents(ctx)
	days, today, errDays := k.days(ctx, now)
	if err := errors.Join(errAgents, errDays, k.learn(ctx, now)); err != nil {
		return Board{}, err
	}
	office := forecast.Office{
		Now: now, Agents: agents, Open: states, Seen: k.lessons.window.Attempts(), TrunkDown: k.trunk(ctx, now), Policy: k.Policy, Calendar: k.Calendar,
	}
	b := compose(office, states, forecast.Predict(office))
	b.Days, b.Today = days, today
	return b, nil
}

// trunk is since when nothing can be dialled, as far as is known; zero if it can.
func (k *Keeper) trunk(ctx context.Context, now time.Time) time.Time {
	if age := now.Sub(k.askedAt); k.TrunksDown == nil || age >= 0 && age < trunkFresh {
		return k.trunkDown
	}
	ctx, cancel := context.WithTimeout(ctx, trunkWait)
	defer cancel()
	down := k.TrunksDown(ctx)
	switch {
	case !down:
		k.trunkDown = time.Time{}
	case k.trunkDown.IsZero():
		k.trunkDown = now
	}
	k.askedAt = now
	return k.trunkDown
}
