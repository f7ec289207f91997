package redisqueue

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"sambung/queue"
)

// ownKeys is how many keys of commit.lua come before those of the index changes.
const ownKeys = 8

// payload gives the keys and the arguments of commit.lua, which documents them.
func (q *Queue) payload(w write) (keys []string, args []any, err error) {
	id, number := string(w.after.FollowUp.ID), w.after.FollowUp.Taxpayer.Phone
	texts, err := documents(w)
	if err != nil {
		return nil, nil, err
	}
	state, activities := texts[0], texts[1:]
	changes, left := q.changesOf(w)
	fields, event := fieldsOf(w, state), eventOf(w)

	keys = make([]string, ownKeys, ownKeys+len(changes))
	keys[0], keys[1], keys[3] = q.key("f:"+id), q.key("log:"+id), q.key("events")
	keys[2], keys[4], keys[5], keys[6], keys[7] = keys[3], keys[3], q.key("open:"+w.after.FollowUp.Ticket), q.key("numbers"), keys[3]
	owner, fence, claimant, alone, keep := "", "", "", "", ""
	if w.lease != nil {
		keys[2], owner, fence = q.key("switch:"+w.lease.Switch), w.lease.Owner, strconv.FormatInt(int64(w.lease.Fence), 10)
	}
	if w.idem.Key != "" {
		keys[4], keep = q.key("idem:"+w.idem.Key), strconv.Itoa(int(keepIdemKeys/time.Second))
	}
	if a := w.after.Assignment; a != nil && w.before.Assignment == nil {
		claimant = string(a.Agent)
		keys[7] = q.key("agent:" + claimant)
	}
	if w.unlessOpen {
		alone = "1"
	}
	args = append(make([]any, 0, 32+len(fields)+len(event)+3*len(changes)),
		operation(), id, w.before.Version, w.before.Head, owner, fence, number, claimant, alone, w.idem.Fingerprint, keep,
		len(activities), len(fields), len(event), left)
	for _, list := range [][]any{activities, fields, event} {
		args = append(args, list...)
	}
	for _, c := range changes {
		keys, args = append(keys, c.key), append(args, c.command)
		for _, arg := range c.args {
			args = append(args, arg)
		}
	}
	return keys, args, nil
}

// documents are the state and the activities of a write, in JSON.
func documents(w write) ([]any, error) {
	texts := make([]any, 0, 1+len(w.activities))
	state, err := json.Marshal(w.after)
	if err != nil {
		return nil, fmt.Errorf("encoding the state of %s: %w", w.after.FollowUp.ID, err)
	}
	texts = append(texts, state)
	for _, a := range w.activities {
		text, err := json.Marshal(a)
		if err != nil {
			return nil, fmt.Errorf("encoding an activity of %s: %w", a.FollowUp, err)
		}
		texts = append(texts, text)
	}
	return texts, nil
}

// fieldsOf are the fields of the follow-up's hash that a write changes.
func fieldsOf(w write, state any) []any {
	fields := []any{"version", w.after.Version, "head", w.after.Head, "state", state}
	for _, f := range []struct {
		name string
		of   func(queue.State) string
	}{
		{"status", func(s queue.State) string { return string(s.Status) }},
		{"deadline", score},
		{"number", func(s queue.State) string { return s.FollowUp.Taxpayer.Phone }},
		{"ready", readyKey},
		{"retry", retryScore},
	} {
		if value := f.of(w.after); w.before.Version == 0 || value != f.of(w.before) {
			fields = append(fields, f.name, value)
		}
	}
	return fields
}

// eventOf tells daemons and pages what changed; nothing in it is personal.
func eventOf(w write) []any {
	return []any{
		"id", string(w.after.FollowUp.ID), "version", w.after.Version, "status", string(w.after.Status),
		"kind", string(w.activities[len(w.activities)-1].Kind), "agent", string(agentOf(w.before, w.after)),
	}
}

// changesOf is what a write does to indexes and to the agent, and how many of
// these changes are left to do when a claim has reserved the follow-up.
func (q *Queue) changesOf(w write) (list []change, left int) {
	at := strconv.FormatInt(millis(w.activities[len(w.activities)-1].At), 10)
	list, left = q.changes(w.before, w.after, at)
	if a := w.before.Assignment; w.agent != nil && a != nil {
		list = append(list, change{"PRESENCE", q.key("agent:" + string(a.Agent)), []string{string(w.agent.Presence), w.agent.PauseReason, at}})
	}
	if w.comeback {
		list, left = slices.Insert(list, 0, change{command: "INCR", key: q.key("comebacks")}), left+1
	}
	return list, left
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
