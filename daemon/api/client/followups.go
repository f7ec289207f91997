package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"sambung/queue"
	"sambung/queue/intake"
)

// Submission is a follow-up as it is handed in.
type Submission = intake.Submission

// Enqueue hands a follow-up in. With a key that was used before, the follow-up of
// that time comes back and replayed is true.
func (c *Client) Enqueue(ctx context.Context, s Submission, key string) (state queue.State, replayed bool, err error) {
	header := http.Header{}
	if key != "" {
		header.Set("Idempotency-Key", key)
	}
	answer, err := c.askWith(ctx, http.MethodPost, "/v1/follow-ups", s, &state, header)
	return state, answer.Get("Idempotency-Replayed") == "true", err
}

// Search selects follow-ups; empty fields select all.
type Search struct {
	States []string `json:"state,omitempty"`
	Agent  string   `json:"agent,omitempty"`
	Ticket string   `json:"ticket,omitempty"`
	Phone  string   `json:"phone,omitempty"`
	Limit  int      `json:"limit,omitempty"`
}

// Find lists follow-ups, earliest deadline first. A search by phone is not open to
// tokens of role agent.
func (c *Client) Find(ctx context.Context, s Search) ([]queue.State, error) {
	var found struct {
		FollowUps []queue.State `json:"follow_ups"`
	}
	if s.Phone != "" {
		_, err := c.ask(ctx, http.MethodPost, "/v1/follow-ups/search", s, &found)
		return found.FollowUps, err
	}
	values := url.Values{"state": s.States}
	for key, value := range map[string]string{"agent": s.Agent, "ticket": s.Ticket} {
		if value != "" {
			values.Set(key, value)
		}
	}
	if s.Limit != 0 {
		values.Set("limit", strconv.Itoa(s.Limit))
	}
	_, err := c.ask(ctx, http.MethodGet, "/v1/follow-ups?"+values.Encode(), nil, &found)
	return found.FollowUps, err
}

func followUpPath(id, rest string) string { return "/v1/follow-ups/" + url.PathEscape(id) + rest }

// Show returns a follow-up as it stands.
func (c *Client) Show(ctx context.Context, id string) (state queue.State, err error) {
	_, err = c.ask(ctx, http.MethodGet, followUpPath(id, ""), nil, &state)
	return state, err
}

// History returns all activities from the first on. The caller verifies the chain.
func (c *Client) History(ctx context.Context, id string) ([]queue.Activity, error) {
	var history struct {
		Activities []queue.Activity `json:"activities"`
	}
	_, err := c.ask(ctx, http.MethodGet, followUpPath(id, "/history"), nil, &history)
	return history.Activities, err
}

func (c *Client) decide(ctx context.Context, id, decision string, body any) (state queue.State, err error) {
	_, err = c.ask(ctx, http.MethodPost, followUpPath(id, "/"+decision), body, &state)
	return state, err
}

// Assign designates the agent who calls.
func (c *Client) Assign(ctx context.Context, id, agent string) (queue.State, error) {
	return c.decide(ctx, id, "assign", map[string]string{"agent": agent})
}

// Cancel ends a follow-up that waits.
func (c *Client) Cancel(ctx context.Context, id, reason string) (queue.State, error) {
	return c.decide(ctx, id, "cancel", map[string]string{"reason": reason})
}

// Requeue puts one that was handed back into the queue again.
func (c *Client) Requeue(ctx context.Context, id, reason string) (queue.State, error) {
	return c.decide(ctx, id, "requeue", map[string]string{"reason": reason})
}

// Edit names what to correct; nil leaves it as it is, an empty text empties it.
type Edit struct {
	Taxpayer  *string `json:"taxpayer,omitempty"`
	NPWP      *string `json:"npwp,omitempty"`
	Phone     *string `json:"phone,omitempty"`
	Extension *string `json:"extension,omitempty"`
	Message   *string `json:"message,omitempty"`
}

// Edit corrects a follow-up that waits.
func (c *Client) Edit(ctx context.Context, id string, e Edit) (queue.State, error) {
	return c.decide(ctx, id, "edit", e)
}

// Outcome is what came of a talk.
type Outcome struct {
	Code       string     `json:"code"`
	Note       string     `json:"note,omitempty"`
	CallbackAt *time.Time `json:"callback_at,omitempty"` // with code callback
	Attempt    int        `json:"attempt,omitempty"`     // whose it is; 0: the latest's
}

// Outcome confirms or corrects the outcome of the latest talk.
func (c *Client) Outcome(ctx context.Context, id string, o Outcome) (queue.State, error) {
	return c.decide(ctx, id, "outcome", o)
}

// Command asks something of the call under way: mute, unmute, hang_up, confirm_identity.
func (c *Client) Command(ctx context.Context, id, command string) error {
	_, err := c.ask(ctx, http.MethodPost, followUpPath(id, "/commands"), map[string]string{"command": command}, nil)
	return err
}

// Monitor lets the caller into the talk under way, in mode listen or whisper: the
// caller's own telephone rings, and it returns when that was answered. endpoint
// names one for callers without; empty else.
func (c *Client) Monitor(ctx context.Context, id, mode, endpoint string) error {
	body := map[string]string{"mode": mode}
	if endpoint != "" {
		body["endpoint"] = endpoint
	}
	_, err := c.ask(ctx, http.MethodPost, followUpPath(id, "/monitor"), body, nil)
	return err
}

// StopMonitor takes the caller out of the talk again.
func (c *Client) StopMonitor(ctx context.Context, id string) error {
	_, err := c.ask(ctx, http.MethodDelete, followUpPath(id, "/monitor"), nil, nil)
	return err
}
