package demo

import (
	"context"
	"slices"
	"strings"
	"time"

	"sambung/daemon/api/client"
	"sambung/queue"
)

// Moment is how everything stands at one time.
type Moment struct {
	FollowUps []queue.State // by ticket
	Agents    []queue.Agent // by id
	News      []News        // since the look before, the oldest first
}

// News is one activity that was written.
type News struct {
	At      time.Time
	Ticket  string
	Kind    queue.Kind
	Details queue.Details
}

// Settled reports whether nothing more will happen by itself.
func (m Moment) Settled() bool { return m.Done() == len(m.FollowUps) }

// Done counts the follow-ups that are settled, their evidence included.
func (m Moment) Done() int {
	return len(m.FollowUps) - len(m.Unsettled())
}

// Unsettled are the follow-ups of which something is still to come.
func (m Moment) Unsettled() []queue.State {
	var all []queue.State
	for _, s := range m.FollowUps {
		if !settled(s) {
			all = append(all, s)
		}
	}
	return all
}

func settled(s queue.State) bool {
	if _, due := s.EvidenceDue(); due {
		return false
	}
	return s.Status == queue.StatusHandedBack || s.Status.Ended() && s.Dossier == queue.DossierSealed
}

// findLimit is how many follow-ups a look takes in.
const findLimit = 1000

// Look asks the daemon how everything stands. It is for one goroutine.
func (d *Demo) Look(ctx context.Context) (Moment, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	var m Moment
	var err error
	if m.FollowUps, err = d.client.Find(ctx, client.Search{Limit: findLimit}); err != nil {
		return m, err
	}
	if m.Agents, err = d.client.Agents(ctx); err != nil {
		return m, err
	}
	slices.SortFunc(m.FollowUps, func(a, b queue.State) int { return strings.Compare(a.FollowUp.Ticket, b.FollowUp.Ticket) })
	slices.SortFunc(m.Agents, func(a, b queue.Agent) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for _, s := range m.FollowUps {
		if s.Version == d.seen[s.FollowUp.ID] {
			continue
		}
		news, err := d.news(ctx, s)
		if err != nil {
			return m, err
		}
		m.News = append(m.News, news...)
	}
	slices.SortStableFunc(m.News, func(a, b News) int { return a.At.Compare(b.At) })
	return m, nil
}

// news are the activities of a follow-up that were not seen yet.
func (d *Demo) news(ctx context.Context, s queue.State) ([]News, error) {
	history, err := d.client.History(ctx, string(s.FollowUp.ID))
	if err != nil {
		return nil, err
	}
	var news []News
	for _, a := range history[min(d.seen[s.FollowUp.ID], len(history)):] {
		details, err := a.Decode()
		if err != nil {
			return nil, err
		}
		news = append(news, News{At: a.At, Ticket: s.FollowUp.Ticket, Kind: a.Kind, Details: details})
	}
	d.seen[s.FollowUp.ID] = len(history)
	return news, nil
}
