package intake

import (
	"fmt"
	"strings"
	"time"

	"sambung/queue"
	"sambung/queue/phonenumber"
)

// Limits on what is accepted.
const (
	maxTicket    = 64
	maxName      = 200  // characters
	maxMessage   = 4000 // characters
	maxAgent     = 32
	maxExtension = 6 // digits
	// clockSkew is how far ahead the clock of a submitting system may be.
	clockSkew = time.Minute
)

// Rules is what a submission is judged by.
type Rules struct {
	Calendar queue.WorkingTime
	// TimeLimit is the working time from receipt to deadline; SOP LIP20-0020 allows one hour.
	TimeLimit time.Duration
	Phones    phonenumber.Options
}

// Validate checks a submission and returns the request to enqueue it, complete but
// for the follow-up's ID, the actor and the idempotency key. The submission enters
// the system at now.
//
// A [*Refusal] lists every fault. Any other error means that the deadline could not
// be computed, which is the operator's to mend: the current year has no holidays.
func (r Rules) Validate(s Submission, now time.Time) (queue.Enqueue, error) {
	now = now.UTC()
	fingerprint := s.Fingerprint()
	for _, key := range Keys() {
		value := s.field(key)
		*value = strings.TrimSpace(strings.ReplaceAll(*value, "\r\n", "\n"))
	}
	var p problems
	f := queue.FollowUp{
		Ticket:      p.ticket(s.Ticket),
		Route:       p.route(s.Route),
		Directorate: p.directorate(s.Directorate, s.Route),
		Taxpayer: queue.Taxpayer{
			Name:      p.name(s.Taxpayer),
			NPWP:      p.npwp(s.NPWP),
			Phone:     p.phone(s.Phone, r.Phones),
			Extension: p.extension(s.Extension),
		},
		Message:    p.message(s.Message),
		ReceivedAt: p.receivedAt(s.ReceivedAt, now),
		Agent:      p.agent(s.Agent),
		Follows:    p.follows(s.Follows, s.Route),
		Manual:     p.manual(s.Manual),
		EnteredAt:  now,
		Calendar:   r.Calendar.Version(),
	}
	e := queue.Enqueue{Fingerprint: fingerprint, AllowDuplicate: p.allowDuplicate(s.AllowDuplicate)}
	if err := r.setDeadline(&f, s.ReceivedAt != "", &p); err != nil {
		return queue.Enqueue{}, err
	}
	if err := p.refusal(); err != nil {
		return queue.Enqueue{}, err
	}
	e.FollowUp = f
	return e, nil
}

// setDeadline computes the deadline from a receipt that was found good.
func (r Rules) setDeadline(f *queue.FollowUp, stated bool, p *problems) error {
	if f.ReceivedAt.IsZero() {
		return nil
	}
	deadline, provisional, err := r.Calendar.Add(f.ReceivedAt, r.TimeLimit)
	switch {
	case err != nil && stated:
		p.add("received_at", "no deadline can be computed: "+err.Error(), "ask the operator to add that year's holidays")
	case err != nil:
		return fmt.Errorf("deadline of a follow-up received now: %w", err)
	}
	f.Deadline, f.Provisional = deadline.UTC(), provisional
	return nil
}
