// Package evidence proves, from the archive alone and without any ledger, that
// sealed dossiers are what was sealed.
//
// A dossier is its manifest, which names every object with its hash; the
// pointer of its day names the manifest with its hash. So a changed, cut or
// missing object is found, and so is a manifest that was replaced or removed
// while its pointer stands. Whoever replaces both leaves a trace only outside
// the archive: a [Checkpoint], kept elsewhere, has it.
//
// What happened to a dossier after the seal is a chain of its own, anchored on
// the manifest. That its last links were cut off is found by a checkpoint, too.
package evidence

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sambung/storage"
	"sambung/storage/dossier"
)

// Selection says which dossiers are verified: that of one follow-up, those of
// one office day, or, being zero, all.
type Selection struct {
	FollowUp string
	Day      time.Time
}

// Verdict is what was found of one dossier.
type Verdict struct {
	FollowUp string `json:"follow_up"`
	Manifest string `json:"manifest"`         // its key
	SHA256   string `json:"sha256,omitempty"` // of the manifest
	Objects  int    `json:"objects"`          // that were read and compared
	// Custody is the chain of what happened to the dossier since.
	Custody []dossier.CustodyLink `json:"custody,omitempty"`
	// Err is nil for a sound dossier, a dossier.BrokenError that names the first
	// broken link, or why the archive could not be asked, which proves nothing.
	Err error `json:"-"`
}

// ErrNothing means that the selection has no dossier.
var ErrNothing = errors.New("there is no sealed dossier of that selection")

// Verify reads every dossier of a selection and compares all of it, one after
// another in the order of their days. each is told of every verdict; done of
// total, this one included. The error is about finding the dossiers, not about
// what was found in them.
func Verify(ctx context.Context, a storage.Archive, s Selection, known Checkpoint, each func(done, total int, v Verdict)) error {
	claims, err := find(ctx, a, s)
	if err != nil {
		return err
	}
	for key, sum := range known {
		if strings.HasPrefix(key, manifests) && s.includes(key) {
			c := claims[key]
			c.checkpoint = sum
			claims[key] = c
		}
	}
	if len(claims) == 0 {
		return ErrNothing
	}
	for i, key := range slices.Sorted(maps.Keys(claims)) {
		v := verify(ctx, a, key, claims[key])
		if v.Err == nil {
			v.Custody, v.Err = verifyCustody(ctx, a, v, known)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		each(i+1, len(claims), v)
	}
	return nil
}

// BrokenLink is the key of the first broken link that a verdict names; false
// where the dossier is sound, or could not be read.
func BrokenLink(err error) (key string, broken bool) {
	var b *dossier.BrokenError
	if !errors.As(err, &b) {
		return "", false
	}
	return b.Key, true
}

// claim is what is known of a manifest before it is looked at.
type claim struct {
	checkpoint string // its hash at the checkpoint, if any
	err        error  // what leads to it is broken
}

const (
	manifests = "manifests/"
	custody   = "custody/"
	pointers  = "pointers/"
	days      = pointers + "days/"
)

// includes reports whether the manifest with that key is of the selection.
func (s Selection) includes(key string) bool {
	path := strings.TrimPrefix(key, manifests)
	if !s.Day.IsZero() && !strings.HasPrefix(path, s.prefix()) {
		return false
	}
	return s.FollowUp == "" || strings.HasSuffix(path, "/"+s.FollowUp+".json")
}

// prefix is the part of a key that a day makes.
func (s Selection) prefix() string {
	if s.Day.IsZero() {
		return ""
	}
	return s.Day.Format("2006/01/02/")
}

// find lists what there is of a selection: manifests, and what leads to them.
// Where the day does not narrow it, a manifest that is gone is known by any
// pointer that is left.
func find(ctx context.Context, a storage.Archive, s Selection) (map[string]claim, error) {
	claims, ids := make(map[string]claim), make(map[string]bool)
	take := func(key string) {
		if s.includes(key) {
			claims[key], ids[base(key)] = claim{}, true
		}
	}
	for o, err := range a.List(ctx, manifests+s.prefix()) {
		if err != nil {
			return nil, fmt.Errorf("listing the manifests: %w", err)
		}
		take(o.Key)
	}
	within := pointers
	if !s.Day.IsZero() {
		within = days + s.prefix()
	}
	for o, err := range a.List(ctx, within) {
		path, byDay := strings.CutPrefix(o.Key, days)
		switch {
		case err != nil:
			return nil, fmt.Errorf("listing the pointers: %w", err)
		case byDay:
			take(manifests + path)
		case ids[base(o.Key)], s.FollowUp != "" && base(o.Key) != s.FollowUp:
		default:
			p, err := dossier.ReadPointer(ctx, a, o.Key)
			if errors.Is(err, dossier.ErrBroken) {
				claims[o.Key] = claim{err: err}
			} else if err != nil {
				return nil, err
			} else {
				take(p.Manifest)
			}
		}
	}
	return claims, nil
}

// base is the id of the follow-up that a key ends with.
func base(key string) string {
	return strings.TrimSuffix(key[strings.LastIndexByte(key, '/')+1:], ".json")
}
