package archivist

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"sambung/queue"
	"sambung/storage"
)

// ship archives the history up to the settlement of the latest attempt. The
// object is named after its last activity, and holds those since the object
// before: shipping again gives the same bytes under the same key. Where the
// seal comes next, it ships the history with what has come since.
func (a *Archivist) ship(ctx context.Context, s queue.State) (queue.State, error) {
	if s.Status.Reserved() || s.Shipped >= s.Settled || sealable(s) {
		return s, nil
	}
	d, err := a.shipUpTo(ctx, s, s.Settled)
	if err != nil {
		return s, err
	}
	d.Attempt = s.Attempt
	return a.append(ctx, s, func(now queue.State) ([]queue.Entry, error) {
		if now.Shipped >= d.UpTo {
			return nil, nil
		}
		return []queue.Entry{a.note(queue.KindHistoryShipped, d)}, nil
	})
}

// shipUpTo archives the activities after s.Shipped up to and including last.
func (a *Archivist) shipUpTo(ctx context.Context, s queue.State, last int) (queue.Details, error) {
	id := s.FollowUp.ID
	history, err := a.Queue.History(ctx, id)
	if err != nil {
		return queue.Details{}, err
	}
	if err := queue.VerifyChain(history); err != nil {
		return queue.Details{}, fmt.Errorf("history of %s is not shipped: %w", id, err)
	}
	var lines bytes.Buffer
	for _, activity := range history[s.Shipped:last] {
		line, err := json.Marshal(activity)
		if err != nil {
			return queue.Details{}, err
		}
		lines.Write(append(line, '\n'))
	}
	key, err := storage.HistoryKey(a.day(s), string(id), last)
	if err != nil {
		return queue.Details{}, err
	}
	object, err := a.putBytes(ctx, key, "application/jsonl", lines.Bytes())
	if err != nil {
		return queue.Details{}, fmt.Errorf("shipping the history: %w", err)
	}
	return queue.Details{File: object.Key, SHA256: object.SHA256, Bytes: object.Size, UpTo: last}, nil
}

// putBytes archives a small object.
func (a *Archivist) putBytes(ctx context.Context, key, contentType string, content []byte) (storage.Object, error) {
	sum := sha256.Sum256(content)
	o := storage.Object{Key: key, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:]), ContentType: contentType}
	return a.Archive.Put(ctx, o, bytes.NewReader(content))
}
