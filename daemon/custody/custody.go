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
	// Locker holds objects; nil where the archive's server cannot.
	Locker storage.Locker
	Zone   *time.Location // the office's: object keys carry its days
	Now    func() time.Time
}

// Add appends a link to the chain of a follow-up's dossier; ErrNotSealed.
// object is the key of what is opened, remarks what was said about it. The link
// of a dossier under legal hold is put under it, too.
func (k Keeper) Add(ctx context.Context, s queue.State, actor queue.Actor, act dossier.Act, object, remarks string) (dossier.CustodyLink, error) {
	if s.Dossier != queue.DossierSealed {
		return dossier.CustodyLink{}, fmt.Errorf("follow-up %s: %w", s.FollowUp.ID, ErrNotSealed)
	}
	link, err := dossier.AddCustody(ctx, k.Archive, dossier.Custody{
		FollowUp: string(s.FollowUp.ID), Manifest: s.Manifest, At: k.Now(), Actor: string(actor), Act: act, Object: object, Remarks: remarks,
	})
	if err == nil && link.Held && k.Locker != nil {
		err = dossier.Hold(ctx, k.Locker, []string{link.Key}, true)
	}
	return link, err
}

// Hold puts every object of a sealed dossier under legal hold, or releases all,
// and returns how many; ErrNotSealed, storage.ErrNoLock. The link that says so is
// in the archive before; where it fails after that, asking again completes it.
func (k Keeper) Hold(ctx context.Context, s queue.State, actor queue.Actor, on bool, reason string) (dossier.CustodyLink, int, error) {
	if s.Dossier != queue.DossierSealed {
		return dossier.CustodyLink{}, 0, fmt.Errorf("follow-up %s: %w", s.FollowUp.ID, ErrNotSealed)
	}
	if k.Locker == nil {
		return dossier.CustodyLink{}, 0, fmt.Errorf("follow-up %s: %w", s.FollowUp.ID, storage.ErrNoLock)
	}
	objects := func() ([]string, error) {
		return dossier.Objects(ctx, k.Archive, s.FollowUp.EnteredAt.In(k.Zone), string(s.FollowUp.ID), s.Manifest)
	}
	if _, err := objects(); err != nil { // a broken one is not held in silence
		return dossier.CustodyLink{}, 0, err
	}
	act := dossier.Released
	if on {
		act = dossier.Held
	}
	link, err := k.Add(ctx, s, actor, act, "", reason)
	if err != nil {
		return link, 0, err
	}
	all, err := objects()
	if err != nil {
		return link, 0, err
	}
	return link, len(all), dossier.Hold(ctx, k.Locker, all, on)
}

// Chain reads and checks the chain of a follow-up's dossier; ErrNotSealed, or a
// dossier.BrokenError that names the first broken link.
func (k Keeper) Chain(ctx context.Context, s queue.State) ([]dossier.CustodyLink, error) {
	if s.Dossier != queue.DossierSealed {
		return nil, fmt.Errorf("follow-up %s: %w", s.FollowUp.ID, ErrNotSealed)
	}
	return dossier.ReadCustody(ctx, k.Archive, string(s.FollowUp.ID), s.Manifest)
}
