package demo

import (
	"context"
	"fmt"
	"time"

	"sambung/daemon/api/client"
	"sambung/queue"
	"sambung/telephony/asterisk"
)

// newPeople seats everybody; one agent has gone for coffee.
func newPeople(v voices, media asterisk.Media) (*people, error) {
	announcement, err := loadPrompt(media.Announcement)
	if err != nil {
		return nil, err
	}
	return &people{
		voices: v, announcement: announcement, announces: media.Announcement, menu: media.OutcomeMenu,
		numbers: make(map[string]*story), rung: make(map[string]int), cases: make(map[queue.ID]file),
		absent: map[string]bool{agentName(agents - 1): true},
	}, nil
}

func agentName(i int) string { return fmt.Sprintf("agent-%02d", i+1) }

const (
	askTimeout  = 10 * time.Second
	assignAfter = 6 * time.Second // how long a follow-up of route c waits for its supervisor
	coffee      = 8 * time.Second // how long an agent who did not pick up stays away
	look        = time.Second
)

// meet does what people do at the API: agents report ready, a supervisor
// enters follow-ups and assigns those that wait for it.
func (d *Demo) meet(ctx context.Context) error {
	for i := range agents {
		asking, cancel := context.WithTimeout(ctx, askTimeout)
		_, err := d.client.PutAgent(asking, agentName(i), client.Agent{Endpoint: d.phones[i].Endpoint(), Switch: switchName})
		if err == nil {
			_, err = d.client.SetPresence(asking, agentName(i), queue.PresenceReady, "")
		}
		cancel()
		if err != nil {
			return fmt.Errorf("agent %s: %w", agentName(i), err)
		}
	}
	if err := d.welcome(ctx); err != nil {
		return err
	}
	all := stories()
	for i := range d.options.Count {
		if err := d.enter(ctx, i, &all[i%len(all)]); err != nil {
			return err
		}
	}
	crew, stop := context.WithCancel(context.WithoutCancel(ctx))
	d.stop = stop
	d.crew.Go(func() { d.supervise(crew) })
	d.crew.Go(func() { d.attend(crew) })
	return nil
}

// enter hands a follow-up in. The people are told before: it may be dialled at once.
func (d *Demo) enter(ctx context.Context, i int, s *story) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	number := fmt.Sprintf("+6281200%06d", i+1)
	d.people.lives(number, s)
	state, _, err := d.client.Enqueue(ctx, client.Submission{
		Ticket: fmt.Sprintf("DEMO-%03d", i+1), Route: string(s.route), Directorate: string(s.directorate),
		Taxpayer: fmt.Sprintf("Wajib Pajak %d (rekaan)", i+1), Phone: number, Message: "Pesan rekaan untuk peragaan.",
	}, "")
	if err != nil {
		return fmt.Errorf("entering follow-up %d: %w", i+1, err)
	}
	d.people.follow(state.FollowUp.ID, s, number)
	return nil
}

// supervise assigns what waits for a supervisor, and sees to it that agents who
// went away come back, until ctx ends.
func (d *Demo) supervise(ctx context.Context) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	next := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := d.superviseOnce(ctx, &next); err != nil && ctx.Err() == nil {
			d.options.Log.Warn("the supervisor could not do the round", "error", err)
		}
	}
}

func (d *Demo) superviseOnce(ctx context.Context, next *int) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	waiting, err := d.client.Find(ctx, client.Search{States: []string{string(queue.StatusAwaitingAgent)}})
	if err != nil {
		return err
	}
	for _, s := range waiting {
		if time.Since(s.FollowUp.EnteredAt) < assignAfter {
			continue
		}
		if _, err := d.client.Assign(ctx, string(s.FollowUp.ID), agentName(*next%(agents-1))); err != nil {
			return err
		}
		*next++
	}
	all, err := d.client.Agents(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.ID != newcomerAgent && a.Presence == queue.PresencePaused && time.Since(a.Since) > coffee {
			if _, err := d.client.SetPresence(ctx, string(a.ID), queue.PresenceReady, ""); err != nil {
				return err
			}
		}
	}
	return nil
}
