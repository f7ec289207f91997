package checker

import "time"

// ringingAgents: an agent's telephone rang at most once for each time that an
// attempt announced it, and never unannounced.
func (r *report) ringingAgents(lives []life, invites []Invite) {
	taken := make([]bool, len(invites))
	for _, l := range lives {
		for _, at := range l.attempts {
			if len(at.agentIntents) > 2 {
				r.add("called twice", l.state.FollowUp.ID, "attempt %d announced the agent's telephone %d times", at.number, len(at.agentIntents))
			}
			var rung []time.Time
			for i, inv := range invites {
				if !taken[i] && inv.Number == string(at.agent) && at.holds(inv.At) {
					taken[i] = true
					rung = append(rung, inv.At)
				}
			}
			if !announced(rung, at.agentIntents) {
				r.add("called twice", l.state.FollowUp.ID, "attempt %d announced the agent's telephone at %v; it rang at %v", at.number, at.agentIntents, rung)
			}
		}
	}
	for i, inv := range invites {
		if !taken[i] {
			r.add("unrecorded", "", "agent %s's telephone saw INVITE %s outside all attempts", inv.Number, inv.CallID)
		}
	}
}

// holds reports whether the agent was the attempt's at that moment.
func (at attempt) holds(t time.Time) bool {
	return !t.Before(at.assigned) && (at.settled.IsZero() || !t.After(at.settled.Add(time.Millisecond)))
}

// announced reports whether each ring follows an announcement of its own. Both
// are in the order of time.
func announced(rung, intents []time.Time) bool {
	for i, t := range rung {
		if i >= len(intents) || t.Before(intents[i]) {
			return false
		}
	}
	return true
}
