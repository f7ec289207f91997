package evidence

import (
	"context"
	"fmt"
	"time"

	"sambung/queue"
	"sambung/storage"
)

// Prover proves single dossiers of an office.
type Prover struct {
	Archive storage.Archive
	Zone    *time.Location // of the office: keys go by its days
}

// Prove verifies the dossier of a follow-up; ErrNothing where none is sealed.
func (p Prover) Prove(ctx context.Context, s queue.State) (Verdict, error) {
	var found Verdict
	if s.Dossier != queue.DossierSealed {
		return found, fmt.Errorf("follow-up %s: %w", s.FollowUp.ID, ErrNothing)
	}
	of := Selection{FollowUp: string(s.FollowUp.ID), Day: s.FollowUp.EnteredAt.In(p.Zone)}
	err := Verify(ctx, p.Archive, of, nil, func(_, _ int, v Verdict) { found = v })
	return found, err
}
