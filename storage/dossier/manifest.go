// Package dossier seals the evidence of one follow-up: its manifest names every
// object with its hash, and is itself known by its hash. With the manifest and
// the archive alone, without any ledger, Verify finds a byte that changed or an
// object that is gone.
package dossier

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"sambung/storage"
)

// Version is that of the manifest's form.
const Version = 1

// Manifest is what is sealed.
type Manifest struct {
	Version     int       `json:"version"`
	FollowUp    string    `json:"follow_up"`
	Ticket      string    `json:"ticket"`
	Route       string    `json:"route"`
	Status      string    `json:"status"`
	Outcome     string    `json:"outcome,omitempty"`
	ReceivedAt  time.Time `json:"received_at"`
	Deadline    time.Time `json:"deadline"`
	MetDeadline bool      `json:"met_deadline"`
	MissedCause string    `json:"missed_cause,omitempty"`
	Calendar    string    `json:"calendar"`
	SealedAt    time.Time `json:"sealed_at"`
	// Activities is how many there are, and Head the hash of the last one.
	Activities int         `json:"activities"`
	Head       string      `json:"head"`
	Recordings []Recording `json:"recordings"`
	Histories  []History   `json:"histories"`
}

// Recording is one attempt's recording, or the alarm that says why there is none.
type Recording struct {
	Attempt    int    `json:"attempt"`
	Status     string `json:"status"` // verified, alarmed
	Alarm      string `json:"alarm,omitempty"`
	Key        string `json:"key,omitempty"`
	SHA256     string `json:"sha256,omitempty"`
	Bytes      int64  `json:"bytes,omitempty"`
	DurationMS int64  `json:"duration_ms,omitempty"`
}

// History is one archived part of the activity history, JSON lines.
type History struct {
	Key    string `json:"key"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	UpTo   int    `json:"up_to"` // number of its last activity
}

// Encode gives the manifest's bytes and their SHA-256 in lower-case hex.
func (m Manifest) Encode() ([]byte, string, error) {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, "", fmt.Errorf("encoding the manifest of %s: %w", m.FollowUp, err)
	}
	text = append(text, '\n')
	sum := sha256.Sum256(text)
	return text, hex.EncodeToString(sum[:]), nil
}

// ErrManifest means that a manifest cannot be one.
var ErrManifest = errors.New("not a manifest")

// Decode reads a manifest strictly: a field it does not know is an error.
func Decode(text []byte) (Manifest, error) {
	var m Manifest
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return Manifest{}, fmt.Errorf("%w: %w", ErrManifest, err)
	}
	if d.More() {
		return Manifest{}, fmt.Errorf("%w: something follows it", ErrManifest)
	}
	if m.Version != Version {
		return Manifest{}, fmt.Errorf("%w: version %d, want %d", ErrManifest, m.Version, Version)
	}
	return m, nil
}

// Objects are all objects that the manifest names.
func (m Manifest) Objects() []storage.Object {
	var all []storage.Object
	for _, h := range m.Histories {
		all = append(all, storage.Object{Key: h.Key, SHA256: h.SHA256, Size: h.Bytes})
	}
	for _, r := range m.Recordings {
		if r.Key != "" {
			all = append(all, storage.Object{Key: r.Key, SHA256: r.SHA256, Size: r.Bytes})
		}
	}
	return all
}
