package faults

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// The servers that an operation is asked of.
const (
	ledger  = "ledger"
	pbx     = "switch"
	archive = "archive"
)

// The harms.
const (
	requestLost = "request lost"
	replyLost   = "reply lost"
	refused     = "refused" // by the server, with an error: not done, and seen
	late        = "late"
	away        = "away"        // the server, from then on, for a while
	deadBefore  = "dead before" // the daemon, to everybody
	deadAfter   = "dead after"
)

var harms = []string{requestLost, replyLost, refused, late, away, deadBefore, deadAfter}

// fault is a harm to the n-th request to a server that holds a text.
type fault struct {
	server, match string
	nth           int
	harm          string
}

func (f fault) String() string {
	return fmt.Sprintf("%s, %s, %d, %s", f.server, f.match, f.nth, f.harm)
}

// deadly says that the daemon that meets it does no more.
func (f fault) deadly() bool { return f.harm == deadBefore || f.harm == deadAfter }

// schedule is one or two faults; a second one, after a deadly first, meets the
// standby.
type schedule []fault

func (s schedule) String() string {
	var all []string
	for _, f := range s {
		all = append(all, f.String())
	}
	return strings.Join(all, "; ")
}

// parse reads what String wrote.
func parse(text string) (schedule, error) {
	var s schedule
	for part := range strings.SplitSeq(text, "; ") {
		fields := strings.Split(part, ", ")
		if len(fields) != 4 {
			return nil, fmt.Errorf("fault %q: want server, match, n-th, harm", part)
		}
		nth, err := strconv.Atoi(fields[2])
		if err != nil {
			return nil, fmt.Errorf("fault %q: %w", part, err)
		}
		s = append(s, fault{fields[0], fields[1], nth, fields[3]})
	}
	return s, nil
}

// operation is what a fault can meet, up to the times-th.
type operation struct {
	server, match string
	times         int
}

// operations are those of a follow-up that goes well.
func operations() []operation {
	var all []operation
	for _, kind := range []string{
		"assigned", "agent_ringing", "agent_answered", "recording_started", "taxpayer_dialing", "taxpayer_answered",
		"announcement_played", "call_ended", "outcome_confirmed", "attempt_settled", "recording_archived", "recording_removed",
		"history_shipped", "sealed",
	} {
		all = append(all, operation{ledger, `"` + kind + `"`, 1})
	}
	for match, times := range map[string]int{
		"POST /ari/bridges/": 1, "channelId=": 2, "GET /ari/channels/": 2, "/dial?": 2, "/snoop/": 2, "/record?": 2, "/addChannel?": 2,
		"/play/": 1, "DELETE /ari/channels/": 2, "/stop": 2, "GET /ari/channels ": 1, "DELETE /ari/bridges/": 1,
		"/file ": 2, "DELETE /ari/recordings/": 2,
	} {
		all = append(all, operation{pbx, match, times})
	}
	for match, times := range map[string]int{"recordings/": 3, "history/": 3, "manifests/": 2, "pointers/": 2} {
		all = append(all, operation{archive, match, times})
	}
	return all
}

// singles are all schedules of one fault.
func singles() []schedule {
	var all []schedule
	for _, o := range operations() {
		for nth := 1; nth <= o.times; nth++ {
			for _, harm := range harms {
				all = append(all, schedule{{o.server, o.match, nth, harm}})
			}
		}
	}
	return all
}

// pairs are n schedules of two faults, always the same for a seed.
func pairs(seed uint64, n int) []schedule {
	random := rand.New(rand.NewPCG(seed, 0))
	one := singles()
	// Maps have no order; the schedules of a seed have.
	sortSchedules(one)
	all := make([]schedule, n)
	for i := range all {
		all[i] = schedule{one[random.IntN(len(one))][0], one[random.IntN(len(one))][0]}
	}
	return all
}
