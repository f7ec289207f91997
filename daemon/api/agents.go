package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"sambung/queue"
)

// agentList is the answer to GET /v1/agents.
type agentList struct {
	Agents []queue.Agent `json:"agents"`
}

func (s *server) agents(w http.ResponseWriter, r *http.Request, t Token) error {
	agents, err := s.Queue.Agents(r.Context())
	if err != nil {
		return err
	}
	list := agentList{Agents: []queue.Agent{}}
	for _, a := range agents {
		if !t.restricted() || a.ID == t.Agent {
			list.Agents = append(list.Agents, a)
		}
	}
	return respond(w, http.StatusOK, list)
}

// agentBody is the body of PUT /v1/agents/{id}.
type agentBody struct {
	Endpoint       string `json:"endpoint"`
	Switch         string `json:"switch"`
	Specialisation string `json:"specialisation,omitempty"`
}

func (s *server) putAgent(w http.ResponseWriter, r *http.Request, _ Token) error {
	id, err := pathAgent(r)
	if err != nil {
		return err
	}
	var body agentBody
	if err := decode(w, r, &body); err != nil {
		return err
	}
	if err := body.check(s.Switches); err != nil {
		return err
	}
	agent := queue.Agent{
		ID: id, Endpoint: body.Endpoint, Switch: body.Switch, Specialisation: body.Specialisation,
		Presence: queue.PresenceOffline, Since: s.Now(),
	}
	if err := s.Queue.PutAgent(r.Context(), agent); err != nil {
		return err
	}
	if agent, err = s.Queue.Agent(r.Context(), id); err != nil {
		return err
	}
	return respond(w, http.StatusOK, agent)
}

func (b agentBody) check(switches []string) error {
	var fields []Field
	if !endpointPattern.MatchString(b.Endpoint) {
		fields = append(fields, Field{"endpoint", "is not a telephone at the switch", "write it as PJSIP/agent-1: letters, digits, - and _"})
	}
	if !slices.Contains(switches, b.Switch) {
		fields = append(fields, Field{"switch", "is not a configured switch", "one of " + strings.Join(switches, ", ")})
	}
	if utf8.RuneCountInString(b.Specialisation) > 64 {
		fields = append(fields, Field{"specialisation", "is longer than 64 characters", "shorten it"})
	}
	if len(fields) > 0 {
		return invalid(fields...)
	}
	return nil
}

func (s *server) removeAgent(w http.ResponseWriter, r *http.Request, _ Token) error {
	id, err := pathAgent(r)
	if err != nil {
		return err
	}
	if err := s.Queue.RemoveAgent(r.Context(), id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// presence is the body of POST /v1/agents/{id}/presence.
type presence struct {
	Presence queue.Presence `json:"presence"`
	Reason   string         `json:"reason,omitempty"` // with presence paused only
}

var presences = []queue.Presence{queue.PresenceOffline, queue.PresenceReady, queue.PresencePaused}

func (s *server) presence(w http.ResponseWriter, r *http.Request, t Token) error {
	id, err := pathAgent(r)
	if err != nil {
		return err
	}
	if t.restricted() && id != t.Agent {
		return failure(http.StatusForbidden, "forbidden", "this token acts as agent "+string(t.Agent)+" alone")
	}
	var body presence
	if err := decode(w, r, &body); err != nil {
		return err
	}
	if err := body.check(); err != nil {
		return err
	}
	agent, err := s.Queue.SetPresence(r.Context(), id, body.Presence, body.Reason, s.Now())
	if err != nil {
		return err
	}
	return respond(w, http.StatusOK, agent)
}

func (b presence) check() error {
	var fields []Field
	if !slices.Contains(presences, b.Presence) {
		fields = append(fields, Field{"presence", "is not a presence", "one of " + join(presences)})
	}
	switch {
	case b.Reason != "" && b.Presence != queue.PresencePaused:
		fields = append(fields, Field{"reason", "is given without presence paused", "leave it out"})
	case utf8.RuneCountInString(b.Reason) > 100:
		fields = append(fields, Field{"reason", fmt.Sprintf("is longer than %d characters", 100), "shorten it"})
	}
	if len(fields) > 0 {
		return invalid(fields...)
	}
	return nil
}
