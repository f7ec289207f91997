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

// place is one index entry that a state has.
type place struct {
	add, remove change
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
			place{change{"HSET", q.key("numbers"), []string{number, id}}, change{"HDELIF", q.key("numbers"), []string{number, id}}},
			place{change{"HSET", agent, []string{"reserved", id}}, change{"FREE", agent, []string{id, ""}}},
		)
	}
	return places
}

// waitingPlace is where a queued follow-up waits. A claim moves what is due from
// retry to ready by itself, so both are left when it leaves.
func (q *Queue) waitingPlace(s queue.State, id, deadline string) place {
	ready := q.key(readyKey(s))
	if s.RetryAt.IsZero() {
		return sorted(ready, deadline, id)
	}
	p := sorted(q.key("retry"), strconv.FormatInt(millis(s.RetryAt), 10), id)
	p.remove = change{"ZREM", ready, []string{id}}
	return p
}

// changes are what leads from one state's index entries to the next one's.
func (q *Queue) changes(before, after queue.State, freedAt string) []change {
	old, now := q.places(before), q.places(after)
	var list []change
	for _, p := range old {
		if slices.ContainsFunc(now, func(n place) bool { return same(n.add, p.add) }) {
			continue
		}
		if p.add.key == q.key("retry") {
			list = append(list, change{"ZREM", p.add.key, p.remove.args})
		}
		if p.remove.command == "FREE" {
			p.remove.args = []string{p.remove.args[0], freedAt}
		}
		list = append(list, p.remove)
	}
	for _, p := range now {
		if !slices.ContainsFunc(old, func(o place) bool { return same(o.add, p.add) }) {
			list = append(list, p.add)
		}
	}
	return list
}

func same(a, b change) bool {
	return a.command == b.command && a.key == b.key && slices.Equal(a.args, b.args)
}

func sorted(key, score, id string) place {
	return place{change{"ZADD", key, []string{score, id}}, change{"ZREM", key, []string{id}}}
}

func member(key, id string) place {
	return place{change{"SADD", key, []string{id}}, change{"SREM", key, []string{id}}}
}

// readyKey is the queue from which a follow-up is claimed, without the prefix.
func readyKey(s queue.State) string {
	if s.FollowUp.Agent != "" {
		return "ready:" + string(s.FollowUp.Agent)
	}
	return "ready"
}

func score(s queue.State) string { return strconv.FormatInt(millis(s.FollowUp.Deadline), 10) }

// digest keeps telephone numbers out of key names, which tools print.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}
