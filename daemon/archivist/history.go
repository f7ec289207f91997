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
	"sambung/storage/dossier"
)

// ship archives the history up to the settlement of the latest attempt. The
// object is named after its last activity, and holds those since the object
// before: shipping again gives the same bytes under the same key. Where the
// seal comes next, it ships the history with what has come since.
func (a *Archivist) ship(ctx context.Context, s queue.State) (queue.State, error) {
	if s.Status.Reserved() || s.Shipped >= s.Settled || sealable(s) {
		return s, nil
	}
	history, err := a.history(ctx, s.FollowUp.ID, s.Settled)
	if err != nil {
		return s, err
	}
	d, err := a.shipAll(ctx, s, history)
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

// history reads the activities up to and including last, and checks them.
func (a *Archivist) history(ctx context.Context, id queue.ID, last int) ([]queue.Activity, error) {
	history, err := a.Queue.History(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := queue.VerifyChain(history); err != nil {
		return nil, fmt.Errorf("history of %s is not shipped: %w", id, err)
	}
	if len(history) < last {
		return nil, fmt.Errorf("history of %s is not shipped: the ledger had %d activities and has %d; it went back meanwhile", id, last, len(history))
	}
	return history[:last], nil
}

// shipAll archives what comes after s.Shipped in a history.
func (a *Archivist) shipAll(ctx context.Context, s queue.State, history []queue.Activity) (queue.Details, error) {
	head := ""
	if s.Shipped > 0 {
		head = history[s.Shipped-1].Hash
	}
	var lines [][]byte
	for _, activity := range history[s.Shipped:] {
		line, err := json.Marshal(activity)
		if err != nil {
			return queue.Details{}, err
		}
		lines = append(lines, line)
	}
	key, err := storage.HistoryKey(a.day(s), string(s.FollowUp.ID), len(history))
	if err != nil {
		return queue.Details{}, err
	}
	part, err := dossier.Ship(ctx, a.Archive, key, s.Shipped, head, lines, queue.VerifyLine)
	if err != nil {
		return queue.Details{}, err
	}
	return queue.Details{File: part.Key, SHA256: part.SHA256, Bytes: part.Bytes, UpTo: part.UpTo}, nil
}

// putBytes archives a small object.
func (a *Archivist) putBytes(ctx context.Context, key, contentType string, content []byte) (storage.Object, error) {
	sum := sha256.Sum256(content)
	o := storage.Object{Key: key, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:]), ContentType: contentType}
	return a.Archive.Put(ctx, o, bytes.NewReader(content))
}
