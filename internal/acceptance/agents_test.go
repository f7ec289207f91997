package acceptance_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"sambung/queue"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// agentScript is what an agent does in one attempt: first when rung for the
// call, then, if ever, when rung back for the outcome.
type agentScript struct {
	// ringOut lets the first so many attempts ring without an answer.
	ringOut int
	// during runs once the agent has answered, beside the call.
	during func(ctx context.Context, desk *desk, call *softphone.Call)
	// ringback answers the call for the outcome; nil lets it ring.
	ringback func(ctx context.Context, desk *desk, call *softphone.Call)
}

// desk is what a script can see and do beside its telephone.
type desk struct {
	*office
	id     queue.ID
	number string
}

// office is a site with its ledger and the scripts of its agents.
type office struct {
	*site
	ctx   context.Context // scripts end with it
	queue queue.Queue

	mu      sync.Mutex
	scripts map[string]agentScript // mu; by ticket
	rung    map[string]int         // mu; agent's calls by follow-up and attempt
	running sync.WaitGroup
}

// openOffice lets the agents follow the scripts of the tickets they are given.
func openOffice(t *testing.T, s *site, q queue.Queue) *office {
	ctx, cancel := context.WithCancel(context.Background())
	o := &office{site: s, ctx: ctx, queue: q, scripts: make(map[string]agentScript), rung: make(map[string]int)}
	s.people.mu.Lock()
	s.people.agents = o.behave
	s.people.mu.Unlock()
	t.Cleanup(func() { cancel(); o.running.Wait() })
	return o
}

func (o *office) script(ticket string, a agentScript) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.scripts[ticket] = a
}

// behave finds out which follow-up the agent is rung for, and does as its script says.
func (o *office) behave(agent int, in softphone.Invite) softphone.Behaviour {
	state, ok := o.inHand(agent)
	if !ok {
		return softphone.Reject(480)
	}
	o.mu.Lock()
	script := o.scripts[state.FollowUp.Ticket]
	key := string(state.FollowUp.ID) + "/" + string(rune('0'+state.Attempt))
	o.rung[key]++
	ringback := o.rung[key] > 1
	o.mu.Unlock()

	act := script.during
	if ringback {
		act = script.ringback
	}
	if (!ringback && state.Attempt <= script.ringOut) || (ringback && act == nil) {
		return softphone.RingOut()
	}
	if act != nil {
		d := &desk{office: o, id: state.FollowUp.ID, number: state.FollowUp.Taxpayer.Phone}
		o.running.Go(func() { d.run(agent, in.CallID, act) })
	}
	return softphone.Answer().After(100 * time.Millisecond).Playing(tone.Sine(440, -12))
}

// inHand is the follow-up that an agent is rung for. A ledger that was away may
// take a moment to answer again.
func (o *office) inHand(agent int) (queue.State, bool) {
	for {
		a, err := o.queue.Agent(o.ctx, agentID(agent))
		if err == nil && a.Reserved == "" {
			return queue.State{}, false
		}
		var s queue.State
		if err == nil {
			s, err = o.queue.State(o.ctx, a.Reserved)
		}
		if err == nil || !pause(o.ctx, 100*time.Millisecond) {
			return s, err == nil
		}
	}
}

// run waits until the agent's telephone is answered, and acts.
func (d *desk) run(agent int, callID string, act func(context.Context, *desk, *softphone.Call)) {
	ctx, cancel := context.WithTimeout(d.ctx, time.Minute)
	defer cancel()
	call, err := d.phones[agent].WaitCall(ctx, func(r softphone.CallRecord) bool { return r.CallID == callID && r.Answered() })
	if err == nil {
		act(ctx, d, call)
	}
}

// until waits for the ledger to say something about the follow-up in hand.
func (d *desk) until(ctx context.Context, says func(queue.State) bool) bool {
	for ctx.Err() == nil {
		if s, err := d.queue.State(ctx, d.id); err == nil && says(s) {
			return true
		}
		select {
		case <-ctx.Done():
		case <-time.After(30 * time.Millisecond): // polling the ledger
		}
	}
	return false
}

func answered(s queue.State) bool { return s.Status == queue.StatusTalking }
func over(s queue.State) bool     { return s.Status == queue.StatusWrapUp }

// The scripts.

// keypad presses the key once the taxpayer is gone.
func keypad(keys string) agentScript {
	return agentScript{during: func(ctx context.Context, d *desk, call *softphone.Call) {
		if d.until(ctx, over) {
			_ = call.SendDigits(ctx, keys)
		}
	}}
}

// inTalk presses star and the key while the taxpayer is on the line.
func inTalk(key string) agentScript {
	return agentScript{during: func(ctx context.Context, d *desk, call *softphone.Call) {
		if d.until(ctx, answered) {
			_ = call.SendDigits(ctx, "*"+key)
		}
	}}
}

// hangsUpThenRungBack ends the talk, and presses the key when rung back.
func hangsUpThenRungBack(key string) agentScript {
	return agentScript{
		during: func(ctx context.Context, d *desk, call *softphone.Call) {
			if d.until(ctx, answered) && pause(ctx, 1500*time.Millisecond) {
				_ = call.HangUp(ctx)
			}
		},
		ringback: func(ctx context.Context, _ *desk, call *softphone.Call) {
			if pause(ctx, 500*time.Millisecond) {
				_ = call.SendDigits(ctx, key)
			}
		},
	}
}

// hangsUpForGood ends the talk and does not answer the call for the outcome.
func hangsUpForGood() agentScript {
	s := hangsUpThenRungBack("")
	s.ringback = nil
	return s
}

// silent stays on the line and says nothing about the outcome.
func silent() agentScript { return agentScript{} }

// neverPicksUp lets the first attempt ring, and then works by keypad.
func neverPicksUpFirst() agentScript {
	s := keypad("1")
	s.ringOut = 1
	return s
}

func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d): // a person takes time
		return true
	}
}
