package doctor

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sambung/telephony/ari"
	"sambung/telephony/sipping"
)

const (
	optionsLimit = 3 * time.Second
	mostContacts = 4 // of one endpoint
)

// reach is what a switch knows of an endpoint, and what its contacts answer to
// OPTIONS from this machine.
type reach struct {
	state     string
	qualified bool // the switch itself asks by OPTIONS
	contacts  []contact
}

type contact struct {
	address string
	status  int // 0: no answer
	err     error
}

// reachOf looks an endpoint up and asks its contacts.
func reachOf(ctx context.Context, c *ari.Client, name string) (reach, error) {
	e, err := c.Endpoint(ctx, name)
	if err != nil {
		return reach{}, err
	}
	r := reach{state: e.State}
	aors, err := c.Setting(ctx, ari.ObjectEndpoint, name, "aors")
	if err != nil {
		return reach{}, err
	}
	for _, aor := range fields(aors) {
		listed, err := c.Setting(ctx, ari.ObjectAOR, aor, "contact")
		if err != nil {
			return reach{}, err
		}
		every, err := c.Setting(ctx, ari.ObjectAOR, aor, "qualify_frequency")
		if err != nil {
			return reach{}, err
		}
		seconds, _ := strconv.Atoi(every)
		r.qualified = r.qualified || seconds > 0
		for _, address := range fields(listed) {
			if len(r.contacts) < mostContacts {
				r.contacts = append(r.contacts, ask(ctx, address))
			}
		}
	}
	return r, nil
}

func ask(ctx context.Context, address string) contact {
	ctx, cancel := context.WithTimeout(ctx, optionsLimit)
	defer cancel()
	answer, err := sipping.Ask(ctx, address)
	return contact{address: address, status: answer.Status, err: err}
}

// fields are the elements of a list by commas.
func fields(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// said is what the contacts answered, for a finding's detail.
func (r reach) said() string {
	parts := []string{"the switch calls it " + r.state}
	for _, c := range r.contacts {
		switch {
		case errors.Is(c.err, sipping.ErrAddress):
			parts = append(parts, "it cannot be asked from here")
		case errors.Is(c.err, context.DeadlineExceeded):
			parts = append(parts, fmt.Sprintf("no answer to OPTIONS from here within %s", optionsLimit))
		case c.err != nil:
			parts = append(parts, c.err.Error())
		default:
			parts = append(parts, fmt.Sprintf("OPTIONS was answered %d", c.status))
		}
	}
	return strings.Join(parts, "; ")
}

// best is the most hopeful answer of any contact: one that answers is enough.
func (r reach) best() (best contact) {
	for i, c := range r.contacts {
		if i == 0 || rank(c) < rank(best) {
			best = c
		}
	}
	return best
}

func rank(c contact) int {
	switch {
	case c.status >= 200 && c.status < 300:
		return 0
	case errors.Is(c.err, sipping.ErrAddress):
		return 1 // nothing is known against it
	case c.status != 0:
		return c.status
	default:
		return 1000
	}
}

// words say what an endpoint's faults mean and how to mend them.
type words struct {
	noContact, away string   // what is wrong
	remedy, look    string   // of both; look is a command that shows more
	severity        Severity // of an endpoint that cannot be called
}

// tell turns a reach into a finding.
func (s *sheet) tell(r reach, w words) {
	best := r.best()
	silent := best.status == 0 && !errors.Is(best.err, sipping.ErrAddress)
	switch {
	case len(r.contacts) == 0:
		s.add(w.severity, w.noContact, w.remedy+"; look: "+w.look, r.said())
	case r.state == ari.EndpointOffline && best.status >= 200 && best.status < 300:
		s.add(w.severity, w.away, "if it came up just now, ask again in a minute: the switch asks every qualify_frequency seconds; otherwise "+w.remedy+"; look: "+w.look, r.said())
	case r.state == ari.EndpointOffline, silent && !r.qualified:
		s.add(w.severity, w.away, w.remedy+"; look: "+w.look, r.said())
	case silent:
		s.warn("it answers the switch, but not this machine", "nothing, if it admits the switch alone; otherwise ask again in a minute: it may have gone just now", r.said())
	case best.status >= 500 && best.status != 501:
		s.add(w.severity, fmt.Sprintf("it answers OPTIONS with %d", best.status), w.remedy+"; look: "+w.look, r.said())
	case best.status >= 300:
		s.warn(fmt.Sprintf("it is there, yet answers OPTIONS with %d", best.status), "see whether calls go through: a peer may refuse OPTIONS alone, or this machine's", r.said())
	default:
		s.ok("it answers", r.said())
	}
}
