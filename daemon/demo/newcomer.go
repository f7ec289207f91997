package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"sambung/daemon/api/client"
	"sambung/queue"
	"sambung/telephony/simulator"
)

// newcomerAgent is the agent that whoever opens the pages is, and newcomerSupervisor
// the supervisor.
const (
	newcomerAgent      = "agent-anda"
	newcomerSupervisor = "anda-supervisor"
)

// lingers is how long the newcomer's taxpayer stays on the telephone: there is a page to read.
const lingers = 45 * time.Second

// listensIn is how long a taxpayer whom the newcomer had rung stays on the telephone:
// as the supervisor one finds the talk, and listens to it.
const listensIn = 20 * time.Second

// absence is how long nobody need be at the newcomer's page until the agent is
// offline: a page that is loaded anew is back sooner.
const absence = 5 * time.Second

// newcomer is whoever opens the pages, as each of the three in turn.
type newcomer struct {
	doors []door
	phone *simulator.Telephone
	desk  *simulator.Telephone // the supervisor's, to listen with
	story story

	mu       sync.Mutex
	at       int       // mu; earpieces that are worn
	left     time.Time // mu; when the last one was put down
	expected bool      // mu; the call for this time of being ready was entered
	calls    int       // mu; calls entered so far
}

// door is an account that the pages sign in with by a click.
type door struct {
	Role     queue.Role `json:"role"`
	Name     string     `json:"name"`
	Password string     `json:"password"` // another in every run
}

func newNewcomer() *newcomer {
	n := &newcomer{left: time.Now(), story: anybody()}
	n.story.route, n.story.lingers = queue.RouteAnswer, lingers
	for _, d := range []door{{Role: queue.RoleAgent, Name: "anda-agen"}, {Role: queue.RoleSupervisor, Name: newcomerSupervisor}, {Role: queue.RoleQA, Name: "anda-qa"}} {
		d.Password = rand.Text()
		n.doors = append(n.doors, d)
	}
	return n
}

// welcome makes the newcomer's agent and accounts.
func (d *Demo) welcome(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute) // passwords are hashed slowly on purpose
	defer cancel()
	if _, err := d.client.PutAgent(ctx, newcomerAgent, client.Agent{Endpoint: d.newcomer.phone.Endpoint(), Switch: switchName}); err != nil {
		return fmt.Errorf("agent %s: %w", newcomerAgent, err)
	}
	for _, door := range d.newcomer.doors {
		u := client.User{Role: door.Role, Password: door.Password}
		switch door.Role {
		case queue.RoleAgent:
			u.Agent = newcomerAgent
		case queue.RoleSupervisor:
			u.Endpoint, u.Switch = d.newcomer.desk.Endpoint(), switchName
		}
		if _, err := d.client.PutUser(ctx, door.Name, u); err != nil {
			return fmt.Errorf("user %s: %w", door.Name, err)
		}
	}
	return nil
}

// attend enters a follow-up whenever the newcomer becomes ready, until ctx ends.
func (d *Demo) attend(ctx context.Context) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := d.attendOnce(ctx); err != nil && ctx.Err() == nil {
			d.options.Log.Warn("the newcomer could not be attended to", "error", err)
		}
	}
}

func (d *Demo) attendOnce(ctx context.Context) error {
	asking, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	all, err := d.client.Agents(asking)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.ID != newcomerAgent {
			continue
		}
		if a.Presence == queue.PresenceReady && a.Reserved == "" && d.newcomer.gone(time.Now()) {
			_, err := d.client.SetPresence(asking, newcomerAgent, queue.PresenceOffline, "")
			return err
		}
		if i, due := d.newcomer.due(a); due {
			return d.ringNewcomer(ctx, i)
		}
	}
	return nil
}

// ringNewcomer enters a follow-up for the newcomer's agent and nobody else.
func (d *Demo) ringNewcomer(ctx context.Context, i int) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	number := fmt.Sprintf("+6281299%06d", i)
	d.people.lives(number, &d.newcomer.story)
	_, _, err := d.client.Enqueue(ctx, client.Submission{
		Ticket: fmt.Sprintf("ANDA-%03d", i), Route: string(queue.RouteAnswer), Agent: newcomerAgent,
		Taxpayer: fmt.Sprintf("Wajib Pajak Anda %d (rekaan)", i), Phone: number,
		Message: "Jawaban atas pertanyaan Anda sudah tersedia. Ini pesan rekaan untuk peragaan.",
	}, "")
	return err
}

// due counts the newcomer's call when one is to come: the first time that the
// agent is seen ready after not having been.
func (n *newcomer) due(a queue.Agent) (i int, due bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	ready := a.Presence == queue.PresenceReady
	due = ready && !n.expected
	n.expected = ready
	if due {
		n.calls++
	}
	return n.calls, due
}

// gone reports whether nobody has been at the newcomer's page for a while.
func (n *newcomer) gone(now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.at == 0 && now.Sub(n.left) > absence
}

// wears tells that somebody puts the earpiece on; the result puts it down.
func (n *newcomer) wears() (down func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.at++
	return func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.at, n.left = n.at-1, time.Now()
	}
}

// speaksFor says the newcomer's part, who needs no microphone. Keys are the
// newcomer's own.
func (p *people) speaksFor(ctx context.Context, l *simulator.Line, media string) {
	if media == p.announces {
		p.talk(ctx, l, agent{says: "agent-answer"})
	}
}
