package apitest

import (
	"context"
	"maps"
	"slices"
	"time"

	"sambung/queue"
)

// PutAgent implements queue.Agents.
func (m *Memory) PutAgent(_ context.Context, a queue.Agent) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if known, ok := m.people[a.ID]; ok {
		known.Endpoint, known.Switch, known.Specialisation = a.Endpoint, a.Switch, a.Specialisation
		a = known
	}
	m.people[a.ID] = a
	return nil
}

// SetPresence implements queue.Agents.
func (m *Memory) SetPresence(_ context.Context, id queue.AgentID, p queue.Presence, reason string, now time.Time) (queue.Agent, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.people[id]
	if !ok {
		return queue.Agent{}, queue.ErrNotFound
	}
	a.Presence, a.PauseReason, a.Since = p, reason, now
	m.people[id] = a
	m.announce(queue.Event{Agent: id})
	return a, nil
}

// Agent implements queue.Agents.
func (m *Memory) Agent(_ context.Context, id queue.AgentID) (queue.Agent, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.people[id]
	if !ok {
		return queue.Agent{}, queue.ErrNotFound
	}
	return a, nil
}

// Agents implements queue.Agents.
func (m *Memory) Agents(context.Context) ([]queue.Agent, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.SortedFunc(maps.Values(m.people), func(a, b queue.Agent) int { return a.Since.Compare(b.Since) }), nil
}

// RemoveAgent implements queue.Agents.
func (m *Memory) RemoveAgent(_ context.Context, id queue.AgentID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.people[id]
	switch {
	case !ok:
		return queue.ErrNotFound
	case a.Reserved != "":
		return queue.ErrRefused
	}
	delete(m.people, id)
	return nil
}

// Writes lists every activity that was written, by follow-up.
func (m *Memory) Writes() []queue.Activity {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []queue.Activity
	for _, log := range m.log {
		all = append(all, log...)
	}
	return all
}
