package queuetest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"sambung/queue"
)

func (b *bench) user(name string, change func(*queue.User)) queue.User {
	b.Helper()
	u := queue.User{Name: name, Role: queue.RoleSupervisor, Password: "digest of " + name, Changed: b.now.UTC()}
	if change != nil {
		change(&u)
	}
	if err := b.q.PutUser(b.ctx, u); err != nil {
		b.Fatal(err)
	}
	return u
}

func (b *bench) userRecords() {
	if err := b.q.PutUser(b.ctx, queue.User{Name: "rina", Role: queue.RoleQA, Changed: b.now}); !errors.Is(err, queue.ErrNoPassword) {
		b.Fatalf("a new user without a password: %v", err)
	}
	if all, err := b.q.Users(b.ctx); err != nil || len(all) != 0 {
		b.Fatalf("what was refused left %v, %v", all, err)
	}
	sari := b.user("sari", func(u *queue.User) { u.Endpoint, u.Switch, u.Language = "PJSIP/spv-1", "pbx1", "en" })
	agus := b.user("agus", func(u *queue.User) { u.Role, u.Agent = queue.RoleAgent, "agent-1" })
	if all, err := b.q.Users(b.ctx); err != nil || len(all) != 2 || all[0] != agus || all[1] != sari {
		b.Errorf("users = %+v, %v; want %+v, %+v", all, err, agus, sari)
	}
	changed := sari
	changed.Role, changed.Endpoint, changed.Switch, changed.Disabled, changed.Password = queue.RoleQA, "", "", true, ""
	if err := b.q.PutUser(b.ctx, changed); err != nil {
		b.Fatal(err)
	}
	changed.Password = sari.Password // kept
	if got, err := b.q.User(b.ctx, "sari"); err != nil || got != changed {
		b.Errorf("changed: %+v, %v; want %+v", got, err, changed)
	}
	if err := b.q.RemoveUser(b.ctx, "sari"); err != nil {
		b.Error(err)
	}
	if err := b.q.RemoveUser(b.ctx, "sari"); !errors.Is(err, queue.ErrNotFound) {
		b.Errorf("removed twice: %v", err)
	}
	if _, err := b.q.User(b.ctx, "sari"); !errors.Is(err, queue.ErrNotFound) {
		b.Errorf("who was removed is there: %v", err)
	}
	if all, err := b.q.Users(b.ctx); err != nil || len(all) != 1 {
		b.Errorf("users = %+v, %v; want agus alone", all, err)
	}
}

func (b *bench) passwords() {
	b.user("sari", nil)
	keep, other := b.open("sari", "s1"), b.open("sari", "s2")
	change := queue.PasswordChange{User: "sari", Old: "digest of sari", New: "better digest", Now: b.now}
	if err := b.q.ReplacePassword(b.ctx, change); err != nil {
		b.Fatal(err)
	}
	b.wantSession(keep, true)
	b.wantSession(other, true) // the password is the same
	if err := b.q.ReplacePassword(b.ctx, queue.PasswordChange{User: "sari", Old: "digest of sari", New: "mine", Now: b.now}); !errors.Is(err, queue.ErrNotFound) {
		b.Errorf("another was set meanwhile: %v", err)
	}
	change = queue.PasswordChange{User: "sari", Old: "better digest", New: "another", EndOthers: true, Keep: keep.ID, Now: b.now}
	if err := b.q.ReplacePassword(b.ctx, change); err != nil {
		b.Fatal(err)
	}
	b.wantSession(keep, true)
	b.wantSession(other, false)
	if got, err := b.q.User(b.ctx, "sari"); err != nil || got.Password != "another" || got.Role != queue.RoleSupervisor {
		b.Errorf("after the change: %+v, %v", got, err)
	}
	if err := b.q.ReplacePassword(b.ctx, queue.PasswordChange{User: "nobody", Old: "", New: "x", Now: b.now}); !errors.Is(err, queue.ErrNotFound) {
		b.Errorf("of nobody: %v", err)
	}
	if err := b.q.OpenSession(b.ctx, queue.Session{ID: "late", User: "sari", Opened: b.now, Until: b.now.Add(time.Hour)}, "better digest"); !errors.Is(err, queue.ErrNotFound) {
		b.Errorf("signed in with the password of before: %v", err)
	}
}

// open begins a session of an hour.
func (b *bench) open(user, id string) queue.Session {
	b.Helper()
	s := queue.Session{ID: queue.SessionID(id), User: user, Opened: b.now.UTC(), Seen: b.now.UTC(), Until: b.now.UTC().Add(time.Hour)}
	u, err := b.q.User(b.ctx, user)
	if err == nil {
		err = b.q.OpenSession(b.ctx, s, u.Password)
	}
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func (b *bench) look(id queue.SessionID, touch time.Duration) (queue.Session, queue.User, error) {
	return b.q.Session(b.ctx, queue.SessionLook{ID: id, Now: b.now, Idle: 10 * time.Minute, Touch: touch})
}

func (b *bench) wantSession(want queue.Session, there bool) {
	b.Helper()
	got, u, err := b.look(want.ID, 0)
	switch {
	case there && (err != nil || got != want || u.Name != want.User):
		b.Errorf("session %s: %+v of %s, %v; want %+v", want.ID, got, u.Name, err, want)
	case !there && !errors.Is(err, queue.ErrNotFound):
		b.Errorf("session %s: %+v, %v; want none", want.ID, got, err)
	}
}

func (b *bench) sessions() {
	sari := b.user("sari", func(u *queue.User) { u.Language = "id" })
	s := b.open("sari", "s1")
	if got, u, err := b.look("s1", 0); err != nil || got != s || u != sari {
		b.Fatalf("%+v of %+v, %v; want %+v of %+v", got, u, err, s, sari)
	}
	b.now = b.now.Add(9 * time.Minute)
	b.wantSession(s, true)
	if got, _, err := b.look("s1", 10*time.Minute); err != nil || got != s {
		b.Errorf("noted already: %+v, %v", got, err)
	}
	s.Seen = b.now.UTC()
	if got, _, err := b.look("s1", time.Minute); err != nil || got != s {
		b.Errorf("used: %+v, %v; want %+v", got, err, s)
	}
	b.now = b.now.Add(9 * time.Minute)
	b.wantSession(s, true)
	b.now = b.now.Add(time.Minute)
	b.wantSession(s, false) // idle
	b.now = b.now.Add(-time.Minute)
	b.wantSession(s, false) // and over for good

	s = b.open("sari", "s2")
	for range 7 {
		b.now = b.now.Add(8 * time.Minute)
		if _, _, err := b.look("s2", time.Millisecond); err != nil {
			b.Fatalf("in use: %v", err)
		}
	}
	b.now = s.Until
	b.wantSession(s, false) // used or not
	s = b.open("sari", "s3")
	for range 2 {
		if err := b.q.EndSession(b.ctx, "s3"); err != nil {
			b.Error(err)
		}
		b.wantSession(s, false)
	}
}

func (b *bench) sessionsEnd() {
	for _, c := range []struct {
		what string
		end  func(queue.User) error
		goes bool // the session goes on
	}{
		{"disabled", func(u queue.User) error { u.Disabled, u.Password = true, ""; return b.q.PutUser(b.ctx, u) }, false},
		{"given another password", func(u queue.User) error { u.Password = "another"; return b.q.PutUser(b.ctx, u) }, false},
		{"removed", func(u queue.User) error { return b.q.RemoveUser(b.ctx, u.Name) }, false},
		{"of another role", func(u queue.User) error { u.Role, u.Password = queue.RoleQA, ""; return b.q.PutUser(b.ctx, u) }, true},
	} {
		u, other := b.user("sari", nil), b.user("tono", nil)
		mine, theirs := b.open(u.Name, "s-"+c.what), b.open(other.Name, "t-"+c.what)
		if err := c.end(u); err != nil {
			b.Fatal(err)
		}
		b.wantSession(mine, c.goes)
		b.wantSession(theirs, true)
		if c.goes {
			if _, now, err := b.look(mine.ID, 0); err != nil || now.Role != queue.RoleQA {
				b.Errorf("%s: the session has %s, %v", c.what, now.Role, err)
			}
		}
		if c.what == "disabled" {
			s := queue.Session{ID: "again", User: "sari", Opened: b.now, Until: b.now.Add(time.Hour)}
			if err := b.q.OpenSession(b.ctx, s, u.Password); !errors.Is(err, queue.ErrNotFound) {
				b.Errorf("a disabled user signed in: %v", err)
			}
		}
		b.user("sari", nil) // enabled again: what was ended stays ended
		b.wantSession(mine, c.goes)
	}
}

func (b *bench) manySessions() {
	b.user("sari", nil)
	var all []queue.Session
	for i := range queue.MaxSessions + 2 {
		b.now = b.now.Add(time.Second)
		all = append(all, b.open("sari", fmt.Sprint("s", i)))
	}
	for i, s := range all {
		b.wantSession(s, i >= 2)
	}
}

func (b *bench) attempts() {
	attempt := func() error { return b.q.Attempt(b.ctx, "name:sari", b.now, 3, time.Minute) }
	for range 3 {
		if err := attempt(); err != nil {
			b.Fatal(err)
		}
	}
	b.now = b.now.Add(15 * time.Second)
	var limited *queue.ThrottledError
	if err := attempt(); !errors.As(err, &limited) || limited.Wait != 45*time.Second {
		b.Fatalf("the fourth: %v", err)
	}
	if err := b.q.Attempt(b.ctx, "name:tono", b.now, 3, time.Minute); err != nil {
		b.Errorf("of another key: %v", err)
	}
	if err := b.q.Forgive(b.ctx, "name:sari", false); err != nil {
		b.Fatal(err)
	}
	if err := attempt(); err != nil {
		b.Errorf("one was taken back: %v", err)
	}
	if err := attempt(); !errors.As(err, &limited) {
		b.Errorf("one was taken back, two were made: %v", err)
	}
	b.now = b.now.Add(45 * time.Second)
	if err := attempt(); err != nil {
		b.Errorf("the time is over: %v", err)
	}
	for range 3 {
		_ = attempt()
	}
	if err := b.q.Forgive(b.ctx, "name:sari", true); err != nil {
		b.Fatal(err)
	}
	if err := attempt(); err != nil {
		b.Errorf("all were taken back: %v", err)
	}
	if err := b.q.Forgive(b.ctx, "name:nobody", false); err != nil {
		b.Error(err)
	}
}

func (b *bench) attemptsAtOnce() {
	var (
		trying sync.WaitGroup
		mu     sync.Mutex
		taken  int
	)
	for range 20 {
		trying.Go(func() {
			if b.q.Attempt(b.ctx, "address:192.0.2.1", b.now, 5, time.Minute) == nil {
				mu.Lock()
				defer mu.Unlock()
				taken++
			}
		})
	}
	trying.Wait()
	if taken != 5 {
		b.Errorf("%d attempts were taken, want 5", taken)
	}
}
