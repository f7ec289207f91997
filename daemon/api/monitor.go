package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"sambung/queue"
	"sambung/telephony"
)

// Monitors lets supervisors into the talks under way.
type Monitors interface {
	// Monitor rings a telephone at the call's switch and joins it to the talk; it
	// returns when it was answered. Errors wrap dispatch.ErrNoCall and those of
	// telephony.Monitors.
	Monitor(ctx context.Context, id queue.ID, actor queue.Actor, endpoint string, mode telephony.MonitorMode) error
	// StopMonitor takes who is in the talk out again; by empty: whoever it is.
	// Errors wrap dispatch.ErrNoCall and dispatch.ErrNoMonitor.
	StopMonitor(ctx context.Context, id queue.ID, by queue.Actor) error
}

// monitorLimit bounds how long a telephone rings: longer than any is let ring.
const monitorLimit = 6 * time.Minute

// monitorBody is the body of POST …/monitor.
type monitorBody struct {
	Mode telephony.MonitorMode `json:"mode"`
	// Endpoint is the telephone for whoever comes with a token, at the call's
	// switch. Who signed in has one of his or her own.
	Endpoint string `json:"endpoint,omitempty"`
}

var monitorModes = []telephony.MonitorMode{telephony.Listen, telephony.Whisper}

// monitor lets the caller into the talk of a follow-up.
func (s *server) monitor(w http.ResponseWriter, r *http.Request, t Token) error {
	state, err := s.reach(r, t)
	if err != nil {
		return err
	}
	var body monitorBody
	if err := decode(w, r, &body); err != nil {
		return err
	}
	if err := body.check(); err != nil {
		return err
	}
	if state.Assignment == nil {
		return failure(http.StatusConflict, "no_call", "the follow-up is "+string(state.Status)+": there is no call")
	}
	endpoint, err := s.telephone(r.Context(), t, body.Endpoint, state.Assignment.Switch)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), monitorLimit)
	defer cancel()
	if err := s.Monitors.Monitor(ctx, state.FollowUp.ID, t.actor(), endpoint, body.Mode); err != nil {
		return err
	}
	w.WriteHeader(http.StatusAccepted)
	return nil
}

func (b monitorBody) check() error {
	var fields []Field
	if !slices.Contains(monitorModes, b.Mode) {
		fields = append(fields, Field{"mode", "is not known", "one of " + join(monitorModes)})
	}
	if b.Endpoint != "" && !endpointPattern.MatchString(b.Endpoint) {
		fields = append(fields, Field{"endpoint", "is not a telephone at the switch", "write it as PJSIP/supervisor-1: letters, digits, - and _"})
	}
	if len(fields) > 0 {
		return invalid(fields...)
	}
	return nil
}

// telephone is what rings for the caller: the own telephone of a user who signed
// in, or the one that the bearer of a token names.
func (s *server) telephone(ctx context.Context, t Token, named, atSwitch string) (string, error) {
	if t.session == nil {
		if named == "" {
			return "", invalid(Field{"endpoint", "is missing", "name the telephone to ring, at switch " + atSwitch})
		}
		return named, nil
	}
	user, err := s.Queue.User(ctx, t.Name)
	switch {
	case err != nil:
		return "", err
	case named != "":
		return "", invalid(Field{"endpoint", "is not for who signed in", "leave it out: your own telephone rings"})
	case user.Endpoint == "":
		return "", failure(http.StatusConflict, "no_telephone", "you have no telephone of your own: have an administrator enter it")
	case user.Switch != atSwitch:
		return "", failure(http.StatusConflict, "other_switch", "your telephone is at switch "+user.Switch+", the call at "+atSwitch+": listen with one that is there")
	}
	return user.Endpoint, nil
}

// stopMonitor takes the caller out of the talk; an admin takes out whoever is in it.
func (s *server) stopMonitor(w http.ResponseWriter, r *http.Request, t Token) error {
	state, err := s.reach(r, t)
	if err != nil {
		return err
	}
	by := t.actor()
	if t.Role == RoleAdmin {
		by = ""
	}
	if err := s.Monitors.StopMonitor(r.Context(), state.FollowUp.ID, by); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
