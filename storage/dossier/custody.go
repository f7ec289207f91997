package dossier

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"sambung/storage"
)

// Act is what was done with a sealed dossier.
type Act string

// The acts.
const (
	Opened   Act = "opened"   // a recording of it was handed out
	Linked   Act = "linked"   // an address to fetch a recording from was handed out, with the reason
	Accepted Act = "accepted" // by quality assurance
	Returned Act = "returned" // by quality assurance, with remarks
	Held     Act = "held"     // put under legal hold, with the reason
	Released Act = "released" // from legal hold, with the reason
)

// Custody is one link of the chain that begins where a dossier was sealed: who
// did what with it afterwards. The chain is anchored on the manifest, and lies
// beside it in the archive.
type Custody struct {
	Version  int       `json:"version"`
	FollowUp string    `json:"follow_up"`
	Manifest string    `json:"manifest"` // SHA-256 of the sealed manifest
	Seq      int       `json:"seq"`      // 1 for the first, without gaps
	At       time.Time `json:"at"`       // UTC, whole milliseconds
	Actor    string    `json:"actor"`
	Act      Act       `json:"act"`
	Object   string    `json:"object,omitempty"`  // key of what was opened
	Remarks  string    `json:"remarks,omitempty"` // perhaps personal data
	// Held says that the dossier is under legal hold since this link, or still.
	Held bool `json:"held,omitempty"`
	// Nonce makes a link unlike any other: the same act by the same person in
	// the same millisecond is two links, not one that was written twice.
	Nonce string `json:"nonce"`
	Prev  string `json:"prev"` // SHA-256 of the link before; of the manifest for the first
}

// CustodyLink is a link as it lies in the archive.
type CustodyLink struct {
	Custody
	Key    string `json:"key"`
	SHA256 string `json:"sha256"`
}

// ErrCustody means that an object cannot be a link of a custody chain.
var ErrCustody = errors.New("not a custody link")

// custodyTries is how many links others may add while one is being added.
const custodyTries = 20

// AddCustody appends a link to the chain of a sealed dossier, whose follow-up
// and manifest c names. Number, predecessor, hold, version and nonce are filled in. It is
// durable when AddCustody returns.
func AddCustody(ctx context.Context, a storage.Archive, c Custody) (CustodyLink, error) {
	c.Version, c.At, c.Nonce = Version, c.At.UTC().Truncate(time.Millisecond), rand.Text()
	for range custodyTries {
		last, err := lastCustody(ctx, a, c.FollowUp)
		if err != nil {
			return CustodyLink{}, fmt.Errorf("custody of %s: %w", c.FollowUp, err)
		}
		c.Seq, c.Prev = last.Seq+1, last.SHA256
		c.Held = c.Act == Held || last.Held && c.Act != Released
		if last.Seq == 0 {
			c.Prev = c.Manifest
		}
		link, err := c.put(ctx, a)
		if !errors.Is(err, storage.ErrConflict) { // else somebody else was quicker
			return link, err
		}
	}
	return CustodyLink{}, fmt.Errorf("custody of %s: others added %d links meanwhile; try again", c.FollowUp, custodyTries)
}

func (c Custody) put(ctx context.Context, a storage.Archive) (CustodyLink, error) {
	text, err := c.encode()
	if err != nil {
		return CustodyLink{}, err
	}
	key, err := storage.CustodyKey(c.FollowUp, c.Seq)
	if err != nil {
		return CustodyLink{}, err
	}
	o, err := putBytes(ctx, a, key, "application/json", text)
	return CustodyLink{Custody: c, Key: key, SHA256: o.SHA256}, err
}

// lastCustody is the link with the highest number; none yet: number 0.
func lastCustody(ctx context.Context, a storage.Archive, followUp string) (CustodyLink, error) {
	var last string
	for o, err := range a.List(ctx, storage.CustodyPrefix(followUp)) {
		if err != nil {
			return CustodyLink{}, err
		}
		last = o.Key
	}
	if last == "" {
		return CustodyLink{}, nil
	}
	return readCustody(ctx, a, last)
}

// ReadCustody reads the chain of a sealed dossier from its beginning and checks
// every link: the error is a BrokenError that names the first broken one, unless
// the archive could not be asked.
func ReadCustody(ctx context.Context, a storage.Archive, followUp, manifest string) ([]CustodyLink, error) {
	var chain []CustodyLink
	prev := manifest
	for o, err := range a.List(ctx, storage.CustodyPrefix(followUp)) {
		if err != nil {
			return nil, err
		}
		want, err := storage.CustodyKey(followUp, len(chain)+1)
		if err != nil {
			return nil, err
		}
		if o.Key != want {
			return chain, &BrokenError{want, fmt.Errorf("%w: %s follows", storage.ErrNotFound, o.Key)}
		}
		link, err := readCustody(ctx, a, o.Key)
		if err != nil {
			return chain, err
		}
		switch {
		case link.Seq != len(chain)+1 || link.FollowUp != followUp || link.Manifest != manifest:
			return chain, &BrokenError{o.Key, fmt.Errorf("it is link %d of follow-up %s, anchored on %s", link.Seq, link.FollowUp, link.Manifest)}
		case link.Prev != prev:
			return chain, &BrokenError{o.Key, fmt.Errorf("it follows %s, the one before it is %s", link.Prev, prev)}
		}
		chain, prev = append(chain, link), link.SHA256
	}
	return chain, nil
}

func readCustody(ctx context.Context, a storage.Archive, key string) (CustodyLink, error) {
	text, err := readSmall(ctx, a, key)
	if err != nil {
		return CustodyLink{}, err
	}
	c, err := DecodeCustody(text)
	if err != nil {
		return CustodyLink{}, &BrokenError{key, err}
	}
	return CustodyLink{Custody: c, Key: key, SHA256: hashOf(text)}, nil
}

// encode gives a link's bytes.
func (c Custody) encode() ([]byte, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("encoding a custody link of %s: %w", c.FollowUp, err)
	}
	return append(text, '\n'), nil
}

// DecodeCustody reads a link strictly: what AddCustody would not have written
// is refused with ErrCustody.
func DecodeCustody(text []byte) (Custody, error) {
	var c Custody
	if err := json.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("%w: %w", ErrCustody, err)
	}
	if c.Version != Version {
		return c, fmt.Errorf("%w: its version is %d, %d is understood", ErrCustody, c.Version, Version)
	}
	if again, err := c.encode(); err != nil || !bytes.Equal(again, text) {
		return c, fmt.Errorf("%w: it is not in the form in which links are written", ErrCustody)
	}
	return c, nil
}
