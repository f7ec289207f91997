package evidence

import (
	"context"
	"errors"
	"fmt"

	"sambung/queue"
	"sambung/storage"
	"sambung/storage/dossier"
)

// Seal is a manifest as it was sealed.
type Seal struct {
	dossier.Manifest
	Key, SHA256 string // of the manifest
}

// ErrNotSealed means that nothing leads to a manifest: there is none, or a
// daemon that died in the middle of sealing left it.
var ErrNotSealed = errors.New("the dossier is not sealed")

// OpenSeal reads the manifest with that key by its pointer, which says what was sealed.
func OpenSeal(ctx context.Context, a storage.Archive, key string) (Seal, error) {
	sum, err := expected(ctx, a, key, "")
	if errors.Is(err, storage.ErrNotFound) {
		return Seal{}, fmt.Errorf("%w: %w", ErrNotSealed, err)
	}
	if err != nil {
		return Seal{}, err
	}
	m, err := dossier.Open(ctx, a, key, sum)
	return Seal{m, key, sum}, err
}

// Check proves the histories of a seal, and that its recordings are there with
// the hashes they were stored with; it does not read the recordings.
func (s Seal) Check(ctx context.Context, a storage.Archive) error {
	histories := s.Manifest
	histories.Recordings = nil
	if err := dossier.Verify(ctx, a, histories, queue.VerifyLine); err != nil {
		return err
	}
	for _, r := range s.Recordings {
		if r.Key == "" {
			continue
		}
		o, err := a.Stat(ctx, r.Key)
		switch {
		case errors.Is(err, storage.ErrNotFound):
			return &dossier.BrokenError{Key: r.Key, Err: err}
		case err != nil:
			return err
		case o.SHA256 != r.SHA256 || o.Size != r.Bytes:
			return &dossier.BrokenError{Key: r.Key, Err: fmt.Errorf("%w: it has hash %s and %d bytes, %s and %d were sealed", storage.ErrCorrupt, o.SHA256, o.Size, r.SHA256, r.Bytes)}
		}
	}
	return nil
}
