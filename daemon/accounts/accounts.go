package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"time"

	"sambung/queue"
)

// ErrRefused answers every sign-in that is not right, whatever is not.
var ErrRefused = errors.New("name or password is not right")

// Limits of sessions and sign-ins.
type Limits struct {
	Idle     time.Duration // a session that is not used so long is over
	Absolute time.Duration // and so is one this old
	// Of sign-ins that failed, within Window: for one name from one address, from one
	// address, and for one name from anywhere. The last is far above the first: whoever
	// guesses at a name does not lock its owner out, but with many addresses.
	PerCaller, PerAddress, PerName int
	Window                         time.Duration
}

// DefaultLimits are the limits of sign-ins, and sessions for a working day.
func DefaultLimits() Limits {
	return Limits{Idle: time.Hour, Absolute: 12 * time.Hour, PerCaller: 10, PerAddress: 50, PerName: 100, Window: 15 * time.Minute}
}

// hashesAtOnce bounds the memory that checking passwords takes: 2 × 64 MiB.
const hashesAtOnce = 2

// Keeper lets people in. Make it with New.
type Keeper struct {
	store  queue.Accounts
	limits Limits
	hashes *hasher
	now    func() time.Time
	log    *slog.Logger
}

// New makes one. The log takes names of users that exist, and never what was typed.
func New(store queue.Accounts, limits Limits, p Parameters, now func() time.Time, log *slog.Logger) *Keeper {
	return &Keeper{store: store, limits: limits, hashes: newHasher(p, hashesAtOnce), now: now, log: log}
}

// Session is one as a request under it needs it.
type Session struct {
	Secret  Secret
	User    queue.User
	Expires time.Time // if it is not used
}

// touch is how exactly the last use of a session is noted.
func (k *Keeper) touch() time.Duration { return min(k.limits.Idle/20, time.Minute) }

func (k *Keeper) session(secret Secret, s queue.Session, u queue.User) Session {
	expires := s.Seen.Add(k.limits.Idle)
	if s.Until.Before(expires) {
		expires = s.Until
	}
	return Session{Secret: secret, User: u, Expires: expires}
}

// SignIn opens a session. Errors: ErrRefused, *queue.ThrottledError, and those of
// the store. What was counted is taken back when the password was right.
func (k *Keeper) SignIn(ctx context.Context, name, password string, from netip.Addr) (Session, error) {
	counts := k.counts(name, from)
	for _, c := range counts {
		if err := k.store.Attempt(ctx, c.key, k.now(), c.limit, k.limits.Window); err != nil {
			return Session{}, err
		}
	}
	u, err := k.checked(ctx, name, password)
	if err != nil {
		return Session{}, err
	}
	s, err := k.open(ctx, u)
	if err != nil {
		return Session{}, err
	}
	k.log.Info("signed in", "user", u.Name)
	for _, c := range counts {
		err = errors.Join(err, k.store.Forgive(ctx, c.key, c.clear))
	}
	return s, err
}

// count is one that a sign-in counts against.
type count struct {
	key   string
	limit int
	clear bool // by a sign-in that was right; else that one alone is taken back
}

// counts are in the order in which they refuse. What one refuses, those after it do
// not count: from one address little can be made of the count that is the name's.
func (k *Keeper) counts(name string, from netip.Addr) []count {
	byName, byAddress := nameKey(name), addressKey(from)
	return []count{
		{byName + ":" + byAddress, k.limits.PerCaller, true}, {byAddress, k.limits.PerAddress, false}, {byName, k.limits.PerName, false},
	}
}

// checked finds the user whose password it is. Whoever there is not costs the same.
func (k *Keeper) checked(ctx context.Context, name, password string) (queue.User, error) {
	u, err := k.store.User(ctx, name)
	if err != nil && !errors.Is(err, queue.ErrNotFound) {
		return queue.User{}, err
	}
	if len(password) > MaxPassword {
		password = "" // nobody's
	}
	right, outdated, err := k.hashes.check(ctx, password, u.Password)
	switch {
	case err != nil:
		return queue.User{}, fmt.Errorf("checking a password: %w", err)
	case !right || u.Disabled:
		return queue.User{}, ErrRefused
	case outdated:
		return k.renew(ctx, u, password)
	}
	return u, nil
}

// renew gives a password a digest of our parameters.
func (k *Keeper) renew(ctx context.Context, u queue.User, password string) (queue.User, error) {
	better, err := k.hashes.make(ctx, password)
	if err != nil {
		return u, err
	}
	err = k.store.ReplacePassword(ctx, queue.PasswordChange{User: u.Name, Old: u.Password, New: better, Now: k.now()})
	if errors.Is(err, queue.ErrNotFound) { // changed meanwhile
		return u, ErrRefused
	}
	u.Password = better
	return u, err
}

func (k *Keeper) open(ctx context.Context, u queue.User) (Session, error) {
	secret, now := newSecret(), k.now()
	s := queue.Session{ID: secret.id(), User: u.Name, Opened: now, Seen: now, Until: now.Add(k.limits.Absolute)}
	err := k.store.OpenSession(ctx, s, u.Password)
	if errors.Is(err, queue.ErrNotFound) { // disabled or changed meanwhile
		return Session{}, ErrRefused
	}
	return k.session(secret, s, u), err
}

// Look returns the session of a secret; queue.ErrNotFound. use says that its user
// does something, which keeps it from running out.
func (k *Keeper) Look(ctx context.Context, secret Secret, use bool) (Session, error) {
	look := queue.SessionLook{ID: secret.id(), Now: k.now(), Idle: k.limits.Idle}
	if use {
		look.Touch = k.touch()
	}
	s, u, err := k.store.Session(ctx, look)
	if err != nil {
		return Session{}, err
	}
	return k.session(secret, s, u), nil
}

// SignOut ends a session.
func (k *Keeper) SignOut(ctx context.Context, s Session) error {
	return k.store.EndSession(ctx, s.Secret.id())
}

// ChangePassword replaces the user's own password and ends the other sessions.
// Errors: ErrRefused when current is not right, *queue.ThrottledError.
func (k *Keeper) ChangePassword(ctx context.Context, s Session, current, password string) error {
	key := "present-" + nameKey(s.User.Name) // of those who are signed in already
	if err := k.store.Attempt(ctx, key, k.now(), k.limits.PerCaller, k.limits.Window); err != nil {
		return err
	}
	u, err := k.checked(ctx, s.User.Name, current)
	if err != nil {
		return err
	}
	changed, err := k.hashes.make(ctx, password)
	if err != nil {
		return err
	}
	err = k.store.ReplacePassword(ctx, queue.PasswordChange{
		User: u.Name, Old: u.Password, New: changed, EndOthers: true, Keep: s.Secret.id(), Now: k.now(),
	})
	if errors.Is(err, queue.ErrNotFound) {
		return ErrRefused
	}
	k.log.Info("a password was changed by its user", "user", u.Name)
	return errors.Join(err, k.store.Forgive(ctx, key, true))
}

// Put adds a user or changes one; an empty password keeps the one that is there.
func (k *Keeper) Put(ctx context.Context, u queue.User, password string) error {
	u.Password, u.Changed = "", k.now()
	if password != "" {
		made, err := k.hashes.make(ctx, password)
		if err != nil {
			return err
		}
		u.Password = made
	}
	return k.store.PutUser(ctx, u)
}

// nameKey and addressKey are digests: what was typed may be anything, a password too.
func nameKey(name string) string { return "name:" + short(strings.ToLower(name)) }

// addressKey counts a network of IPv6 as one: whoever has an address has all of it.
func addressKey(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if network, err := a.Prefix(64); err == nil {
			return "address:" + short(network.String())
		}
	}
	return "address:" + short(a.String())
}

func short(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:12])
}
