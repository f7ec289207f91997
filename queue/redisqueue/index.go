package redisqueue

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"sambung/queue"
)

// change is one index change for commit.lua.
type change struct {
	command string
	key     string
	args    []string
}

// place is one index entry that a state has. One that is added anew first
// leaves where it was.
type place struct {
	add    change
	remove []change
	order  string // what else decides where the entry is, beyond add
}

// places are all index entries of a state. The indexes are derived from the
// state by this function alone; what a change does to them is the difference.
func (q *Queue) places(s queue.State) []place {
	if s.Version == 0 {
		return nil
	}
	id, deadline := string(s.FollowUp.ID), score(s)
	places := []place{
		sorted(q.key("all"), deadline, id),
		sorted(q.key("status:"+string(s.Status)), deadline, id),
		member(q.key("ticket:"+s.FollowUp.Ticket), id),
		member(q.key("phone:"+digest(s.FollowUp.Taxpayer.Phone)), id),
	}
	if !s.Status.Ended() {
		places = append(places, member(q.key("open:"+s.FollowUp.Ticket), id))
	}
	if s.FollowUp.Agent != "" {
		places = append(places, member(q.key("by-agent:"+string(s.FollowUp.Agent)), id))
	}
	if s.Dossier == queue.DossierSealed {
		at := strconv.FormatInt(millis(s.SealedAt), 10)
		places = append(places, sorted(q.key("sealed"), at, id))
		if s.LastAgent != "" {
			places = append(places, sorted(q.key("sealed:"+string(s.LastAgent)), at, id))
		}
	}
	if s.Status == queue.StatusQueued {
		places = append(places, q.waitingPlace(s, id, deadline))
	}
	if name, due := s.EvidenceDue(); due {
		places = append(places, member(q.key("evidence:"+name), id))
	}
	if a := s.Assignment; a != nil {
		number, agent := s.FollowUp.Taxpayer.Phone, q.key("agent:"+string(a.Agent))
		places = append(places,
			member(q.key("held:"+a.Switch), id),
			member(q.key("by-agent:"+string(a.Agent)), id),
			pair(change{"HSET", q.key("numbers"), []string{number, id}}, change{"HDELIF", q.key("numbers"), []string{number, id}}),
			pair(change{"HSET", agent, []string{"reserved", id}}, change{"FREE", agent, []string{id}}),
		)
	}
	return places
}

// waitingPlace is where a queued follow-up waits. A claim moves what is due from
// retry to ready by itself, so one that was to be tried later may be in either.
func (q *Queue) waitingPlace(s queue.State, id, deadline string) place {
	ready := sorted(q.key(readyKey(s)), deadline, id)
	if s.RetryAt.IsZero() {
		return ready
	}
	later := sorted(q.key("retry"), retryScore(s), id)
	later.remove, later.order = append(later.remove, ready.remove...), deadline
	return later
}

// changes are what leads from one state's index entries to the next one's.
// freedAt is when an agent whom it frees was freed, in milliseconds.
func (q *Queue) changes(before, after queue.State, freedAt string) []change {
	old, now := q.places(before), q.places(after)
	var list []change
	for _, p := range old {
		if contains(now, p) {
			continue
		}
		for _, c := range p.remove {
			if c.command == "FREE" {
				c.args = append(slices.Clone(c.args), freedAt)
			}
			list = append(list, c)
		}
	}
	for _, p := range now {
		if !contains(old, p) {
			list = append(list, p.add)
		}
	}
	return list
}

// contains reports whether p is among the places.
func contains(places []place, p place) bool {
	return slices.ContainsFunc(places, func(o place) bool {
		return o.order == p.order && same(o.add, p.add) && slices.EqualFunc(o.remove, p.remove, same)
	})
}

func same(a, b change) bool {
	return a.command == b.command && a.key == b.key && slices.Equal(a.args, b.args)
}

func pair(add, remove change) place { return place{add: add, remove: []change{remove}} }

func sorted(key, score, id string) place {
	return pair(change{"ZADD", key, []string{score, id}}, change{"ZREM", key, []string{id}})
}

func member(key, id string) place {
	return pair(change{"SADD", key, []string{id}}, change{"SREM", key, []string{id}})
}

// readyKey is the queue from which a follow-up is claimed, without the prefix.
func readyKey(s queue.State) string {
	if s.FollowUp.Agent != "" {
		return "ready:" + string(s.FollowUp.Agent)
	}
	return "ready"
}

// retryScore is when a follow-up is to be tried again, in ms; empty: at once.
func retryScore(s queue.State) string {
	if s.RetryAt.IsZero() {
		return ""
	}
	return strconv.FormatInt(millis(s.RetryAt), 10)
}

func score(s queue.State) string { return strconv.FormatInt(millis(s.FollowUp.Deadline), 10) }

// digest keeps telephone numbers out of key names, which tools print.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}
