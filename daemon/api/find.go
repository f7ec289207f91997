package api

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sambung/queue"
	"sambung/queue/phonenumber"
)

const maxFound = 1000

// found is the answer to a search.
type found struct {
	FollowUps []queue.State `json:"follow_ups"`
}

// search is the body of POST /v1/follow-ups/search; empty fields select all.
type search struct {
	States []queue.Status `json:"state,omitempty"`
	Agent  queue.AgentID  `json:"agent,omitempty"`
	Ticket string         `json:"ticket,omitempty"`
	Phone  string         `json:"phone,omitempty"` // as people write it
	// DeadlineBefore selects deadlines before this moment.
	DeadlineBefore *time.Time `json:"deadline_before,omitempty"`
	Limit          int        `json:"limit,omitempty"` // 1 to 1000; 0: 1000
}

func (s *server) search(w http.ResponseWriter, r *http.Request, t Token) error {
	var body search
	if err := decode(w, r, &body); err != nil {
		return err
	}
	return s.find(w, r, t, body)
}

func (s *server) list(w http.ResponseWriter, r *http.Request, t Token) error {
	values := r.URL.Query()
	body := search{Agent: queue.AgentID(values.Get("agent")), Ticket: values.Get("ticket")}
	for _, list := range values["state"] {
		for state := range strings.SplitSeq(list, ",") {
			body.States = append(body.States, queue.Status(state))
		}
	}
	if text := values.Get("limit"); text != "" {
		var err error
		if body.Limit, err = strconv.Atoi(text); err != nil || body.Limit == 0 {
			body.Limit = -1
		}
	}
	if text := values.Get("deadline_before"); text != "" {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return invalid(Field{"deadline_before", "is not a time", "write it as 2026-11-23T08:00:00%2B07:00"})
		}
		body.DeadlineBefore = &at
	}
	return s.find(w, r, t, body)
}

func (s *server) find(w http.ResponseWriter, r *http.Request, t Token, body search) error {
	filter, err := body.filter(s.Intake.Phones)
	if err != nil {
		return err
	}
	if t.restricted() {
		if filter.Agent != "" && filter.Agent != t.Agent {
			return failure(http.StatusForbidden, "forbidden", "this token sees the follow-ups of agent "+string(t.Agent)+" alone")
		}
		filter.Agent = t.Agent
	}
	states, err := s.Queue.Find(r.Context(), filter)
	if err != nil {
		return err
	}
	if states == nil {
		states = []queue.State{}
	}
	return respond(w, http.StatusOK, found{states})
}

// filter checks a search and turns it into the ledger's terms.
func (b search) filter(phones phonenumber.Options) (queue.Filter, error) {
	f := queue.Filter{Statuses: b.States, Agent: b.Agent, Ticket: b.Ticket, Limit: b.Limit}
	var fields []Field
	for _, state := range b.States {
		if !slices.Contains(queue.Statuses(), state) {
			fields = append(fields, Field{"state", "is not a state", "one of " + join(queue.Statuses())})
		}
	}
	if b.Agent != "" && !agentPattern.MatchString(string(b.Agent)) {
		fields = append(fields, Field{"agent", "is not an agent's id", "use 1 to 32 characters of a-z, 0-9 and -"})
	}
	if b.Limit < 0 || b.Limit > maxFound {
		fields = append(fields, Field{"limit", "is not between 1 and 1000", "leave it out for 1000"})
	}
	if b.DeadlineBefore != nil {
		f.DeadlineBefore = *b.DeadlineBefore
	}
	var faults []Field
	f.Phone, faults = searchedPhone(b.Phone, phones)
	fields = append(fields, faults...)
	if len(fields) > 0 {
		return queue.Filter{}, invalid(fields...)
	}
	return f, nil
}

// searchedPhone is the number that a search is for, in the ledger's form; "" for any.
func searchedPhone(written string, phones phonenumber.Options) (string, []Field) {
	if written == "" {
		return "", nil
	}
	phone, err := phonenumber.Normalise(written, phones)
	if refusal := (*phonenumber.Refusal)(nil); errors.As(err, &refusal) {
		return "", []Field{{"phone", refusal.Problem, refusal.Remedy}}
	}
	return phone, nil
}
