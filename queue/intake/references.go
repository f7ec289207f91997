package intake

import (
	"context"
	"errors"

	"sambung/queue"
)

// Known tells what is there already; a queue.Queue does.
type Known interface {
	Agent(ctx context.Context, id queue.AgentID) (queue.Agent, error)
	State(ctx context.Context, id queue.ID) (queue.State, error)
}

// CheckReferences refuses a follow-up that names an agent or an earlier follow-up
// that is not there: it would wait for nobody, or complete nothing. The error is a
// [*Refusal], or the one of known.
func CheckReferences(ctx context.Context, known Known, f queue.FollowUp) error {
	var p problems
	if f.Agent != "" {
		_, err := known.Agent(ctx, f.Agent)
		if err := p.missing(err, "agent", "name an agent that the office has, or leave it out"); err != nil {
			return err
		}
	}
	if f.Follows != "" {
		_, err := known.State(ctx, f.Follows)
		if err := p.missing(err, "follows", "give the id of the follow-up that this one completes, or leave it out"); err != nil {
			return err
		}
	}
	return p.refusal()
}

// missing notes a field whose look-up found nothing, and passes other errors on.
func (p *problems) missing(err error, field, remedy string) error {
	if !errors.Is(err, queue.ErrNotFound) {
		return err
	}
	p.add(field, "is not known", remedy)
	return nil
}
