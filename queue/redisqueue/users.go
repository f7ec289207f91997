package redisqueue

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sambung/queue"
)

// PutUser adds a user or changes one, see queue.Users.
func (q *Queue) PutUser(ctx context.Context, u queue.User) error {
	disabled := "0"
	if u.Disabled {
		disabled = "1"
	}
	reply, err := q.user(ctx, "put", u.Name, u.Password, "role", string(u.Role), "agent", string(u.Agent), "endpoint", u.Endpoint,
		"switch", u.Switch, "language", u.Language, "disabled", disabled, "changed", millis(u.Changed))
	if err == nil && reply[0] == "NOPASSWORD" {
		err = fmt.Errorf("user %s: %w", u.Name, queue.ErrNoPassword)
	}
	return err
}

// ReplacePassword puts another digest in the place of one.
func (q *Queue) ReplacePassword(ctx context.Context, c queue.PasswordChange) error {
	ends := "0"
	if c.EndOthers {
		ends = "1"
	}
	_, err := q.user(ctx, "password", c.User, c.Old, c.New, millis(c.Now), ends, string(c.Keep))
	return err
}

// RemoveUser removes a user, who is signed out everywhere.
func (q *Queue) RemoveUser(ctx context.Context, name string) error {
	_, err := q.user(ctx, "remove", name)
	return err
}

func (q *Queue) user(ctx context.Context, what, name string, args ...any) ([]string, error) {
	keys := []string{q.key("user:" + name), q.key("users"), q.key("sessions:" + name)}
	reply, err := q.run(ctx, q.users, keys, append([]any{what, name, q.key("session:")}, args...)...)
	if err == nil && reply[0] == "NOTFOUND" {
		err = fmt.Errorf("user %s: %w", name, queue.ErrNotFound)
	}
	return reply, err
}

// User returns one user.
func (q *Queue) User(ctx context.Context, name string) (queue.User, error) {
	fields, err := q.record(ctx, "user", name)
	if err != nil {
		return queue.User{}, err
	}
	return userFrom(name, fields), nil
}

// Users lists all users by name.
func (q *Queue) Users(ctx context.Context) ([]queue.User, error) {
	records, err := q.records(ctx, "user")
	if err != nil {
		return nil, err
	}
	var all []queue.User
	for name, fields := range records {
		all = append(all, userFrom(name, fields))
	}
	slices.SortFunc(all, func(a, b queue.User) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

func userFrom(name string, f map[string]string) queue.User {
	return queue.User{
		Name: name, Role: queue.Role(f["role"]), Agent: queue.AgentID(f["agent"]), Endpoint: f["endpoint"], Switch: f["switch"],
		Language: f["language"], Disabled: f["disabled"] == "1", Password: f["password"], Changed: timeOf(f["changed"]),
	}
}

// timeOf reads a time that was written by us.
func timeOf(text string) time.Time {
	ms, _ := strconv.ParseInt(text, 10, 64)
	return time.UnixMilli(ms).UTC()
}
