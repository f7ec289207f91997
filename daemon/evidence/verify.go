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
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"sambung/queue"
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

// claim is what stands elsewhere about a manifest: its hash, if any.
type claim struct{ pointer, checkpoint string }

const (
	manifests = "manifests/"
	custody   = "custody/"
	pointers  = "pointers/days/"
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

// find lists what there is of a selection: manifests, and pointers to them.
func find(ctx context.Context, a storage.Archive, s Selection) (map[string]claim, error) {
	claims := make(map[string]claim)
	for o, err := range a.List(ctx, manifests+s.prefix()) {
		if err != nil {
			return nil, fmt.Errorf("listing the manifests: %w", err)
		}
		if s.includes(o.Key) {
			claims[o.Key] = claim{}
		}
	}
	for o, err := range a.List(ctx, pointers+s.prefix()) {
		if err != nil {
			return nil, fmt.Errorf("listing the pointers: %w", err)
		}
		key := manifests + strings.TrimPrefix(o.Key, pointers)
		if s.includes(key) {
			claims[key] = claim{pointer: o.Key}
		}
	}
	return claims, nil
}

// verify reads one dossier.
func verify(ctx context.Context, a storage.Archive, key string, c claim) Verdict {
	v := Verdict{Manifest: key, FollowUp: strings.TrimSuffix(key[strings.LastIndexByte(key, '/')+1:], ".json")}
	sum, err := expected(ctx, a, key, c)
	if err != nil {
		v.Err = err
		return v
	}
	m, err := dossier.Open(ctx, a, key, sum)
	if err != nil {
		v.Err = err
		return v
	}
	v.SHA256, v.Objects = sum, len(m.Objects())
	if m.FollowUp != v.FollowUp {
		v.Err = &dossier.BrokenError{Key: key, Err: fmt.Errorf("it is the manifest of follow-up %s", m.FollowUp)}
		return v
	}
	v.Err = dossier.Verify(ctx, a, m, queue.VerifyLine)
	return v
}

// verifyCustody reads the custody chain of a dossier, which may have grown since
// the checkpoint, and nothing else.
func verifyCustody(ctx context.Context, a storage.Archive, v Verdict, known Checkpoint) ([]dossier.CustodyLink, error) {
	chain, err := dossier.ReadCustody(ctx, a, v.FollowUp, v.SHA256)
	if err != nil {
		return chain, err
	}
	now := make(map[string]string)
	for _, link := range chain {
		now[link.Key] = link.SHA256
	}
	prefix := storage.CustodyPrefix(v.FollowUp)
	for _, key := range slices.Sorted(maps.Keys(known)) {
		switch {
		case !strings.HasPrefix(key, prefix) || now[key] == known[key]:
		case now[key] == "":
			return chain, &dossier.BrokenError{Key: key, Err: fmt.Errorf("%w: it was there at the checkpoint", storage.ErrNotFound)}
		default:
			return chain, &dossier.BrokenError{Key: key, Err: fmt.Errorf("it had hash %s at the checkpoint, now it is %s", known[key], now[key])}
		}
	}
	return chain, nil
}

// expected is the hash that the manifest must have: by the checkpoint, and by
// the pointer, which must agree.
func expected(ctx context.Context, a storage.Archive, key string, c claim) (string, error) {
	if c.pointer == "" {
		missing := pointers + strings.TrimPrefix(key, manifests)
		return "", &dossier.BrokenError{Key: missing, Err: fmt.Errorf("%w: nothing says which manifest was sealed", storage.ErrNotFound)}
	}
	p, err := readPointer(ctx, a, c.pointer)
	if err != nil {
		return "", err
	}
	switch {
	case p.Manifest != key:
		return "", &dossier.BrokenError{Key: c.pointer, Err: fmt.Errorf("it leads to %s", p.Manifest)}
	case c.checkpoint != "" && p.SHA256 != c.checkpoint:
		return "", &dossier.BrokenError{Key: key, Err: fmt.Errorf("the dossier was replaced: its manifest had hash %s at the checkpoint, now it is %s", c.checkpoint, p.SHA256)}
	}
	return p.SHA256, nil
}

// pointerLimit is the longest pointer that is read, in bytes.
const pointerLimit = 64 << 10

func readPointer(ctx context.Context, a storage.Archive, key string) (dossier.Pointer, error) {
	var p dossier.Pointer
	body, _, err := a.Get(ctx, key)
	if err != nil {
		return p, err
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, pointerLimit))
	if errors.Is(err, storage.ErrCorrupt) {
		return p, &dossier.BrokenError{Key: key, Err: err}
	}
	if err != nil {
		return p, err
	}
	if p, err = dossier.DecodePointer(text); err != nil {
		return p, &dossier.BrokenError{Key: key, Err: err}
	}
	return p, nil
}
