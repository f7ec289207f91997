package redisqueue

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"sambung/queue"
)

// change is one index change for commit.lua, which documents the commands.
type change struct {
	command string
	key     string
	args    []string // beside the follow-up's id
}

// place is one index entry that a state has. One that is added anew first
// leaves where it was.
type place struct {
	add, remove string // commands
	key         string
	arg         string // score or field; empty: neither
	// queue is where a claim may have moved the entry to, and order what decides
	// its place there.
	queue, order string
	// claimed says that a claim, which comes before an assignment, has added the
	// entry, and that nothing takes it away before the claim is released.
	claimed bool
}

func (p place) added() change {
	if p.arg == "" {
		return change{p.add, p.key, nil}
	}
	return change{p.add, p.key, []string{p.arg}}
}

// removed are the changes that take the entry away. freedAt is for an agent's.
func (p place) removed(freedAt string) []change {
	c := change{command: p.remove, key: p.key}
	switch p.remove {
	case "DROP":
		c.args = []string{p.arg}
	case "FREE":
		c.args = []string{freedAt}
	}
	if p.queue != "" {
		return []change{c, {command: p.remove, key: p.queue}}
	}
	return []change{c}
}

// places are all index entries of a state. The indexes are derived from the
// state by this function alone; what a change does to them is the difference.
func (q *Queue) places(s queue.State) []place {
	if s.Version == 0 {
		return nil
	}
	deadline := score(s)
	places := append(make([]place, 0, 12),
		sorted(q.key("all"), deadline),
		sorted(q.key("status:"+string(s.Status)), deadline),
		member(q.key("ticket:"+s.FollowUp.Ticket)),
		member(q.key("phone:"+digest(s.FollowUp.Taxpayer.Phone))),
	)
	if !s.Status.Ended() {
		places = append(places, member(q.key("open:"+s.FollowUp.Ticket)))
	}
	if s.FollowUp.Agent != "" {
		places = append(places, member(q.key("by-agent:"+string(s.FollowUp.Agent))))
	}
	if s.Dossier == queue.DossierSealed {
		at := strconv.FormatInt(millis(s.SealedAt), 10)
		places = append(places, sorted(q.key("sealed"), at))
		if s.LastAgent != "" {
			places = append(places, sorted(q.key("sealed:"+string(s.LastAgent)), at))
		}
	}
	if s.Status == queue.StatusQueued {
		places = append(places, q.waitingPlace(s, deadline))
	}
	if name, due := s.EvidenceDue(); due {
		places = append(places, member(q.key("evidence:"+name)))
	}
	if a := s.Assignment; a != nil {
		held := member(q.key("held:" + a.Switch))
		held.claimed = true
		places = append(places, member(q.key("by-agent:"+string(a.Agent))), held,
			place{add: "HOLD", remove: "DROP", key: q.key("numbers"), arg: s.FollowUp.Taxpayer.Phone, claimed: true},
			place{add: "HOLD", remove: "FREE", key: q.key("agent:" + string(a.Agent)), arg: "reserved", claimed: true},
		)
	}
	return places
}

// waitingPlace is where a queued follow-up waits. A claim moves what is due from
// retry to ready by itself, so one that was to be tried later may be in either.
func (q *Queue) waitingPlace(s queue.State, deadline string) place {
	ready := sorted(q.key(readyKey(s)), deadline)
	if s.RetryAt.IsZero() {
		return ready
	}
	later := sorted(q.key("retry"), retryScore(s))
	later.queue, later.order = ready.key, deadline
	return later
}

// changes are what leads from one state's index entries to the next one's, those
// that a claim may have made already at the end, and how many the others are.
// freedAt is when an agent whom it frees was freed, in milliseconds.
func (q *Queue) changes(before, after queue.State, freedAt string) (list []change, unclaimed int) {
	old, now := q.places(before), q.places(after)
	for _, p := range old {
		if !slices.Contains(now, p) {
			list = append(list, p.removed(freedAt)...)
		}
	}
	var claimed []change
	for _, p := range now {
		switch {
		case slices.Contains(old, p):
		case p.claimed:
			claimed = append(claimed, p.added())
		default:
			list = append(list, p.added())
		}
	}
	return append(list, claimed...), len(list)
}

func sorted(key, score string) place {
	return place{add: "ZADD", remove: "ZREM", key: key, arg: score}
}

func member(key string) place {
	return place{add: "SADD", remove: "SREM", key: key}
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
