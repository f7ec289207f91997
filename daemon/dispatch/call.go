package dispatch

import (
	"context"
	"strconv"
	"sync"
	"time"

	"sambung/queue"
	"sambung/telephony"
)

// liveCall is one attempt under way. One goroutine owns it, from start to settle.
type liveCall struct {
	d        *Dispatcher
	id       queue.ID
	agent    queue.AgentID
	attempt  int
	sw       string
	began    time.Time // or was taken over
	request  telephony.Request
	commands chan telephony.Command
	done     chan struct{} // closed when the goroutine is about to end
	monitor  *monitor      // guarded by d.mu; nil while no supervisor is in the talk

	backlog backlog        // what the ledger does not have yet
	telling sync.WaitGroup // the goroutine that tells it

	mu    sync.Mutex
	known queue.State // mu; as this call last wrote it
}

// carry makes a call, or resumes one.
type carry func(context.Context, *liveCall) (telephony.Result, error)

// CallID names an attempt at the switch.
func CallID(id queue.ID, attempt int) string { return string(id) + "-" + strconv.Itoa(attempt) }

// start carries an assigned follow-up in a goroutine of its own, which ends
// with the attempt settled, the calls cut, or the switch lost.
func (d *Dispatcher) start(s queue.State, endpoint string, run carry) {
	c := d.register(s, endpoint)
	d.calls.Go(func() {
		defer c.release()
		result, err := run(d.callCtx, c)
		c.finish(d.callCtx, result, err)
		c.telling.Wait()
	})
}

// register makes the call known, so that commands reach it.
func (d *Dispatcher) register(s queue.State, endpoint string) *liveCall {
	c := &liveCall{
		d: d, id: s.FollowUp.ID, agent: s.Assignment.Agent, attempt: s.Attempt, sw: s.Assignment.Switch,
		began: d.Now(), commands: make(chan telephony.Command, 8), done: make(chan struct{}), known: s,
	}
	c.request = d.Calls
	c.request.ID = CallID(c.id, c.attempt)
	c.request.Agent = endpoint
	c.request.Number = s.FollowUp.Taxpayer.Phone
	c.request.OutcomeKeys = outcomeKeys()
	c.request.Commands = c.commands
	d.mu.Lock()
	d.live[c.id] = c
	d.mu.Unlock()
	return c
}

// write makes a change by one of the dispatcher's ways, and remembers what it
// led to: nearly all that is written of a call is written here, one after another.
func (c *liveCall) write(ctx context.Context, change queue.Change, by func(context.Context, queue.Change) (queue.State, error)) (queue.State, error) {
	c.mu.Lock()
	known := c.known
	c.mu.Unlock()
	change.ID, change.Known = c.id, &known
	s, err := by(ctx, change)
	if err == nil {
		c.mu.Lock()
		c.known = s
		c.mu.Unlock()
	}
	return s, err
}

func (c *liveCall) release() {
	close(c.done)
	c.d.mu.Lock()
	delete(c.d.live, c.id)
	c.d.mu.Unlock()
	c.d.nudge()
}
