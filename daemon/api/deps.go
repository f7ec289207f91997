package api

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sambung/daemon/accounts"
	"sambung/daemon/evidence"
	"sambung/queue"
	"sambung/queue/intake"
	"sambung/queue/workhours"
	"sambung/storage"
	"sambung/storage/dossier"
	"sambung/telephony"
)

// Queue is what the API needs of the ledger.
type Queue interface {
	queue.Ledger
	queue.Agents
	queue.Events
	queue.Users
	queue.Dossiers
}

// Recordings opens archived recordings.
type Recordings interface {
	// Get opens an object; storage.ErrNotFound.
	Get(ctx context.Context, key string) (io.ReadCloser, storage.Object, error)
}

// Custody keeps what happens to sealed dossiers; see [custody.Keeper].
type Custody interface {
	// Add appends a link; custody.ErrNotSealed.
	Add(ctx context.Context, s queue.State, actor queue.Actor, act dossier.Act, object, remarks string) (dossier.CustodyLink, error)
	// Hold puts all objects of a dossier under legal hold or releases them, and
	// returns how many; custody.ErrNotSealed, storage.ErrNoLock.
	Hold(ctx context.Context, s queue.State, actor queue.Actor, on bool, reason string) (dossier.CustodyLink, int, error)
	// Chain reads and checks all links; custody.ErrNotSealed, dossier.ErrBroken.
	Chain(ctx context.Context, s queue.State) ([]dossier.CustodyLink, error)
}

// Evidence proves sealed dossiers; see [evidence.Prover].
type Evidence interface {
	// Prove compares a whole dossier with what was sealed; evidence.ErrNothing.
	Prove(ctx context.Context, s queue.State) (evidence.Verdict, error)
}

// Board is the supervisor's wall; see [board.Keeper].
type Board interface {
	// JSON is the wall as it is, or was a moment ago.
	JSON(ctx context.Context) ([]byte, error)
}

// Commands reaches the calls under way.
type Commands interface {
	// Command passes c on to the call of a follow-up. The error wraps
	// dispatch.ErrNoCall where this daemon carries none.
	Command(ctx context.Context, id queue.ID, c telephony.Command) error
}

// Deps is everything the API stands on. All but the flags are required.
type Deps struct {
	Queue Queue
	// Intake judges submissions and edits; its calendar also tells office hours.
	Intake   intake.Rules
	Policy   queue.Policy
	Archive  Recordings
	Commands Commands
	Monitors Monitors
	Manual   Manual
	Custody  Custody
	Board    Board
	Evidence Evidence
	// Links hands out addresses of recordings.
	Links storage.Linker
	// Zone is the office's.
	Zone *time.Location
	// Ready says why the daemon cannot do its work now, or nil.
	Ready func(context.Context) error
	// Surroundings tells what was last seen of the archive and the switches.
	Surroundings func() Surroundings
	// Switches are the names of the configured switches.
	Switches []string
	Tokens   []Token
	// Calendar is that of the office, for pages to compute with.
	Calendar *workhours.Calendar
	// Limits are those of every call, for pages to count down.
	Limits CallLimits
	// Telephones knows those in browsers.
	Telephones Telephones
	// Inspector looks at the installation.
	Inspector Inspector
	// Accounts lets people in.
	Accounts *accounts.Keeper
	// Secure says that browsers come by TLS: their cookies go no other way.
	Secure bool
	// Proxied says that a proxy in front adds the caller's address to X-Forwarded-For.
	Proxied bool
	// Closing is closed when the daemon stops: streams of events end then, and what else
	// is under way may finish. Nil: never.
	Closing <-chan struct{}
	// Registry takes the API's metrics and is served under /metrics.
	Registry *prometheus.Registry
	Now      func() time.Time
	Log      *slog.Logger
}
