package client

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Rehearsal says what would become of a submission.
type Rehearsal struct {
	Deadline    time.Time `json:"deadline"`
	Provisional bool      `json:"deadline_provisional,omitempty"`
	AwaitsAgent bool      `json:"awaits_agent,omitempty"`
}

// Rehearse judges a submission as Enqueue would; nothing is written.
func (c *Client) Rehearse(ctx context.Context, s Submission) (r Rehearsal, err error) {
	_, err = c.ask(ctx, http.MethodPost, "/v1/follow-ups?dry_run=true", s, &r)
	return r, err
}

// Import hands a file of follow-ups in: media is text/csv or application/x-ndjson,
// query empty or such as dry_run=true. The report is the daemon's, as JSON. (Send
// of package importing does the same from here, row by row.)
func (c *Client) Import(ctx context.Context, file io.Reader, media, query string) (report json.RawMessage, err error) {
	path := "/v1/imports"
	if query != "" {
		path += "?" + query
	}
	answer, err := c.sendContent(ctx, http.MethodPost, path, file, media, nil)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxAnswer)).Decode(&report); err != nil {
		return nil, fmt.Errorf("reading the daemon's answer: %w", err)
	}
	return report, nil
}
