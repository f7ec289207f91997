package redisqueue

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sambung/queue"
)

// entries is what indexes hold: "key member" or "key field", and the value.
type entries map[string]string

// CheckIndexes compares every index with what the stored states ask for.
func CheckIndexes(t testing.TB, q *Queue) {
	t.Helper()
	ctx := context.Background()
	states, err := q.Find(ctx, queue.Filter{Limit: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	want := make(entries)
	for _, s := range states {
		for _, p := range q.places(s) {
			want.place(p, string(s.FollowUp.ID))
		}
		claim, err := q.client.HMGet(ctx, q.key("f:"+string(s.FollowUp.ID)), "claimed", "claimant").Result()
		if err != nil {
			t.Fatal(err)
		}
		if agent, ok := claim[1].(string); ok {
			want.claimed(q, s, claim[0].(string), agent)
		}
	}
	got := readIndexes(t, q)
	got.promote(q, want)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if value, ok := got[name]; !ok || value != want[name] {
			t.Errorf("index entry %q is %q (there: %v), want %q", name, value, ok, want[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			t.Errorf("index entry %q is there and belongs to no state", name)
		}
	}
}

func (e entries) place(p place, id string) {
	switch p.add {
	case "ZADD":
		e[p.key+" "+id] = p.arg
	case "SADD":
		e[p.key+" "+id] = ""
	case "HOLD":
		e[p.key+" "+p.arg] = id
	}
}

// claimed puts a follow-up that is claimed and not assigned where it is: with
// the agent and out of the queues.
func (e entries) claimed(q *Queue, s queue.State, number, agent string) {
	id := string(s.FollowUp.ID)
	for _, name := range []string{"ready", "ready:" + string(s.FollowUp.Agent), "retry"} {
		delete(e, q.key(name)+" "+id)
	}
	e[q.key("numbers")+" "+number] = id
	e[q.key("agent:"+agent)+" reserved"] = id
	e[q.key("held:pbx1")+" "+id] = ""
}

// promote accepts that a claim has moved what was due from retry to a queue.
func (e entries) promote(q *Queue, want entries) {
	for name, score := range want {
		id, ok := strings.CutPrefix(name, q.key("retry")+" ")
		if _, there := e[name]; !ok || there {
			continue
		}
		for other := range e {
			if strings.HasPrefix(other, q.key("ready")) && strings.HasSuffix(other, " "+id) {
				delete(e, other)
				e[name] = score
			}
		}
	}
}

func readIndexes(t testing.TB, q *Queue) entries {
	t.Helper()
	ctx, got := context.Background(), make(entries)
	keys, err := q.client.Keys(ctx, q.prefix+"*").Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		name, _, _ := strings.Cut(strings.TrimPrefix(key, q.prefix), ":")
		switch name {
		case "all", "status", "ready", "retry", "sealed":
			members, err := q.client.ZRangeWithScores(ctx, key, 0, -1).Result()
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range members {
				got[fmt.Sprintf("%s %s", key, m.Member)] = strconv.FormatFloat(m.Score, 'f', -1, 64)
			}
		case "ticket", "phone", "open", "by-agent", "evidence", "held":
			members, err := q.client.SMembers(ctx, key).Result()
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range members {
				got[key+" "+m] = ""
			}
		case "numbers", "agent":
			fields, err := q.client.HGetAll(ctx, key).Result()
			if err != nil {
				t.Fatal(err)
			}
			for field, value := range fields {
				if name == "numbers" || (field == "reserved" && value != "") {
					got[key+" "+field] = value
				}
			}
		case "f", "log", "op", "idem", "events", "agents", "switch", "epoch", "reviews", "compared", "comebacks":
		case "users", "user", "session", "sessions", "attempts":
		default:
			t.Errorf("key %q is not in the package documentation", key)
		}
	}
	return got
}
