package redisqueue

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"sambung/queue"
)

// errNoSession does not quote the id: a digest is no secret, and still nobody's business.
var errNoSession = fmt.Errorf("session: %w", queue.ErrNotFound)

// OpenSession begins a session, see queue.Sessions.
func (q *Queue) OpenSession(ctx context.Context, s queue.Session, password string) error {
	if !s.Until.After(s.Opened) {
		return errors.New("a session ends after it begins")
	}
	_, err := q.session(ctx, "open", s.ID, s.User, password, millis(s.Opened), millis(s.Until), queue.MaxSessions)
	return err
}

// Session finds a session and its user.
func (q *Queue) Session(ctx context.Context, l queue.SessionLook) (queue.Session, queue.User, error) {
	reply, err := q.session(ctx, "look", l.ID, millis(l.Now), l.Idle.Milliseconds(), l.Touch.Milliseconds())
	if err != nil {
		return queue.Session{}, queue.User{}, err
	}
	if len(reply) < 5 || len(reply)%2 == 0 {
		return queue.Session{}, queue.User{}, fmt.Errorf("redis: %d texts are no session", len(reply))
	}
	fields := make(map[string]string, len(reply)/2)
	for i := 5; i < len(reply); i += 2 {
		fields[reply[i]] = reply[i+1]
	}
	s := queue.Session{ID: l.ID, User: reply[1], Opened: timeOf(reply[2]), Seen: timeOf(reply[3]), Until: timeOf(reply[4])}
	return s, userFrom(s.User, fields), nil
}

// EndSession ends a session.
func (q *Queue) EndSession(ctx context.Context, id queue.SessionID) error {
	_, err := q.session(ctx, "end", id)
	return err
}

func (q *Queue) session(ctx context.Context, what string, id queue.SessionID, args ...any) ([]string, error) {
	all := append([]any{what, string(id), q.key("user:"), q.key("sessions:"), q.key("session:")}, args...)
	reply, err := q.run(ctx, q.sessions, []string{q.key("session:" + string(id))}, all...)
	if err == nil && reply[0] == "NOTFOUND" {
		err = errNoSession
	}
	return reply, err
}

// Attempt counts an attempt, see queue.Throttle.
func (q *Queue) Attempt(ctx context.Context, key string, now time.Time, limit int, window time.Duration) error {
	reply, err := q.throttle(ctx, key, "take", millis(now), window.Milliseconds(), limit)
	if err != nil || reply[0] == "OK" {
		return err
	}
	left, err := strconv.ParseInt(reply[1], 10, 64)
	if err != nil {
		return fmt.Errorf("redis: %q is no time to wait", reply[1])
	}
	return &queue.ThrottledError{Wait: time.Duration(left) * time.Millisecond}
}

// Forgive takes one attempt back, or all.
func (q *Queue) Forgive(ctx context.Context, key string, all bool) error {
	what := "give"
	if all {
		what = "clear"
	}
	_, err := q.throttle(ctx, key, what)
	return err
}

func (q *Queue) throttle(ctx context.Context, key string, args ...any) ([]string, error) {
	return q.run(ctx, q.throttles, []string{q.key("attempts:" + key)}, args...)
}
