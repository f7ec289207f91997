package client

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Recording is one recording of a follow-up.
type Recording struct {
	Attempt    int       `json:"attempt"`
	Status     string    `json:"status"` // at_switch, verified, alarmed
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	EndedAt    time.Time `json:"ended_at,omitzero"`
	SHA256     string    `json:"sha256,omitempty"`
	Bytes      int64     `json:"bytes,omitempty"`
	DurationMS int64     `json:"duration_ms,omitempty"`
	Alarm      string    `json:"alarm,omitempty"`
	Manual     bool      `json:"manual,omitempty"` // handed in
}

// ErrCorrupt means that a recording did not arrive as it was archived.
var ErrCorrupt = errors.New("the recording's SHA-256 differs from the archive's")

// Recordings lists the recordings of a follow-up.
func (c *Client) Recordings(ctx context.Context, id string) ([]Recording, error) {
	var list struct {
		Recordings []Recording `json:"recordings"`
	}
	_, err := c.ask(ctx, http.MethodGet, followUpPath(id, "/recordings"), nil, &list)
	return list.Recordings, err
}

// Recording copies the audio of one attempt to w and verifies it; on an error,
// ErrCorrupt among them, what was written is worth nothing.
func (c *Client) Recording(ctx context.Context, id string, attempt int, w io.Writer) (bytes int64, err error) {
	answer, err := c.send(ctx, http.MethodGet, followUpPath(id, "/recordings/"+strconv.Itoa(attempt)), nil, nil)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	digest := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, digest), answer.Body)
	if err != nil {
		return n, fmt.Errorf("copying the recording: %w", err)
	}
	want := strings.TrimSuffix(strings.TrimPrefix(answer.Header.Get("Repr-Digest"), "sha-256=:"), ":")
	if got := base64.StdEncoding.EncodeToString(digest.Sum(nil)); got != want {
		return n, ErrCorrupt
	}
	return n, nil
}
