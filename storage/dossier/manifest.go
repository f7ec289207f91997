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
	Histories  []History   `json:"histories"` // in their order
}

// Recording is one attempt's recording, or the alarm that says why there is none.
type Recording struct {
	Attempt    int    `json:"attempt"`
	Status     string `json:"status"`
	Alarm      string `json:"alarm,omitempty"`
	Key        string `json:"key,omitempty"`
	SHA256     string `json:"sha256,omitempty"`
	Bytes      int64  `json:"bytes,omitempty"`
	DurationMS int64  `json:"duration_ms,omitempty"`
	// Manual says that the conversation was held without the system, and handed in.
	Manual bool `json:"manual,omitempty"`
}

// The statuses of a recording.
const (
	Verified = "verified"
	Alarmed  = "alarmed" // Alarm says why; what there is may be archived all the same
)

// History is one archived part of the activity history, JSON lines.
type History struct {
	Key    string `json:"key"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	UpTo   int    `json:"up_to"` // number of its last activity
}

// ErrManifest means that a manifest cannot be one.
var ErrManifest = errors.New("not a manifest")

// Encode gives the manifest's bytes and their SHA-256 in lower-case hex.
func (m Manifest) Encode() ([]byte, string, error) {
	if err := m.Validate(); err != nil {
		return nil, "", err
	}
	for _, t := range []*time.Time{&m.ReceivedAt, &m.Deadline, &m.SealedAt} {
		*t = t.UTC().Truncate(time.Millisecond)
	}
	if m.Recordings == nil {
		m.Recordings = []Recording{}
	}
	// Twice, because what is no UTF-8 is written in another way the first time.
	var text []byte
	for range 2 {
		var err error
		if text, err = json.MarshalIndent(m, "", "  "); err == nil {
			err = json.Unmarshal(text, &m)
		}
		if err != nil {
			return nil, "", fmt.Errorf("encoding the manifest of %s: %w", m.FollowUp, err)
		}
	}
	text = append(text, '\n')
	return text, hashOf(text), nil
}

// Decode reads a manifest strictly: what Encode would not have written is
// refused with ErrManifest.
func Decode(text []byte) (Manifest, error) {
	// The version first: a later one may have fields that this one does not know.
	var v struct{ Version int }
	if err := json.Unmarshal(text, &v); err != nil {
		return Manifest{}, fmt.Errorf("%w: %w", ErrManifest, err)
	}
	if v.Version != Version {
		return Manifest{}, fmt.Errorf("%w: its version is %d, %d is understood", ErrManifest, v.Version, Version)
	}
	var m Manifest
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return Manifest{}, fmt.Errorf("%w: %w", ErrManifest, err)
	}
	again, _, err := m.Encode()
	if err != nil {
		return Manifest{}, err
	}
	if !bytes.Equal(again, text) {
		return Manifest{}, fmt.Errorf("%w: %s: it is not in the form in which manifests are written", ErrManifest, m.FollowUp)
	}
	return m, nil
}

// Validate refuses a manifest that seals nothing, or something silently: one
// with a recording that is neither verified nor explained by an alarm, or with a
// history that does not reach its head.
func (m Manifest) Validate() error {
	refuse := func(format string, values ...any) error {
		return fmt.Errorf("%w: follow-up %q: "+format, append([]any{ErrManifest, m.FollowUp}, values...)...)
	}
	if m.Version != Version || m.FollowUp == "" || m.Head == "" {
		return refuse("version %d, head %q; version %d, a follow-up and a head are needed", m.Version, m.Head, Version)
	}
	for _, o := range m.Objects() {
		if err := o.Validate(); err != nil {
			return refuse("%w", err)
		}
	}
	for _, r := range m.Recordings {
		sound := r.Status == Verified && r.Key != "" && r.Alarm == "" || r.Status == Alarmed && r.Alarm != ""
		if !sound {
			return refuse("attempt %d: its recording is %q with key %q and alarm %q; a verified one needs a key, an alarmed one an alarm", r.Attempt, r.Status, r.Key, r.Alarm)
		}
	}
	last := 0
	for _, h := range m.Histories {
		if h.UpTo <= last {
			return refuse("a history up to activity %d comes after one up to %d", h.UpTo, last)
		}
		last = h.UpTo
	}
	if last != m.Activities || last == 0 {
		return refuse("its histories reach activity %d of %d", last, m.Activities)
	}
	return nil
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

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
