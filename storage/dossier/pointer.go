package dossier

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"sambung/storage"
)

// Pointer is a small object that leads from a ticket, an agent or a day to a
// sealed dossier, for whoever has an S3 tool and nothing else.
type Pointer struct {
	Version  int    `json:"version"`
	FollowUp string `json:"follow_up"`
	Ticket   string `json:"ticket"`
	Agent    string `json:"agent,omitempty"` // of the last attempt; empty when there was none
	Day      string `json:"day"`             // office day, 2026-11-23
	Status   string `json:"status"`
	Outcome  string `json:"outcome,omitempty"`
	Manifest string `json:"manifest"` // its key
	SHA256   string `json:"sha256"`   // of the manifest
}

// PointerTo is what leads to a dossier: to its manifest, which lies under key and
// has the hash sum. agent is that of the last attempt, if there was one.
func PointerTo(m Manifest, day time.Time, agent, key, sum string) Pointer {
	return Pointer{
		Version: Version, FollowUp: m.FollowUp, Ticket: m.Ticket, Agent: agent, Day: day.Format(time.DateOnly),
		Status: m.Status, Outcome: m.Outcome, Manifest: key, SHA256: sum,
	}
}

// PutPointers archives the pointers to a sealed dossier: by ticket, by day and,
// if there was one, by agent. Doing it again is no error.
func PutPointers(ctx context.Context, a storage.Archive, day time.Time, agent string, m Manifest, key, sum string) error {
	p := PointerTo(m, day, agent, key, sum)
	text, err := p.encode()
	if err != nil {
		return fmt.Errorf("encoding the pointer to %s: %w", m.FollowUp, err)
	}
	keys, err := p.keys()
	if err != nil {
		return fmt.Errorf("pointers to %s: %w", m.FollowUp, err)
	}
	for _, k := range keys {
		if _, err := putBytes(ctx, a, k, "application/json", text); err != nil {
			return err
		}
	}
	return nil
}

// keys are where a pointer lies: by ticket, by agent if there was one, and by
// day, which comes last so that where it is the others are.
func (p Pointer) keys() ([]string, error) {
	day, err := time.Parse(time.DateOnly, p.Day)
	if err != nil {
		return nil, fmt.Errorf("%w: its day is %q", ErrPointer, p.Day)
	}
	byTicket, errTicket := storage.TicketPointerKey(p.Ticket, p.FollowUp)
	byDay, errDay := storage.DayPointerKey(day, p.FollowUp)
	keys := []string{byTicket, byDay}
	var errAgent error
	if p.Agent != "" {
		keys[1], errAgent = storage.AgentPointerKey(p.Agent, day, p.FollowUp)
		keys = append(keys, byDay)
	}
	return keys, errors.Join(errTicket, errAgent, errDay)
}

// ReadPointer reads the pointer that lies under a key. Where it is not there, or
// is none, the error is a BrokenError.
func ReadPointer(ctx context.Context, a storage.Archive, key string) (Pointer, error) {
	text, err := readSmall(ctx, a, key)
	if err != nil {
		return Pointer{}, err
	}
	p, err := DecodePointer(text)
	if err != nil {
		return p, &BrokenError{key, err}
	}
	return p, nil
}

// VerifyPointers compares everything that leads to a dossier with what it must
// say. The error is a BrokenError that names the first one that is gone or
// differs, unless the archive could not be asked.
func VerifyPointers(ctx context.Context, a storage.Archive, want Pointer) error {
	keys, err := want.keys()
	if err != nil {
		return err
	}
	for _, key := range keys {
		p, err := ReadPointer(ctx, a, key)
		if err != nil {
			return err
		}
		if p != want {
			return &BrokenError{key, errors.New("it does not say what manifest and history say")}
		}
	}
	return nil
}

// readSmall reads an object of less than maxLine bytes; one that is gone or
// differs from what was written is a BrokenError.
func readSmall(ctx context.Context, a storage.Archive, key string) ([]byte, error) {
	body, _, err := a.Get(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, &BrokenError{key, err}
	}
	if err != nil {
		return nil, err
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, maxLine))
	if errors.Is(err, storage.ErrCorrupt) {
		return nil, &BrokenError{key, err}
	}
	return text, err
}

func (p Pointer) encode() ([]byte, error) {
	text, err := json.Marshal(p)
	return append(text, '\n'), err
}

// ErrPointer means that a pointer cannot be one.
var ErrPointer = errors.New("not a pointer")

// DecodePointer reads a pointer strictly: what PutPointers would not have
// written is refused with ErrPointer.
func DecodePointer(text []byte) (Pointer, error) {
	var p Pointer
	if err := json.Unmarshal(text, &p); err != nil {
		return p, fmt.Errorf("%w: %w", ErrPointer, err)
	}
	if again, err := p.encode(); err != nil || !bytes.Equal(again, text) {
		return p, fmt.Errorf("%w: it is not in the form in which pointers are written", ErrPointer)
	}
	return p, nil
}
