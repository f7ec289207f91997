package checker

import (
	"strings"
	"testing"
	"time"

	"sambung/queue"
)

// TestRingingAgents: a telephone that rings once more than was announced, too
// early, or for nobody, is found.
func TestRingingAgents(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return time.Date(2026, 11, 23, 2, 0, s, 0, time.UTC) }
	one := attempt{number: 1, agent: "agent-1", assigned: at(0), settled: at(60), agentIntents: []time.Time{at(1)}}
	two := one
	two.agentIntents = []time.Time{at(1), at(30)} // the second rings back
	thrice := two
	thrice.agentIntents = append(thrice.agentIntents, at(40))
	open := one
	open.settled = time.Time{}
	for name, c := range map[string]struct {
		attempt attempt
		agent   string
		rang    []int // seconds
		want    string
	}{
		"once":                    {one, "agent-1", []int{2}, ""},
		"announced, never rung":   {one, "agent-1", nil, ""},
		"rung back":               {two, "agent-1", []int{2, 31}, ""},
		"not settled yet":         {open, "agent-1", []int{2}, ""},
		"twice for one":           {one, "agent-1", []int{2, 9}, "called twice"},
		"again before its time":   {two, "agent-1", []int{2, 9}, "called twice"},
		"before the announcement": {one, "agent-1", []int{0}, "called twice"},
		"a third announcement":    {thrice, "agent-1", []int{2}, "called twice"},
		"after the attempt":       {one, "agent-1", []int{2, 70}, "unrecorded"},
		"somebody else's":         {one, "agent-2", []int{2}, "unrecorded"},
	} {
		var invites []Invite
		for _, s := range c.rang {
			invites = append(invites, Invite{Number: c.agent, CallID: "x", At: at(s)})
		}
		var r report
		r.ringingAgents([]life{{state: queue.State{}, attempts: []attempt{c.attempt}}}, invites)
		var found []string
		for _, v := range r.found {
			found = append(found, v.Invariant)
		}
		if got := strings.Join(found, " "); got != c.want {
			t.Errorf("%s: found %q, want %q", name, got, c.want)
		}
	}
}
