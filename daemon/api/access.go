package api

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"sambung/queue"
)

// reach returns the state of the follow-up that the path names, if the token may see it.
func (s *server) reach(r *http.Request, t Token) (queue.State, error) {
	id, err := pathID(r)
	if err != nil {
		return queue.State{}, err
	}
	state, err := s.Queue.State(r.Context(), id)
	if err != nil || !t.restricted() {
		return state, err
	}
	mine, err := s.concerns(r.Context(), state, t.Agent)
	if err == nil && !mine {
		err = failure(http.StatusForbidden, "forbidden", "the follow-up is not in the hands of agent "+string(t.Agent))
	}
	return state, err
}

// readable is reach, and for an agent also the resolution that a follow-up in his or
// her hands completes (SOP clause G.1.c): who tells the rest must know what was told.
func (s *server) readable(r *http.Request, t Token) (queue.State, error) {
	state, err := s.reach(r, t)
	if refused := (*Failure)(nil); !t.restricted() || !errors.As(err, &refused) || refused.Status != http.StatusForbidden {
		return state, err
	}
	open := slices.DeleteFunc(queue.Statuses(), queue.Status.Ended) // of all there ever were, the oldest come first
	mine, findErr := s.Queue.Find(r.Context(), queue.Filter{Agent: t.Agent, Statuses: open})
	if findErr != nil {
		return state, findErr
	}
	completes := func(m queue.State) bool { return m.FollowUp.Follows == state.FollowUp.ID }
	if slices.ContainsFunc(mine, completes) {
		return state, nil
	}
	return state, err
}

// concerns reports whether the follow-up is in an agent's hands: designated or
// assigned, or, when its last attempt is over, called by this agent then.
func (s *server) concerns(ctx context.Context, state queue.State, agent queue.AgentID) (bool, error) {
	switch {
	case state.Assignment != nil:
		return state.Assignment.Agent == agent, nil
	case state.FollowUp.Agent != "":
		return state.FollowUp.Agent == agent, nil
	case state.Attempt == 0:
		return false, nil
	}
	history, err := s.Queue.History(ctx, state.FollowUp.ID)
	if err != nil {
		return false, err
	}
	last := queue.AgentID("")
	for _, a := range history {
		if a.Kind != queue.KindAssigned {
			continue
		}
		d, err := a.Decode()
		if err != nil {
			return false, err
		}
		last = d.Agent
	}
	return last == agent, nil
}
