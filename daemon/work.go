package daemon

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"sambung/daemon/deadline"
	"sambung/queue"
	"sambung/queue/intake"
	"sambung/queue/redisqueue"
)

// serveAPI serves until ctx ends, then lets requests under way finish, for five
// seconds; streams of events end at once.
func (a *App) serveAPI(ctx context.Context, server *http.Server) {
	done := make(chan struct{})
	stopping := context.AfterFunc(ctx, func() {
		defer close(done)
		limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := server.Shutdown(limit); err != nil {
			_ = server.Close() // what is still under way is cut
		}
	})
	if err := server.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
		a.log.Error("the API ended", "error", err)
		if stopping() {
			return
		}
	}
	<-done
}

// watchDeadlines raises alarms until ctx ends.
func (a *App) watchDeadlines(ctx context.Context) {
	m := &deadline.Monitor{
		Queue: a.queue, Switches: a.switchNames(), Policy: a.policy(), Calendar: a.calendar,
		Every: 15 * time.Second, Now: a.now, Log: a.log, Alarms: a.metrics.alarms, TrunksDown: a.trunksDown,
	}
	m.Run(ctx)
}

// takeIn enqueues what other systems add to the intake stream, until ctx ends.
func (a *App) takeIn(ctx context.Context) {
	for ctx.Err() == nil {
		if err := a.queue.Intake(ctx, a.owner, a.accept); err != nil && ctx.Err() == nil {
			a.log.Warn("the intake stream cannot be read; trying again", "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(2 * time.Second):
			}
		}
	}
}

// received completes an entry that does not say when the office received it: when it
// was added, however long it lay there while no daemon took it.
func received(entry string, fields map[string]string, now time.Time) map[string]string {
	added, ok := redisqueue.AddedAt(entry)
	if !ok || strings.TrimSpace(fields["received_at"]) != "" || added.After(now) || added.Before(now.AddDate(-1, 0, 0)) {
		return fields
	}
	complete := maps.Clone(fields)
	complete["received_at"] = added.Format(time.RFC3339Nano)
	return complete
}

// accept judges one entry of the intake stream and enqueues it. The entry's id
// is its idempotency key: an entry that is delivered again adds nothing.
func (a *App) accept(ctx context.Context, entry string, fields map[string]string) error {
	now := a.now()
	e, err := a.intakeRules().AcceptFields(received(entry, fields, now), now)
	if err == nil {
		err = intake.CheckReferences(ctx, a.queue, e.FollowUp)
	}
	if refused := (*intake.Refusal)(nil); errors.As(err, &refused) {
		return &redisqueue.Refusal{Reason: refused, Err: err}
	}
	if err != nil {
		return err
	}
	e.FollowUp.ID = queue.ID(ulid.Make().String())
	e.Actor = queue.ActorUser("intake")
	e.Key = "intake-" + entry
	if s, err := intake.FromFields(fields); err == nil {
		e.Fingerprint = s.Fingerprint() // of what was added, not of what was completed
	}
	_, _, err = a.queue.Enqueue(ctx, e)
	if open := (*queue.TicketOpenError)(nil); errors.As(err, &open) {
		reason := intake.Refusal{Fields: []intake.FieldError{{
			Field: "ticket", Problem: "it has an open follow-up, " + string(open.Existing), Remedy: "cancel that one, or set allow_duplicate",
		}}}
		return &redisqueue.Refusal{Reason: &reason, Err: err}
	}
	return err
}
