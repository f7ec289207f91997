package dossier

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

// PutPointers archives the pointers to a sealed dossier: by ticket, by day and,
// if there was one, by agent. Doing it again is no error.
func PutPointers(ctx context.Context, a storage.Archive, day time.Time, agent string, m Manifest, key, sum string) error {
	p := Pointer{
		Version: Version, FollowUp: m.FollowUp, Ticket: m.Ticket, Agent: agent, Day: day.Format(time.DateOnly),
		Status: m.Status, Outcome: m.Outcome, Manifest: key, SHA256: sum,
	}
	text, err := p.encode()
	if err != nil {
		return fmt.Errorf("encoding the pointer to %s: %w", m.FollowUp, err)
	}
	byTicket, errTicket := storage.TicketPointerKey(m.Ticket, m.FollowUp)
	byDay, errDay := storage.DayPointerKey(day, m.FollowUp)
	keys := []string{byTicket, byDay}
	if agent != "" {
		var byAgent string
		byAgent, err = storage.AgentPointerKey(agent, day, m.FollowUp)
		keys = append(keys, byAgent)
	}
	if err := errors.Join(errTicket, errDay, err); err != nil {
		return fmt.Errorf("pointers to %s: %w", m.FollowUp, err)
	}
	for _, k := range keys {
		if _, err := putBytes(ctx, a, k, "application/json", text); err != nil {
			return err
		}
	}
	return nil
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
