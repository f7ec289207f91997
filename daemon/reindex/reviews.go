package reindex

import (
	"context"
	"fmt"
	"strings"

	"sambung/daemon/custody"
	"sambung/queue"
	"sambung/storage/dossier"
)

const custodies = "custody/"

// reviews brings back the index of verdicts, which the custody chains have. A
// chain that is broken, or of a dossier that the ledger does not hold sealed, is
// passed over: verifying tells of it.
func (j *Job) reviews(ctx context.Context) error {
	last := queue.ID("")
	for o, err := range j.Archive.List(ctx, custodies) {
		if err != nil {
			return fmt.Errorf("listing %s: %w", custodies, err)
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(o.Key, custodies), "/")
		id := queue.ID(name)
		if id == last {
			continue
		}
		last = id
		s, err := j.known(ctx, id)
		if err != nil {
			return err
		}
		if s.Dossier != queue.DossierSealed {
			continue
		}
		chain, err := dossier.ReadCustody(ctx, j.Archive, name, s.Manifest)
		if err != nil && !corrupt(err) {
			return err
		}
		if r, ok := custody.LastReview(chain); ok && err == nil {
			if err := j.Ledger.SetReview(ctx, id, r); err != nil {
				return err
			}
		}
	}
	return nil
}
