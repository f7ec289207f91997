// Package deadline watches the clock of every open follow-up: it raises the
// alarms of queue.Watch while something can still be done, and records every
// missed deadline with its cause.
package deadline

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sambung/queue"
)

// scanLimit bounds how many follow-ups one look takes in.
const scanLimit = 100_000

// Monitor looks at all open follow-ups at intervals.
type Monitor struct {
	Queue    queue.Queue
	Switches []string // whose pending evidence is watched
	Policy   queue.Policy
	Calendar queue.WorkingTime
	Every    time.Duration
	Now      func() time.Time
	Log      *slog.Logger
	Alarms   *prometheus.CounterVec // by kind and reason; may be nil
	// TrunksDown tells whether no switch has a trunk to call over: what waits then
	// waits for that, though it was never tried. May be nil.
	TrunksDown func(context.Context) bool
}

// NewAlarms makes the counter of alarms and registers it with reg.
func NewAlarms(reg prometheus.Registerer) *prometheus.CounterVec {
	alarms := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "sambung_deadline_alarms_total", Help: "Alarms about deadlines, by kind of activity and cause.",
	}, []string{"kind", "cause"})
	reg.MustRegister(alarms)
	return alarms
}

// Run looks until ctx ends.
func (m *Monitor) Run(ctx context.Context) {
	for {
		if err := m.Look(ctx); err != nil && ctx.Err() == nil {
			m.Log.Warn("watching the deadlines failed; trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(m.Every):
		}
	}
}

// Look raises every alarm that is due now.
func (m *Monitor) Look(ctx context.Context) error {
	agents, err := m.agents(ctx)
	if err != nil {
		return err
	}
	open, err := m.watched(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, s := range open {
		if err := m.raise(ctx, s, agents); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

func (m *Monitor) agents(ctx context.Context) (map[queue.AgentID]*queue.Agent, error) {
	list, err := m.Queue.Agents(ctx)
	if err != nil {
		return nil, err
	}
	byID := make(map[queue.AgentID]*queue.Agent, len(list))
	for i := range list {
		byID[list[i].ID] = &list[i]
	}
	return byID, nil
}

// watched returns what is open, and what is closed but not documented yet.
func (m *Monitor) watched(ctx context.Context) ([]queue.State, error) {
	var open []queue.Status
	for _, s := range queue.Statuses() {
		if !s.Ended() {
			open = append(open, s)
		}
	}
	states, err := m.Queue.Find(ctx, queue.Filter{Statuses: open, Limit: scanLimit})
	if err != nil {
		return nil, err
	}
	for _, name := range m.Switches {
		ids, err := m.Queue.PendingEvidence(ctx, name, scanLimit)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			s, err := m.Queue.State(ctx, id)
			if err != nil {
				return nil, err
			}
			if s.Status == queue.StatusClosed {
				states = append(states, s)
			}
		}
	}
	return states, nil
}

func (m *Monitor) raise(ctx context.Context, s queue.State, agents map[queue.AgentID]*queue.Agent) error {
	watch := func(s queue.State) []queue.Entry {
		return queue.Watch(s, agents[s.FollowUp.Agent], m.Policy, m.Calendar, m.Now())
	}
	if len(watch(s)) == 0 {
		return nil
	}
	down := m.TrunksDown != nil && m.TrunksDown(ctx)
	var raised []queue.Entry // what was written: somebody else may have raised it since s was read
	after, err := m.Queue.Append(ctx, queue.Change{ID: s.FollowUp.ID, Decide: func(s queue.State) ([]queue.Entry, error) {
		raised = watch(s)
		if down {
			blameTrunks(raised, s, agents[s.FollowUp.Agent])
		}
		return raised, nil
	}})
	if err != nil {
		return err
	}
	for _, alarm := range raised {
		m.Log.Warn("deadline alarm", "follow_up", s.FollowUp.ID, "kind", alarm.Kind, "cause", alarm.Details.Reason, "status", after.Status)
		if m.Alarms != nil {
			m.Alarms.WithLabelValues(string(alarm.Kind), alarm.Details.Reason).Inc()
		}
	}
	return nil
}

// blameTrunks corrects the cause of what no agent was given because there is no
// trunk. Where the designated agent is away, that agent would be waited for anyway.
func blameTrunks(alarms []queue.Entry, s queue.State, designated *queue.Agent) {
	if s.FollowUp.Agent != "" && (designated == nil || designated.Presence != queue.PresenceReady) {
		return
	}
	for i := range alarms {
		if d := &alarms[i].Details; d.Reason == queue.CauseAgents {
			d.Reason = queue.CauseTrunk
		}
	}
}
