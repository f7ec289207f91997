package api

import (
	"net/http"
	"slices"

	"sambung/telephony"
)

// command is the body of POST …/commands.
type command struct {
	Command telephony.Command `json:"command"`
}

var commands = []telephony.Command{telephony.Mute, telephony.Unmute, telephony.HangUp, telephony.ConfirmIdentity}

func (s *server) command(w http.ResponseWriter, r *http.Request, t Token) error {
	state, err := s.reach(r, t)
	if err != nil {
		return err
	}
	var body command
	if err := decode(w, r, &body); err != nil {
		return err
	}
	if !slices.Contains(commands, body.Command) {
		return invalid(Field{"command", "is not known", "one of " + join(commands)})
	}
	if !state.Status.Reserved() {
		return failure(http.StatusConflict, "no_call", "the follow-up is "+string(state.Status)+": there is no call")
	}
	if err := s.Commands.Command(r.Context(), state.FollowUp.ID, body.Command); err != nil {
		return err
	}
	w.WriteHeader(http.StatusAccepted)
	return nil
}
