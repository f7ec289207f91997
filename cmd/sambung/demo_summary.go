package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"sambung/daemon/demo"
	"sambung/queue"
)

// demoResult is one follow-up of the demonstration, for programs. Every field is
// always there: without a talk the outcome is empty and the recording null.
type demoResult struct {
	ID          queue.ID         `json:"id"`
	Ticket      string           `json:"ticket"`
	Route       queue.Route      `json:"route"`
	State       queue.Status     `json:"state"`
	Outcome     queue.Outcome    `json:"outcome"`
	Attempts    int              `json:"attempts"`
	Deadline    time.Time        `json:"deadline"`
	MetDeadline bool             `json:"met_deadline"`
	Recording   *demoRecording   `json:"recording"` // of the last talk
	Activities  []queue.Activity `json:"activities"`
}

// demoRecording is a recording that was fetched and looked at.
type demoRecording struct {
	Key      string  `json:"key"`
	SHA256   string  `json:"sha256"` // lower-case hex
	Seconds  float64 `json:"seconds"`
	Channels int     `json:"channels"`
}

// concludeDemo fetches and looks at every recording, and prints what came of
// each follow-up.
func (c *cli) concludeDemo(ctx context.Context, d *demo.Demo) error {
	now, err := d.Look(ctx)
	if err != nil {
		return err
	}
	results := make([]demoResult, 0, len(now.FollowUps))
	recordings := 0
	for _, s := range now.FollowUps {
		r, err := c.demoResult(ctx, d, s)
		if err != nil {
			return fmt.Errorf("follow-up %s: %w", s.FollowUp.Ticket, err)
		}
		if r.Recording != nil {
			recordings++
		}
		results = append(results, r)
	}
	if c.json {
		return c.printJSONLines(results)
	}
	return c.demoSummary(results, recordings, d)
}

// printJSONLines prints one object on each line.
func (c *cli) printJSONLines(results []demoResult) error {
	encoder := json.NewEncoder(c.stdout)
	for _, r := range results {
		if err := encoder.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

func (c *cli) demoResult(ctx context.Context, d *demo.Demo, s queue.State) (demoResult, error) {
	r := demoResult{
		ID: s.FollowUp.ID, Ticket: s.FollowUp.Ticket, Route: s.FollowUp.Route, State: s.Status, Outcome: s.Outcome,
		Attempts: s.Attempt, Deadline: s.FollowUp.Deadline, MetDeadline: s.MetDeadline(),
	}
	var err error
	if r.Activities, err = d.Client().History(ctx, string(s.FollowUp.ID)); err != nil {
		return r, err
	}
	for _, rec := range s.Recordings {
		if rec.Status != queue.RecordingVerified || rec.AnsweredAt.IsZero() {
			continue
		}
		if r.Recording, err = c.demoRecording(ctx, d, s.FollowUp.ID, rec); err != nil {
			return r, fmt.Errorf("recording of attempt %d: %w", rec.Attempt, err)
		}
	}
	if r.Outcome == queue.OutcomeDelivered && r.Recording == nil {
		return r, errors.New("it was delivered, and has no recording")
	}
	return r, nil
}

// demoRecording fetches a recording; the client compares its hash.
func (c *cli) demoRecording(ctx context.Context, d *demo.Demo, id queue.ID, rec queue.Recording) (*demoRecording, error) {
	var file bytes.Buffer
	if _, err := d.Client().Recording(ctx, string(id), rec.Attempt, &file); err != nil {
		return nil, err
	}
	sound, err := demo.Listen(file.Bytes())
	if err != nil {
		return nil, err
	}
	return &demoRecording{Key: rec.Key, SHA256: rec.SHA256, Seconds: sound.Seconds, Channels: sound.Channels}, nil
}

// demoSummary tells people what came of it.
func (c *cli) demoSummary(results []demoResult, recordings int, d *demo.Demo) error {
	rows := [][]string{{"TICKET", "ROUTE", "STATE", "OUTCOME", "ATTEMPTS", "IN TIME", "RECORDING"}}
	for _, r := range results {
		inTime, sound := "", ""
		if r.MetDeadline {
			inTime = c.paint(green, "yes")
		}
		if r.Recording != nil {
			sound = fmt.Sprintf("%.1f s, %d channels", r.Recording.Seconds, r.Recording.Channels)
		}
		rows = append(rows, []string{
			r.Ticket, string(r.Route), c.status(r.State), string(r.Outcome),
			strconv.Itoa(r.Attempts), inTime, sound,
		})
	}
	if err := c.printf("\n"); err != nil {
		return err
	}
	if err := c.table(rows); err != nil {
		return err
	}
	return c.printf("\nAll %d are settled; %d recordings were fetched, and their SHA-256 is what the archive says.\nListen to them: %s\n",
		len(results), recordings, d.Recordings)
}
