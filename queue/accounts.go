package queue

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Accounts keeps the people who sign in, and where they are signed in.
type Accounts interface {
	Users
	Sessions
	Throttle
}

// Users keeps the users' records.
type Users interface {
	// PutUser adds a user or changes one. An empty password keeps the one that is
	// there, and is ErrNoPassword when there is none. With another password, or
	// disabled, every session of the user ends in the same write.
	PutUser(ctx context.Context, u User) error
	// ReplacePassword puts another digest in the place of the one that was checked.
	// ErrNotFound when that one is no longer there.
	ReplacePassword(ctx context.Context, c PasswordChange) error
	User(ctx context.Context, name string) (User, error) // ErrNotFound
	// Users lists all, by name.
	Users(ctx context.Context) ([]User, error)
	// RemoveUser removes one and ends all sessions; ErrNotFound.
	RemoveUser(ctx context.Context, name string) error
}

// PasswordChange replaces a password's digest.
type PasswordChange struct {
	User     string
	Old, New string // digests
	// EndOthers ends all sessions of the user but Keep: the password is another one.
	// Without it the same password got a better digest.
	EndOthers bool
	Keep      SessionID
	Now       time.Time
}

// Sessions keeps who is signed in. They survive the daemon.
type Sessions interface {
	// OpenSession begins one, of a user who is there, is not disabled and whose
	// password has still this digest; else ErrNotFound. Of a user's sessions the
	// newest MaxSessions are kept.
	OpenSession(ctx context.Context, s Session, password string) error
	// Session returns a session that goes on at now, with its user as the record is
	// now; else ErrNotFound. One that was not used for idle is over.
	Session(ctx context.Context, l SessionLook) (Session, User, error)
	// EndSession ends one; ending one that is over is no error.
	EndSession(ctx context.Context, id SessionID) error
}

// MaxSessions is how many sessions a user may have at once.
const MaxSessions = 10

// SessionLook asks for a session.
type SessionLook struct {
	ID   SessionID
	Now  time.Time
	Idle time.Duration // how long one lasts unused
	// Touch, if positive, counts this as a use. To spare writes it is noted only when
	// the last note is older than Touch.
	Touch time.Duration
}

// Throttle counts attempts, for all daemons together, in bounded memory: a count is
// forgotten when its time is over.
type Throttle interface {
	// Attempt counts one under the key. From limit on within window, which begins
	// with the first, it counts nothing and returns *ThrottledError.
	Attempt(ctx context.Context, key string, now time.Time, limit int, window time.Duration) error
	// Forgive takes one attempt back, all if all is true.
	Forgive(ctx context.Context, key string, all bool) error
}

// ErrNoPassword says that a new user was given none.
var ErrNoPassword = errors.New("the user is new and has no password")

// ThrottledError says for how long no attempt is taken.
type ThrottledError struct{ Wait time.Duration }

func (e *ThrottledError) Error() string {
	return fmt.Sprintf("too many attempts; the next one is taken in %s", e.Wait.Round(time.Second))
}
