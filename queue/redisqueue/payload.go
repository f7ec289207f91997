package redisqueue

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"sambung/queue"
)

// payload is what commit.lua is given, which documents it.
type payload struct {
	State      []byte   `json:"-"` // the arguments after the first
	Activities [][]byte `json:"-"`
	ID         string   `json:"id"`
	Number     string   `json:"number"`
	Expect     string   `json:"expect"`
	Head       string   `json:"head"`
	Leased     bool     `json:"leased"`
	Owner      string   `json:"owner"`
	Fence      string   `json:"fence"`
	Fields     []string `json:"fields"`
	Changes    [][]any  `json:"changes"`
	Absent     int      `json:"absent"`
	Holds      [][]any  `json:"holds"`
	Idem       []string `json:"idem"`
	Event      []string `json:"event"`
	Keep       int      `json:"keep"`
	IdemKeep   int      `json:"idem_keep"`
}

// arguments are those of commit.lua.
func (p payload) arguments() ([]any, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("encoding a commit: %w", err)
	}
	args := []any{text, p.State}
	for _, a := range p.Activities {
		args = append(args, a)
	}
	return args, nil
}

// payload gives the keys and what commit.lua is given.
func (q *Queue) payload(w write) ([]string, payload, error) {
	id, last := string(w.after.FollowUp.ID), w.activities[len(w.activities)-1]
	state, err := json.Marshal(w.after)
	if err != nil {
		return nil, payload{}, fmt.Errorf("encoding the state of %s: %w", id, err)
	}
	version := strconv.Itoa(w.after.Version)
	p := payload{
		ID: id, Number: w.after.FollowUp.Taxpayer.Phone, Expect: strconv.Itoa(w.before.Version), Head: w.before.Head,
		State: state, Changes: [][]any{}, Holds: [][]any{}, Idem: []string{},
		Fields: []string{
			"version", version, "head", w.after.Head, "status", string(w.after.Status),
			"deadline", score(w.after), "number", w.after.FollowUp.Taxpayer.Phone, "ready", readyKey(w.after), "retry", retryScore(w.after),
		},
		Event: []string{
			"id", id, "version", version, "status", string(w.after.Status),
			"kind", string(last.Kind), "agent", string(agentOf(w.before, w.after)),
		},
		Keep: replySeconds, IdemKeep: int(keepIdemKeys / time.Second),
	}
	for _, a := range w.activities {
		text, err := json.Marshal(a)
		if err != nil {
			return nil, payload{}, fmt.Errorf("encoding an activity of %s: %w", id, err)
		}
		p.Activities = append(p.Activities, text)
	}
	keys := []string{
		q.operation(), q.key("f:" + id), q.key("log:" + id), q.key("switch:"), q.key("events"), q.key("idem:"),
	}
	keys = q.addGuards(w, &p, keys)
	return q.addChanges(w, &p, keys), p, nil
}

// addGuards adds what must hold for the write to be made.
func (q *Queue) addGuards(w write, p *payload, keys []string) []string {
	if w.lease != nil {
		keys[3] = q.key("switch:" + w.lease.Switch)
		p.Leased, p.Owner, p.Fence = true, w.lease.Owner, strconv.FormatInt(int64(w.lease.Fence), 10)
	}
	if w.idem.Key != "" {
		keys[5] = q.key("idem:" + w.idem.Key)
		p.Idem = []string{"id", p.ID, "fingerprint", w.idem.Fingerprint}
	}
	if w.unlessOpen {
		keys = append(keys, q.key("open:"+w.after.FollowUp.Ticket))
		p.Absent = len(keys)
	}
	if a := w.after.Assignment; a != nil && w.before.Assignment == nil {
		keys = append(keys, q.key("numbers"), q.key("agent:"+string(a.Agent)))
		p.Holds = [][]any{{len(keys) - 1, p.Number}, {len(keys), "reserved"}}
	}
	return keys
}

// addChanges adds what the write does to indexes and to the agent.
func (q *Queue) addChanges(w write, p *payload, keys []string) []string {
	at := strconv.FormatInt(millis(w.activities[len(w.activities)-1].At), 10)
	list := q.changes(w.before, w.after, at)
	if a := w.before.Assignment; w.agent != nil && a != nil {
		list = append(list, change{"PRESENCE", q.key("agent:" + string(a.Agent)), []string{string(w.agent.Presence), w.agent.PauseReason, at}})
	}
	for _, c := range list {
		keys = append(keys, c.key)
		row := []any{c.command, len(keys)}
		for _, arg := range c.args {
			row = append(row, arg)
		}
		p.Changes = append(p.Changes, row)
	}
	return keys
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
