package apitest

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"sambung/queue"
)

// Memory is a ledger in memory, for tests of what stands on one: the same pure
// transitions as the real one, without claims, leases and durability.
type Memory struct {
	mu     sync.Mutex
	log    map[queue.ID][]queue.Activity
	states map[queue.ID]queue.State
	keys   map[string]queue.Enqueue
	people map[queue.AgentID]queue.Agent
	events []queue.Event
	wake   chan struct{} // closed and replaced when an event is added
}

// NewMemory makes an empty one.
func NewMemory() *Memory {
	return &Memory{
		log: map[queue.ID][]queue.Activity{}, states: map[queue.ID]queue.State{}, keys: map[string]queue.Enqueue{},
		people: map[queue.AgentID]queue.Agent{}, wake: make(chan struct{}),
	}
}

// Enqueue implements queue.Ledger.
func (m *Memory) Enqueue(_ context.Context, e queue.Enqueue) (queue.State, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if earlier, used := m.keys[e.Key]; used && e.Key != "" {
		if earlier.Fingerprint != e.Fingerprint {
			return queue.State{}, false, queue.ErrKeyReused
		}
		return m.states[earlier.FollowUp.ID], true, nil
	}
	for id, s := range m.states {
		if s.FollowUp.Ticket == e.FollowUp.Ticket && !s.Status.Ended() && !e.AllowDuplicate {
			return queue.State{}, false, &queue.TicketOpenError{Ticket: e.FollowUp.Ticket, Existing: id}
		}
	}
	m.keys[e.Key] = e
	f := e.FollowUp
	s, err := m.commit(f.ID, queue.Entry{At: f.EnteredAt, Actor: e.Actor, Kind: queue.KindReceived, Details: queue.Details{FollowUp: &f}})
	return s, false, err
}

// Append implements queue.Ledger.
func (m *Memory) Append(_ context.Context, c queue.Change) (queue.State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	present, ok := m.states[c.ID]
	if !ok {
		return queue.State{}, queue.ErrNotFound
	}
	entries, err := c.Decide(present)
	if err != nil {
		return queue.State{}, err
	}
	return m.commit(c.ID, entries...)
}

// commit writes all entries or none. The caller holds mu.
func (m *Memory) commit(id queue.ID, entries ...queue.Entry) (queue.State, error) {
	s, log := m.states[id], slices.Clone(m.log[id])
	for _, e := range entries {
		a, err := queue.Chain(id, s.Version, s.Head, e)
		if err != nil {
			return queue.State{}, err
		}
		if s, err = queue.Apply(s, a); err != nil {
			return queue.State{}, err
		}
		log = append(log, a)
		agent := s.FollowUp.Agent
		if s.Assignment != nil {
			agent = s.Assignment.Agent
		}
		m.announce(queue.Event{FollowUp: id, Version: s.Version, Status: s.Status, Kind: e.Kind, Agent: agent})
	}
	m.states[id], m.log[id] = s, log
	return s, nil
}

// State implements queue.Ledger.
func (m *Memory) State(_ context.Context, id queue.ID) (queue.State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.states[id]
	if !ok {
		return queue.State{}, queue.ErrNotFound
	}
	return s, nil
}

// History implements queue.Ledger.
func (m *Memory) History(_ context.Context, id queue.ID) ([]queue.Activity, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if log, ok := m.log[id]; ok {
		return slices.Clone(log), nil
	}
	return nil, queue.ErrNotFound
}

// Find implements queue.Ledger.
func (m *Memory) Find(_ context.Context, f queue.Filter) ([]queue.State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []queue.State
	for _, s := range m.states {
		agent := s.FollowUp.Agent == f.Agent || s.Assignment != nil && s.Assignment.Agent == f.Agent
		switch {
		case len(f.Statuses) > 0 && !slices.Contains(f.Statuses, s.Status),
			f.Agent != "" && !agent,
			f.Ticket != "" && f.Ticket != s.FollowUp.Ticket,
			f.Phone != "" && f.Phone != s.FollowUp.Taxpayer.Phone,
			!f.DeadlineBefore.IsZero() && !s.FollowUp.Deadline.Before(f.DeadlineBefore):
			continue
		}
		found = append(found, s)
	}
	slices.SortFunc(found, func(a, b queue.State) int { return a.FollowUp.Deadline.Compare(b.FollowUp.Deadline) })
	if f.Limit > 0 {
		found = found[:min(f.Limit, len(found))]
	}
	return found, nil
}

// announce adds an event. The caller holds mu.
func (m *Memory) announce(e queue.Event) {
	e.Cursor = strconv.Itoa(len(m.events) + 1)
	m.events = append(m.events, e)
	close(m.wake)
	m.wake = make(chan struct{})
}

// Events implements queue.Events.
func (m *Memory) Events(ctx context.Context, cursor string, wait time.Duration) ([]queue.Event, string, error) {
	m.mu.Lock()
	from := len(m.events)
	if cursor != "" {
		n, err := strconv.Atoi(cursor)
		if err != nil {
			m.mu.Unlock()
			return nil, "", err
		}
		from = min(n, from)
	}
	if from == len(m.events) {
		wake := m.wake
		m.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, strconv.Itoa(from), ctx.Err()
		case <-time.After(wait):
		case <-wake:
		}
		m.mu.Lock()
	}
	defer m.mu.Unlock()
	return slices.Clone(m.events[from:]), strconv.Itoa(len(m.events)), nil
}
