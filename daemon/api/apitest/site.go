// Package apitest is a daemon's API for tests, in the process: the real handler
// over the real ledger
// on a Redis in the process, with a clock that the test moves.
package apitest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/prometheus/client_golang/prometheus"

	"sambung/daemon/accounts"
	"sambung/daemon/api"
	"sambung/daemon/board"
	"sambung/daemon/custody"
	"sambung/daemon/dispatch"
	"sambung/daemon/evidence"
	"sambung/daemon/manual"
	"sambung/queue"
	"sambung/queue/intake"
	"sambung/queue/redisqueue"
	"sambung/queue/workhours"
	"sambung/storage"
	"sambung/storage/spool"
	"sambung/storage/storagetest"
	"sambung/telephony"
)

// Tokens by role; TokenAgent acts as agent-1, TokenOther as agent-2.
const (
	TokenAdmin      = "admin-token-0123456789abcdef012345"
	TokenSupervisor = "supervisor-token-0123456789abcdef0"
	TokenQA         = "qa-token-0123456789abcdef012345678"
	TokenAgent      = "agent-token-0123456789abcdef012345"
	TokenOther      = "other-token-0123456789abcdef012345"
)

// Switch is the configured switch.
const Switch = "asterisk-1"

// Start is the clock's first reading: a Monday, 09.00 WIB.
var Start = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// Site is one API with what it stands on.
type Site struct {
	URL      string
	Server   *httptest.Server
	Queue    *redisqueue.Queue
	Archive  *Archive
	Commands *Commands
	Filed    *storagetest.Memory // what was handed in through the API
	Registry *prometheus.Registry
	Log      *Log
	Deps     api.Deps

	mu    sync.Mutex
	now   time.Time // mu
	ready error     // mu
	made  int       // mu; follow-ups
}

// New starts one; it ends with the test. change, if not nil, alters what the
// handler is made of.
func New(t testing.TB, change func(*api.Deps)) *Site {
	t.Helper()
	s := &Site{
		Queue: openQueue(t), Archive: &Archive{objects: map[string][]byte{}}, Commands: &Commands{calls: map[queue.ID]bool{}},
		Filed:    storagetest.NewMemory(time.Now),
		Registry: prometheus.NewRegistry(), Log: &Log{}, now: Start,
	}
	logger := slog.New(slog.NewTextHandler(s.Log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.Deps = api.Deps{
		Queue: s.Queue, Intake: intake.Rules{Calendar: calendar(t), TimeLimit: time.Hour}, Policy: queue.DefaultPolicy(),
		Archive: s.Archive, Commands: s.Commands, Monitors: s.Commands, Manual: s.filer(t), Custody: custody.Keeper{Archive: s.Filed, Locker: s.Filed, Zone: time.FixedZone("WIB", 7*3600), Now: s.Now},
		Board:    board.New(board.Config{Queue: s.Queue, Policy: queue.DefaultPolicy(), Calendar: calendar(t), Zone: time.FixedZone("WIB", 7*3600), Now: s.Now}),
		Evidence: evidence.Prover{Archive: s.Filed, Zone: time.FixedZone("WIB", 7*3600)}, Links: s.Archive, Zone: time.FixedZone("WIB", 7*3600),
		Switches: []string{Switch}, Registry: s.Registry,
		Calendar: calendar(t), Telephones: Telephones{}, Inspector: Inspector{},
		Limits:   api.CallLimits{Mute: 90 * time.Second, WrapUp: 3 * time.Minute},
		Accounts: accounts.New(s.Queue, accounts.DefaultLimits(), accounts.Parameters{Time: 1, Memory: 64, Threads: 1}, s.Now, logger),
		Now:      s.Now, Ready: s.readiness,
		Surroundings: func() api.Surroundings {
			return api.Surroundings{Archive: "reached", Switches: map[string]string{Switch: "served"}}
		}, Log: logger,
		Tokens: []api.Token{
			api.NewToken("operator", api.RoleAdmin, "", TokenAdmin), api.NewToken("co-supervisor", api.RoleSupervisor, "", TokenSupervisor),
			api.NewToken("quality", api.RoleQA, "", TokenQA), api.NewToken("desk-1", api.RoleAgent, "agent-1", TokenAgent),
			api.NewToken("desk-2", api.RoleAgent, "agent-2", TokenOther),
		},
	}
	if change != nil {
		change(&s.Deps)
	}
	handler, err := api.New(s.Deps)
	if err != nil {
		t.Fatal(err)
	}
	s.Server = httptest.NewServer(handler)
	t.Cleanup(func() { s.Server.CloseClientConnections(); s.Server.Close() })
	s.URL = s.Server.URL
	return s
}

// filer is the real one, over an archive in memory.
func (s *Site) filer(t testing.TB) *manual.Filer {
	disk, err := spool.Open(t.TempDir(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = disk.Close() })
	return &manual.Filer{
		Queue: s.Queue, Archive: s.Filed, Spool: disk, Policy: queue.DefaultPolicy(), Calendar: calendar(t),
		Zone: time.FixedZone("WIB", 7*3600), Now: s.Now,
	}
}

func openQueue(t testing.TB) *redisqueue.Queue {
	server := miniredis.RunT(t)
	q, err := redisqueue.Open(context.Background(), redisqueue.Options{Addrs: []string{server.Addr()}, Site: "test", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	return q
}

// calendar is Monday to Friday, 08.00 to 16.00 WIB, with two holidays a year.
func calendar(t testing.TB) *workhours.Calendar {
	const office = "zone: Asia/Jakarta\nweek:\n  monday: [08:00-16:00]\n  tuesday: [08:00-16:00]\n" +
		"  wednesday: [08:00-16:00]\n  thursday: [08:00-16:00]\n  friday: [08:00-16:00]\n"
	const year = "year: %[1]d\nstatus: final\ndecree: none\nholidays:\n" +
		"  - {date: %[1]d-01-01, kind: national, name: Tahun Baru}\n  - {date: %[1]d-12-25, kind: national, name: Hari Raya Natal}\n"
	files := fstest.MapFS{"office.yaml": {Data: []byte(office)}}
	for y := 2025; y <= 2028; y++ {
		files[fmt.Sprintf("holidays-%d.yaml", y)] = &fstest.MapFile{Data: fmt.Appendf(nil, year, y)}
	}
	c, err := workhours.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Now reads the clock.
func (s *Site) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Advance moves the clock.
func (s *Site) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// SetReady lets /readyz say that.
func (s *Site) SetReady(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready = err
}

func (s *Site) readiness(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ready
}

// Commands notes what was asked of calls; a follow-up has a call once Live was told.
type Commands struct {
	mu       sync.Mutex
	calls    map[queue.ID]bool
	given    []telephony.Command
	monitors map[queue.ID]Monitored
}

// Live says whether the follow-up has a call.
func (c *Commands) Live(id queue.ID, live bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls[id] = live
}

// Given lists what was asked, in order.
func (c *Commands) Given() []telephony.Command {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]telephony.Command(nil), c.given...)
}

// Command implements api.Commands.
func (c *Commands) Command(_ context.Context, id queue.ID, command telephony.Command) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.calls[id] {
		return fmt.Errorf("follow-up %s: %w", id, dispatch.ErrNoCall)
	}
	c.given = append(c.given, command)
	return nil
}

// Archive keeps objects in memory.
type Archive struct {
	mu      sync.Mutex
	objects map[string][]byte
}

// Put stores an object and returns its hash. Other content under the same key is
// what a corrupt archive looks like.
func (a *Archive) Put(key string, content []byte) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.objects[key] = content
	return hash(content)
}

func hash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// Get implements api.Recordings.
func (a *Archive) Get(_ context.Context, key string) (io.ReadCloser, storage.Object, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	content, ok := a.objects[key]
	if !ok {
		return nil, storage.Object{}, storage.ErrNotFound
	}
	return io.NopCloser(bytes.NewReader(content)), storage.Object{Key: key, Size: int64(len(content)), SHA256: hash(content)}, nil
}

// Link implements storage.Linker: what a server would be asked.
func (a *Archive) Link(_ context.Context, key, name string, lasts time.Duration) (string, error) {
	return fmt.Sprintf("https://archive.example/%s?name=%s&seconds=%.0f", key, name, lasts.Seconds()), nil
}

// Log collects what was logged.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
