package redisqueue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"sambung/queue"
)

// errConflict means that somebody else wrote meanwhile.
var errConflict = errors.New("the follow-up changed meanwhile")

// conflicts is how often a change is decided anew.
const conflicts = 50

// payload is the argument of commit.lua, which documents it.
type payload struct {
	Expect     string   `json:"expect"`
	Owner      string   `json:"owner"`
	Fence      string   `json:"fence"`
	Activities []string `json:"activities"`
	Fields     []string `json:"fields"`
	Changes    [][]any  `json:"changes"`
	Absent     int      `json:"absent"`
	Idem       []string `json:"idem"`
	Event      []string `json:"event"`
	Keep       int      `json:"keep"`
	IdemKeep   int      `json:"idem_keep"`
}

// write is one commit in the making.
type write struct {
	before, after queue.State
	activities    []queue.Activity
	lease         *queue.Lease
	agent         *queue.AgentChange
	unlessOpen    bool // refuse when the ticket has another open follow-up
	idem          queue.Enqueue
}

// State returns what a follow-up's activities add up to.
func (q *Queue) State(ctx context.Context, id queue.ID) (queue.State, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	text, err := q.client.HGet(ctx, q.key("f:"+string(id)), "state").Result()
	if errors.Is(err, redis.Nil) {
		return queue.State{}, fmt.Errorf("follow-up %s: %w", id, queue.ErrNotFound)
	}
	if err != nil {
		return queue.State{}, fmt.Errorf("redis: state of %s: %w", id, err)
	}
	return decodeState(id, text)
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
	entries, err := q.client.XRange(ctx, q.key("log:"+string(id)), "-", "+").Result()
	if err != nil {
		return nil, fmt.Errorf("redis: history of %s: %w", id, err)
	}
	if len(entries) == 0 {
		return nil, fmt.Errorf("follow-up %s: %w", id, queue.ErrNotFound)
	}
	history := make([]queue.Activity, len(entries))
	for i, e := range entries {
		text, _ := e.Values["a"].(string)
		if err := json.Unmarshal([]byte(text), &history[i]); err != nil {
			return nil, fmt.Errorf("activity %s of %s cannot be read: %w", e.ID, id, err)
		}
	}
	return history, nil
}

// Append makes one change, see queue.Ledger.
func (q *Queue) Append(ctx context.Context, c queue.Change) (queue.State, error) {
	for range conflicts {
		before, err := q.State(ctx, c.ID)
		if err != nil {
			return queue.State{}, err
		}
		entries, err := c.Decide(before)
		if err != nil || len(entries) == 0 {
			return before, err
		}
		w, err := prepare(before, c.ID, entries)
		if err != nil {
			return before, err
		}
		w.lease, w.agent = c.Lease, c.Agent
		if _, err = q.commit(ctx, w); !errors.Is(err, errConflict) {
			if err != nil {
				return before, err
			}
			return w.after, nil
		}
		select {
		case <-ctx.Done():
			return before, ctx.Err()
		case <-time.After(rand.N(5 * time.Millisecond)):
		}
	}
	return queue.State{}, fmt.Errorf("follow-up %s: %w, %d times in a row", c.ID, errConflict, conflicts)
}

// prepare chains the entries and applies them.
func prepare(before queue.State, id queue.ID, entries []queue.Entry) (write, error) {
	w := write{before: before, after: before}
	for _, e := range entries {
		a, err := queue.Chain(id, w.after.Version, w.after.Head, e)
		if err != nil {
			return w, err
		}
		if w.after, err = queue.Apply(w.after, a); err != nil {
			return w, err
		}
		w.activities = append(w.activities, a)
	}
	return w, nil
}

// commit sends a write. The reply beyond "OK" is for Enqueue.
func (q *Queue) commit(ctx context.Context, w write) ([]string, error) {
	keys, p, err := q.payload(w)
	if err != nil {
		return nil, err
	}
	argument, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("encoding a commit: %w", err)
	}
	reply, err := q.run(ctx, q.commits, true, keys, argument)
	if err != nil {
		return nil, err
	}
	switch reply[0] {
	case "OK", "TAKEN", "KEY":
		return reply, nil
	case "CONFLICT":
		return nil, errConflict
	case "FENCED":
		return nil, fmt.Errorf("follow-up %s: %w", w.after.FollowUp.ID, queue.ErrFenced)
	default:
		return nil, fmt.Errorf("redis: a commit was answered with %q", reply[0])
	}
}

func (q *Queue) payload(w write) ([]string, payload, error) {
	id, last := string(w.after.FollowUp.ID), w.activities[len(w.activities)-1]
	state, err := json.Marshal(w.after)
	if err != nil {
		return nil, payload{}, fmt.Errorf("encoding the state of %s: %w", id, err)
	}
	keys := []string{
		q.operation(), q.key("f:" + id), q.key("log:" + id), q.key("switch:"), q.key("events"), q.key("idem:"),
	}
	p := payload{
		Expect: strconv.Itoa(w.before.Version), Activities: []string{}, Changes: [][]any{}, Idem: []string{},
		Fields: []string{
			"version", strconv.Itoa(w.after.Version), "head", w.after.Head, "state", string(state), "status", string(w.after.Status),
			"deadline", score(w.after), "number", w.after.FollowUp.Taxpayer.Phone, "ready", readyKey(w.after),
		},
		Event: []string{
			"id", id, "version", strconv.Itoa(w.after.Version), "status", string(w.after.Status),
			"kind", string(last.Kind), "agent", string(agentOf(w.before, w.after)),
		},
		Keep: int(keepReplies / time.Second), IdemKeep: int(keepIdemKeys / time.Second),
	}
	for _, a := range w.activities {
		text, err := json.Marshal(a)
		if err != nil {
			return nil, payload{}, fmt.Errorf("encoding an activity of %s: %w", id, err)
		}
		p.Activities = append(p.Activities, string(text))
	}
	if w.lease != nil {
		keys[3] = q.key("switch:" + w.lease.Switch)
		p.Owner, p.Fence = w.lease.Owner, strconv.FormatInt(int64(w.lease.Fence), 10)
	}
	if w.idem.Key != "" {
		keys[5] = q.key("idem:" + w.idem.Key)
		p.Idem = []string{"id", id, "fingerprint", w.idem.Fingerprint}
	}
	if w.unlessOpen {
		keys = append(keys, q.key("open:"+w.after.FollowUp.Ticket))
		p.Absent = len(keys)
	}
	freed := strconv.FormatInt(millis(last.At), 10)
	list := q.changes(w.before, w.after, freed)
	if a := w.before.Assignment; w.agent != nil && a != nil {
		list = append(list, change{"PRESENCE", q.key("agent:" + string(a.Agent)), []string{string(w.agent.Presence), w.agent.PauseReason, freed}})
	}
	for _, c := range list {
		keys = append(keys, c.key)
		row := []any{c.command, len(keys)}
		for _, arg := range c.args {
			row = append(row, arg)
		}
		p.Changes = append(p.Changes, row)
	}
	return keys, p, nil
}

// agentOf is the agent whom a change concerns.
func agentOf(before, after queue.State) queue.AgentID {
	for _, s := range []queue.State{after, before} {
		if s.Assignment != nil {
			return s.Assignment.Agent
		}
	}
	return after.FollowUp.Agent
}

// Enqueue writes a new follow-up, see queue.Ledger.
func (q *Queue) Enqueue(ctx context.Context, e queue.Enqueue) (queue.State, bool, error) {
	f := e.FollowUp
	entries := []queue.Entry{{At: f.EnteredAt, Actor: e.Actor, Kind: queue.KindReceived, Details: queue.Details{FollowUp: &f}}}
	if f.Provisional {
		entries = append(entries, queue.Entry{
			At: f.EnteredAt, Actor: queue.ActorSystem, Kind: queue.KindDeadlineProvisional,
			Details: queue.Details{Reason: "the deadline rests on holidays that are not final"},
		})
	}
	w, err := prepare(queue.State{}, f.ID, entries)
	if err != nil {
		return queue.State{}, false, err
	}
	w.idem, w.unlessOpen = e, !e.AllowDuplicate
	reply, err := q.commit(ctx, w)
	switch {
	case err != nil:
		return queue.State{}, false, err
	case reply[0] == "TAKEN":
		return queue.State{}, false, &queue.TicketOpenError{Ticket: f.Ticket, Existing: queue.ID(reply[1])}
	case reply[0] == "KEY":
		return q.replay(ctx, e, reply)
	}
	return w.after, false, nil
}

// replay answers a repeated idempotency key.
func (q *Queue) replay(ctx context.Context, e queue.Enqueue, reply []string) (queue.State, bool, error) {
	if reply[2] != e.Fingerprint {
		return queue.State{}, false, queue.ErrKeyReused
	}
	s, err := q.State(ctx, queue.ID(reply[1]))
	return s, err == nil, err
}
