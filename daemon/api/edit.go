package api

import (
	"net/http"

	"sambung/queue"
	"sambung/queue/intake"
)

// edit is the body of POST …/edit. A field that is left out stays as it is; an
// empty one is emptied.
type edit struct {
	Taxpayer  *string `json:"taxpayer,omitempty"`
	NPWP      *string `json:"npwp,omitempty"`
	Phone     *string `json:"phone,omitempty"`
	Extension *string `json:"extension,omitempty"`
	Message   *string `json:"message,omitempty"`
}

func (s *server) edit(w http.ResponseWriter, r *http.Request, t Token) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	var body edit
	if err := decode(w, r, &body); err != nil {
		return err
	}
	if body == (edit{}) {
		return invalid(Field{"body", "changes nothing", "send at least one of taxpayer, npwp, phone, extension, message"})
	}
	return s.decide(w, r, t, id, queue.KindEdited, func(present queue.State) (queue.Details, error) {
		edited, err := s.edited(present.FollowUp, body)
		return queue.Details{FollowUp: &edited}, err
	})
}

// edited is the follow-up with the changes, judged like a new submission. Its
// receipt, deadline and designation stay what they were.
func (s *server) edited(f queue.FollowUp, change edit) (queue.FollowUp, error) {
	submission := intake.Submission{
		Ticket: f.Ticket, Route: string(f.Route), Directorate: string(f.Directorate), Follows: string(f.Follows), Agent: string(f.Agent),
		Taxpayer:  pick(change.Taxpayer, f.Taxpayer.Name),
		NPWP:      pick(change.NPWP, f.Taxpayer.NPWP),
		Phone:     pick(change.Phone, f.Taxpayer.Phone),
		Extension: pick(change.Extension, f.Taxpayer.Extension),
		Message:   pick(change.Message, f.Message),
	}
	valid, err := s.Intake.Validate(submission, s.Now())
	if err != nil {
		return queue.FollowUp{}, err
	}
	f.Taxpayer, f.Message = valid.FollowUp.Taxpayer, valid.FollowUp.Message
	return f, nil
}

func pick(changed *string, present string) string {
	if changed != nil {
		return *changed
	}
	return present
}
