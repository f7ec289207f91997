package evidence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sambung/queue"
	"sambung/storage"
	"sambung/storage/dossier"
)

// verify reads one dossier.
func verify(ctx context.Context, a storage.Archive, key string, c claim) Verdict {
	v := Verdict{Manifest: key, FollowUp: base(key), Err: c.err}
	if c.err == nil {
		v.Err = v.read(ctx, a, c.checkpoint)
	}
	return v
}

// read reads everything that belongs to the dossier before its custody.
func (v *Verdict) read(ctx context.Context, a storage.Archive, checkpoint string) error {
	day, err := time.Parse("2006/01/02", strings.Trim(strings.TrimSuffix(strings.TrimPrefix(v.Manifest, manifests), base(v.Manifest)+".json"), "/"))
	if err != nil {
		return &dossier.BrokenError{Key: v.Manifest, Err: errors.New("manifests lie under the day of their follow-up")}
	}
	sum, err := expected(ctx, a, v.Manifest, checkpoint)
	if err != nil {
		return err
	}
	m, err := dossier.Open(ctx, a, v.Manifest, sum)
	if err != nil {
		return err
	}
	v.SHA256, v.Objects = sum, len(m.Objects())
	if m.FollowUp != v.FollowUp {
		return &dossier.BrokenError{Key: v.Manifest, Err: fmt.Errorf("it is the manifest of follow-up %s", m.FollowUp)}
	}
	var called lastAgent
	if err := dossier.Verify(ctx, a, m, called.line); err != nil {
		return err
	}
	return dossier.VerifyPointers(ctx, a, dossier.PointerTo(m, day, string(called.agent), v.Manifest, sum))
}

// lastAgent is the agent of the last attempt, as the history tells it.
type lastAgent struct{ agent queue.AgentID }

// line checks one activity, and remembers whose attempt it began.
func (l *lastAgent) line(text []byte) error {
	if err := queue.VerifyLine(text); err != nil {
		return err
	}
	var a queue.Activity
	if err := json.Unmarshal(text, &a); err != nil {
		return err
	}
	if a.Kind != queue.KindAssigned && a.Kind != queue.KindManualConversation {
		return nil
	}
	d, err := a.Decode()
	l.agent = d.Agent
	return err
}

// verifyCustody reads the custody chain of a dossier, which may have grown since
// the checkpoint, and nothing else.
func verifyCustody(ctx context.Context, a storage.Archive, v Verdict, known Checkpoint) ([]dossier.CustodyLink, error) {
	chain, err := dossier.ReadCustody(ctx, a, v.FollowUp, v.SHA256)
	if err != nil && !errors.Is(err, dossier.ErrBroken) {
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
		case now[key] == "" && err != nil:
			return chain, err
		case now[key] == "":
			return chain, &dossier.BrokenError{Key: key, Err: fmt.Errorf("%w: it was there at the checkpoint", storage.ErrNotFound)}
		default:
			return chain, &dossier.BrokenError{Key: key, Err: fmt.Errorf("it had hash %s at the checkpoint, now it is %s", known[key], now[key])}
		}
	}
	return chain, err
}

// expected is the hash that the manifest must have: by the checkpoint, else by
// the pointer of its day.
func expected(ctx context.Context, a storage.Archive, key, checkpoint string) (string, error) {
	if checkpoint != "" {
		return checkpoint, sameAsAtCheckpoint(ctx, a, key, checkpoint)
	}
	// Not only where it was listed: a dossier may be sealed in this moment.
	at := days + strings.TrimPrefix(key, manifests)
	p, err := dossier.ReadPointer(ctx, a, at)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return "", &dossier.BrokenError{Key: at, Err: fmt.Errorf("%w: nothing says which manifest was sealed", storage.ErrNotFound)}
	case err != nil:
		return "", err
	case p.Manifest != key:
		return "", &dossier.BrokenError{Key: at, Err: fmt.Errorf("it leads to %s", p.Manifest)}
	}
	return p.SHA256, nil
}

// sameAsAtCheckpoint says of a manifest that is not what it was at the checkpoint
// whether it is one all the same.
func sameAsAtCheckpoint(ctx context.Context, a storage.Archive, key, checkpoint string) error {
	o, err := a.Stat(ctx, key)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return &dossier.BrokenError{Key: key, Err: fmt.Errorf("%w: it was there at the checkpoint", err)}
	case err != nil:
		return err
	case o.SHA256 != checkpoint:
		return &dossier.BrokenError{Key: key, Err: fmt.Errorf("the dossier was replaced: its manifest had hash %s at the checkpoint, now it is %s", checkpoint, o.SHA256)}
	}
	return nil
}
