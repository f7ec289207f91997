package storage

import (
	"context"
	"strings"
	"time"
)

// Locker keeps objects from being deleted or replaced, by whoever has access to
// the bucket, where the server locks objects (S3 Object Lock).
type Locker interface {
	// SetLegalHold puts an object under legal hold, which has no end, or releases
	// it; ErrNotFound, ErrNoLock.
	SetLegalHold(ctx context.Context, key string, on bool) error
	// Protection tells how an object is protected; ErrNotFound. In a bucket that
	// locks nothing, nothing is.
	Protection(ctx context.Context, key string) (Protection, error)
}

// Protection is what keeps an object from being deleted.
type Protection struct {
	// RetainUntil is when its retention in governance mode ends; zero: it has none.
	RetainUntil time.Time
	LegalHold   bool
}

// IsEvidence reports whether an object with that key belongs to a dossier: a
// recording, a part of a history, a manifest, a pointer or a custody link.
func IsEvidence(key string) bool {
	for _, prefix := range []string{"recordings/", "history/", "manifests/", "pointers/", "custody/"} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}
