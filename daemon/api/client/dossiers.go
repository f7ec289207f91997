package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// DossierSearch selects sealed dossiers; empty fields select all.
type DossierSearch struct {
	Ticket     string     `json:"ticket,omitempty"`
	Agent      string     `json:"agent,omitempty"` // of the last attempt
	From       *time.Time `json:"from,omitempty"`  // sealed then or later
	To         *time.Time `json:"to,omitempty"`    // sealed before
	Outcome    string     `json:"outcome,omitempty"`
	Route      string     `json:"route,omitempty"`
	MinSeconds int        `json:"min_seconds,omitempty"` // of talk
	MaxSeconds int        `json:"max_seconds,omitempty"`
	Phone      string     `json:"phone,omitempty"`
	Review     string     `json:"review,omitempty"` // none, accepted, returned
	Cursor     string     `json:"cursor,omitempty"`
	Limit      int        `json:"limit,omitempty"`
}

// Dossier is one sealed dossier.
type Dossier struct {
	ID          string    `json:"id"`
	Ticket      string    `json:"ticket"`
	Route       string    `json:"route"`
	Status      string    `json:"status"`
	Agent       string    `json:"agent,omitempty"`
	Outcome     string    `json:"outcome,omitempty"`
	ReceivedAt  time.Time `json:"received_at"`
	Deadline    time.Time `json:"deadline"`
	ContactedAt time.Time `json:"contacted_at,omitzero"`
	SealedAt    time.Time `json:"sealed_at"`
	MetDeadline bool      `json:"met_deadline"`
	MissedCause string    `json:"missed_cause,omitempty"`
	Seconds     int       `json:"seconds"` // of talk, in all attempts
	Attempts    int       `json:"attempts"`
	Review      string    `json:"review"`
}

// Dossiers returns a page, the last sealed first, and the cursor of the next one;
// it is empty at the end, and only there.
func (c *Client) Dossiers(ctx context.Context, s DossierSearch) (page []Dossier, next string, err error) {
	var answer struct {
		Dossiers []Dossier `json:"dossiers"`
		Next     string    `json:"next"`
	}
	_, err = c.ask(ctx, http.MethodPost, "/v1/dossiers/search", s, &answer)
	return answer.Dossiers, answer.Next, err
}

// Proof is what verifying a dossier found.
type Proof struct {
	Sound   bool `json:"sound"`
	Objects int  `json:"objects"`
	Links   int  `json:"links"`
	Broken  *struct {
		Object string `json:"object"`
		Why    string `json:"why"`
	} `json:"broken,omitempty"`
}

// Verify has the daemon compare a sealed dossier with what was sealed.
func (c *Client) Verify(ctx context.Context, id string) (p Proof, err error) {
	_, err = c.ask(ctx, http.MethodPost, followUpPath(id, "/verify"), nil, &p)
	return p, err
}

// Link is an address at which a recording can be fetched for a minute, without a token.
func (c *Client) Link(ctx context.Context, id string, attempt int, reason string) (url string, expires time.Time, err error) {
	var answer struct {
		URL       string    `json:"url"`
		ExpiresAt time.Time `json:"expires_at"`
	}
	_, err = c.ask(ctx, http.MethodPost, followUpPath(id, "/recordings/"+strconv.Itoa(attempt)+"/link"), map[string]string{"reason": reason}, &answer)
	return answer.URL, answer.ExpiresAt, err
}

// Export copies what was sealed in a period to w; format is csv or jsonl. An error
// means that w may hold a part of it.
func (c *Client) Export(ctx context.Context, from, to time.Time, format string, w io.Writer) error {
	answer, err := c.send(ctx, http.MethodPost, "/v1/export", map[string]string{"from": from.Format(time.RFC3339), "to": to.Format(time.RFC3339), "format": format}, nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(w, answer.Body); err != nil {
		return fmt.Errorf("copying the export: %w", err)
	}
	return nil
}
