// Package custody keeps the second chain of a dossier: what happens to it after
// it was sealed. A link is in the archive before what it announces is done, so
// no recording of a sealed dossier is handed out unrecorded.
package custody

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sambung/queue"
	"sambung/storage"
	"sambung/storage/dossier"
)

// ErrNotSealed means that the dossier is not sealed yet: what happens to it is
// an activity of its follow-up, not of its custody.
var ErrNotSealed = errors.New("the dossier is not sealed yet")

// Keeper adds to the chains and reads them.
type Keeper struct {
	Archive storage.Archive
	Now     func() time.Time
}

// Add appends a link to the chain of a follow-up's dossier; ErrNotSealed.
// object is the key of what is opened, remarks what was said about it.
func (k Keeper) Add(ctx context.Context, s queue.State, actor queue.Actor, act dossier.Act, object, remarks string) (dossier.CustodyLink, error) {
	if s.Dossier != queue.DossierSealed {
		return dossier.CustodyLink{}, fmt.Errorf("follow-up %s: %w", s.FollowUp.ID, ErrNotSealed)
	}
	return dossier.AddCustody(ctx, k.Archive, dossier.Custody{
		FollowUp: string(s.FollowUp.ID), Manifest: s.Manifest, At: k.Now(), Actor: string(actor), Act: act, Object: object, Remarks: remarks,
	})
}

// Chain reads and checks the chain of a follow-up's dossier; ErrNotSealed, or a
// dossier.BrokenError that names the first broken link.
func (k Keeper) Chain(ctx context.Context, s queue.State) ([]dossier.CustodyLink, error) {
	if s.Dossier != queue.DossierSealed {
		return nil, fmt.Errorf("follow-up %s: %w", s.FollowUp.ID, ErrNotSealed)
	}
	return dossier.ReadCustody(ctx, k.Archive, string(s.FollowUp.ID), s.Manifest)
}
