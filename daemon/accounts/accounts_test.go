package accounts_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"sambung/daemon/accounts"
	"sambung/queue"
	"sambung/queue/redisqueue"
)

const password = "kuda nil berdansa"

var (
	cheap  = accounts.Parameters{Time: 1, Memory: 64, Threads: 1}
	office = netip.MustParseAddr("192.0.2.7")
	limits = accounts.Limits{Idle: time.Hour, Absolute: 12 * time.Hour, PerCaller: 3, PerAddress: 6, PerName: 9, Window: 15 * time.Minute}
)

// site is a keeper over a ledger in the process, with a clock that the test moves.
type site struct {
	*testing.T
	*accounts.Keeper
	server *miniredis.Miniredis
	store  *redisqueue.Queue
	now    time.Time
	log    bytes.Buffer
}

func newSite(t *testing.T) *site {
	s := &site{T: t, server: miniredis.RunT(t), now: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)}
	var err error
	s.store, err = redisqueue.Open(t.Context(), redisqueue.Options{Addrs: []string{s.server.Addr()}, Site: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.store.Close() })
	s.Keeper = s.with(cheap)
	s.put(queue.User{Name: "sari", Role: queue.RoleSupervisor}, password)
	return s
}

func (s *site) with(p accounts.Parameters) *accounts.Keeper {
	return accounts.New(s.store, limits, p, func() time.Time { return s.now }, slog.New(slog.NewTextHandler(&s.log, nil)))
}

func (s *site) put(u queue.User, password string) {
	s.Helper()
	if err := s.Put(s.Context(), u, password); err != nil {
		s.Fatal(err)
	}
}

func (s *site) signIn(name, password string, from netip.Addr) (accounts.Session, error) {
	return s.SignIn(s.Context(), name, password, from)
}

func (s *site) in() accounts.Session {
	s.Helper()
	session, err := s.signIn("sari", password, office)
	if err != nil {
		s.Fatal(err)
	}
	return session
}

func (s *site) there(session accounts.Session) bool {
	s.Helper()
	_, err := s.Look(s.Context(), session.Secret, false)
	if err != nil && !errors.Is(err, queue.ErrNotFound) {
		s.Fatal(err)
	}
	return err == nil
}

func TestWhoIsNotLetInLearnsNothing(t *testing.T) {
	s := newSite(t)
	s.put(queue.User{Name: "tono", Role: queue.RoleQA, Disabled: true}, password)
	for _, c := range []struct{ name, password string }{
		{"sari", "another password"}, {"sari", ""}, {"nobody", password}, {"nobody", ""}, {"tono", password}, {"", ""}, {"sari", strings.Repeat("x", 1<<16)},
	} {
		s.now = s.now.Add(limits.Window) // counting begins anew
		if _, err := s.signIn(c.name, c.password, office); !errors.Is(err, accounts.ErrRefused) || err.Error() != accounts.ErrRefused.Error() {
			t.Errorf("%.20q, %.20q: %v", c.name, c.password, err)
		}
	}
	if strings.Contains(s.log.String(), "another password") || strings.Contains(s.log.String(), "nobody") {
		t.Errorf("the log tells what was typed: %s", s.log.String())
	}
}

func TestTheLedgerLetsNobodyIn(t *testing.T) {
	s := newSite(t)
	session := s.in()
	dump := s.server.Dump()
	for what, secret := range map[string]string{"the session": string(session.Secret), "its token": session.Secret.CSRF(), "the password": password} {
		if strings.Contains(dump, secret) {
			t.Errorf("the ledger holds %s", what)
		}
	}
	if !session.Secret.IsCSRF(session.Secret.CSRF()) || session.Secret.IsCSRF("") || s.in().Secret.IsCSRF(session.Secret.CSRF()) {
		t.Error("a token is of its session alone")
	}
}

func TestASessionEnds(t *testing.T) {
	s := newSite(t)
	session := s.in()
	if want := s.now.Add(time.Hour); !session.Expires.Equal(want) {
		t.Errorf("expires %s, want %s", session.Expires, want)
	}
	for range 12 { // in use all day
		s.now = s.now.Add(59 * time.Minute)
		if _, err := s.Look(t.Context(), session.Secret, true); err != nil {
			t.Fatalf("at %s: %v", s.now, err)
		}
	}
	s.now = s.now.Add(12 * time.Minute)
	if s.there(session) {
		t.Error("it is older than a session may be, and goes on")
	}
	session = s.in()
	s.now = s.now.Add(time.Hour)
	if s.there(session) {
		t.Error("it was not used for an hour, and goes on")
	}
	session = s.in()
	for range 2 {
		s.now = s.now.Add(40 * time.Minute)
		_, _ = s.Look(t.Context(), session.Secret, false) // a page that waits
	}
	if s.there(session) {
		t.Error("waiting counts as use")
	}
	session = s.in()
	if err := s.SignOut(t.Context(), session); err != nil || s.there(session) {
		t.Errorf("signed out, and there: %v", err)
	}
}

func TestGuessingIsSlowed(t *testing.T) {
	s := newSite(t)
	var slowed *queue.ThrottledError
	for range limits.PerCaller {
		if _, err := s.signIn("sari", "a guess", office); !errors.Is(err, accounts.ErrRefused) {
			t.Fatal(err)
		}
	}
	if _, err := s.signIn("SARI", password, office); !errors.As(err, &slowed) || slowed.Wait != limits.Window {
		t.Errorf("the name was guessed at from here often enough: %v", err)
	}
	for _, name := range []string{"a", "b", "c"} {
		_, _ = s.signIn(name, "a guess", office)
	}
	if _, err := s.signIn("d", "a guess", office); !errors.As(err, &slowed) {
		t.Errorf("the address guessed often enough: %v", err)
	}
	s.now = s.now.Add(limits.Window)
	for range 3 * limits.PerAddress { // who knows the password is never slowed
		s.in()
	}
	for i := range limits.PerAddress { // one network is one caller
		_, _ = s.signIn(string(rune('e'+i)), "a guess", netip.AddrFrom16([16]byte{0: 0x20, 1: 1, 15: byte(i)}))
	}
	if _, err := s.signIn("z", "a guess", netip.AddrFrom16([16]byte{0: 0x20, 1: 1, 15: 99})); !errors.As(err, &slowed) {
		t.Errorf("the network guessed often enough: %v", err)
	}
}

// Whoever guesses at a colleague's name, for as long as it pleases, does not keep the
// colleague out, who is at another address.
func TestNobodyLocksAColleagueOut(t *testing.T) {
	s := newSite(t)
	elsewhere := netip.MustParseAddr("192.0.2.8")
	for range 10 * limits.PerName {
		_, _ = s.signIn("sari", "a guess", office)
	}
	if _, err := s.signIn("sari", password, elsewhere); err != nil {
		t.Errorf("the owner, from elsewhere: %v", err)
	}
	if _, err := s.signIn("tono", "a guess", office); !errors.Is(err, accounts.ErrRefused) {
		t.Errorf("another name from the same address, which made %d guesses that count: %v", limits.PerCaller, err)
	}
}

// Guesses from many addresses are slowed by the name: it is those that lock it.
func TestGuessingFromManyAddressesIsSlowed(t *testing.T) {
	s := newSite(t)
	from := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{198, 51, 100, byte(i)}) }
	for i := range limits.PerName {
		if _, err := s.signIn("sari", "a guess", from(i)); !errors.Is(err, accounts.ErrRefused) {
			t.Fatal(err)
		}
	}
	var slowed *queue.ThrottledError
	if _, err := s.signIn("sari", password, from(100)); !errors.As(err, &slowed) {
		t.Errorf("the name was guessed at often enough: %v", err)
	}
	if _, err := s.signIn("tono", "a guess", from(100)); !errors.Is(err, accounts.ErrRefused) {
		t.Errorf("another name: %v", err)
	}
	s.now = s.now.Add(limits.Window)
	for range 3 * limits.PerName { // who knows the password is never slowed
		s.in()
	}
}

// Guesses of somebody who found a browser signed in do not lock its owner's name.
func TestThePresentPasswordIsCountedApart(t *testing.T) {
	s := newSite(t)
	session := s.in()
	var slowed *queue.ThrottledError
	for range limits.PerCaller {
		if err := s.ChangePassword(t.Context(), session, "a guess", "gajah naik sepeda"); !errors.Is(err, accounts.ErrRefused) {
			t.Fatal(err)
		}
	}
	if err := s.ChangePassword(t.Context(), session, password, "gajah naik sepeda"); !errors.As(err, &slowed) {
		t.Errorf("guessed often enough: %v", err)
	}
	s.in()
}

// What is counted is forgotten by the store itself: an attacker fills nothing up.
func TestCountsAreForgotten(t *testing.T) {
	s := newSite(t)
	before := len(s.server.Keys())
	for i := range limits.PerAddress {
		_, _ = s.signIn(strings.Repeat("x", i+1), "a guess", office)
	}
	if _, err := s.signIn("one more", "a guess", office); err == nil {
		t.Fatal("the address was not slowed")
	}
	if grown := len(s.server.Keys()) - before; grown != 2*limits.PerAddress+2 {
		t.Errorf("%d keys more, want one for each name that was tried, one for each from that address, and one for the address", grown)
	}
	s.server.FastForward(limits.Window)
	if left := len(s.server.Keys()) - before; left != 0 {
		t.Errorf("%d keys are left", left)
	}
}

func TestAChangedPasswordEndsTheOtherSessions(t *testing.T) {
	s := newSite(t)
	mine, other := s.in(), s.in()
	if err := s.ChangePassword(t.Context(), mine, "a guess", "gajah naik sepeda"); !errors.Is(err, accounts.ErrRefused) {
		t.Errorf("without the present one: %v", err)
	}
	if err := s.ChangePassword(t.Context(), mine, password, "gajah naik sepeda"); err != nil {
		t.Fatal(err)
	}
	if !s.there(mine) || s.there(other) {
		t.Errorf("mine is there: %v, the other: %v", s.there(mine), s.there(other))
	}
	if _, err := s.signIn("sari", password, office); !errors.Is(err, accounts.ErrRefused) {
		t.Errorf("the password of before: %v", err)
	}
	if _, err := s.signIn("sari", "gajah naik sepeda", office); err != nil {
		t.Error(err)
	}
	s.put(queue.User{Name: "sari", Role: queue.RoleSupervisor, Disabled: true}, "")
	if s.there(mine) {
		t.Error("disabled, and signed in")
	}
}

func TestADigestOfOlderParametersIsRenewedAtSignIn(t *testing.T) {
	s := newSite(t)
	session := s.in()
	before, err := s.store.User(t.Context(), "sari")
	if err != nil {
		t.Fatal(err)
	}
	s.Keeper = s.with(accounts.Parameters{Time: 2, Memory: 64, Threads: 1})
	if _, err := s.signIn("sari", "a guess", office); !errors.Is(err, accounts.ErrRefused) {
		t.Error(err)
	}
	s.in()
	after, err := s.store.User(t.Context(), "sari")
	if err != nil || after.Password == before.Password || !strings.HasPrefix(after.Password, "$argon2id$v=19$m=64,t=2,p=1$") {
		t.Errorf("%q became %q, %v", before.Password, after.Password, err)
	}
	if !s.there(session) {
		t.Error("the password is the same, and the session ended")
	}
	s.in()
}
