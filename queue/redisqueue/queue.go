package redisqueue

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"sambung/queue"
)

// Limits of the store.
const (
	callLimit    = 3 * time.Second // one command or script
	tries        = 3               // of a script whose reply was lost, and of a read
	noRetries    = -1              // a script must not run again but under its operation id
	replySeconds = 3600            // how long the reply of an operation is kept
	keepIdemKeys = 7 * 24 * time.Hour
	// blockSlice is the longest blocking read: one is not interrupted by the end
	// of its context, so stopping waits for it.
	blockSlice = time.Second
)

// Options say where the Redis is and whose ledger it keeps.
type Options struct {
	// Addrs of the server, of the Sentinels (with MasterName), or of a cluster.
	Addrs      []string
	MasterName string
	Username   string
	Password   string
	DB         int
	TLS        *tls.Config
	// Site is part of every key: 1 to 32 characters of [a-z0-9-].
	Site string
	// Log may be nil.
	Log *slog.Logger
	// Volatile lets Check pass a store that forgets everything with its process:
	// for demonstrations, and for nothing else.
	Volatile bool
	// Guarded keeps claims from a server until it is trusted, see Trust.
	Guarded bool
	// IntakeIdle is after how long an entry of the intake stream that a daemon
	// took and did not finish is tried again; 0 means 30 seconds.
	IntakeIdle time.Duration
}

// Queue is the ledger of one site. Make it with Open; Close it.
type Queue struct {
	client   redis.UniversalClient // writes, which it never repeats by itself
	reading  redis.UniversalClient // reads, repeated when a connection fails
	waiting  redis.UniversalClient // blocking reads, which hold their connections
	claiming redis.UniversalClient // claims, which reach only a server that is trusted
	connect  func(retries int, read time.Duration, admit func(context.Context, *redis.Conn) error) redis.UniversalClient
	prefix   string
	log      *slog.Logger

	guarded    bool
	replicated bool // acknowledged writes can be lost by a failover
	serverMu   sync.Mutex
	server     server  // serverMu; the one that was read or written last
	trusted    trusted // serverMu; what claims may reach
	behind     []kept  // serverMu; writes that did not fit what the server has
	triedAt    string  // serverMu; the count of comebacks at which they were tried last
	keptMu     sync.Mutex
	kept       []kept       // keptMu; writes, the oldest first
	epochSeen  atomic.Int64 // the highest

	volatile   bool
	intakeIdle time.Duration

	commits   *redis.Script
	claims    *redis.Script
	releases  *redis.Script
	leases    *redis.Script
	agents    *redis.Script
	listing   *redis.Script
	reviews   *redis.Script
	users     *redis.Script
	sessions  *redis.Script
	throttles *redis.Script
}

var _ queue.Queue = (*Queue)(nil)

//go:embed commit.lua
var commitSource string

//go:embed claim.lua
var claimSource string

//go:embed release.lua
var releaseSource string

//go:embed lease.lua
var leaseSource string

//go:embed agents.lua
var agentsSource string

//go:embed listing.lua
var listingSource string

//go:embed reviews.lua
var reviewsSource string

//go:embed users.lua
var usersSource string

//go:embed sessions.lua
var sessionsSource string

//go:embed throttle.lua
var throttleSource string

var siteName = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

// Open connects and makes sure that the server answers.
func Open(ctx context.Context, o Options) (*Queue, error) {
	if !siteName.MatchString(o.Site) {
		return nil, fmt.Errorf("site %q: want 1 to 32 characters of a-z, 0-9 and -", o.Site)
	}
	if len(o.Addrs) == 0 {
		return nil, errors.New("no Redis address: want host:port")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	client := func(retries int, read time.Duration, admit func(context.Context, *redis.Conn) error) redis.UniversalClient {
		return redis.NewUniversalClient(&redis.UniversalOptions{
			OnConnect: admit,
			Addrs:     o.Addrs, MasterName: o.MasterName, Username: o.Username, Password: o.Password, DB: o.DB, TLSConfig: o.TLS,
			MaxRetries:  retries,
			DialTimeout: callLimit, ReadTimeout: read, WriteTimeout: callLimit, ContextTimeoutEnabled: true,
		})
	}
	q := &Queue{
		connect: client, waiting: client(noRetries, blockSlice+callLimit, nil),
		prefix: "{sambung:" + o.Site + "}:", log: o.Log, volatile: o.Volatile, guarded: o.Guarded, replicated: o.MasterName != "",
		intakeIdle: cmp.Or(o.IntakeIdle, 30*time.Second),
		commits:    redis.NewScript(commitSource), claims: redis.NewScript(claimSource), releases: redis.NewScript(releaseSource),
		leases: redis.NewScript(leaseSource), agents: redis.NewScript(agentsSource), listing: redis.NewScript(listingSource),
		reviews: redis.NewScript(reviewsSource), users: redis.NewScript(usersSource), sessions: redis.NewScript(sessionsSource), throttles: redis.NewScript(throttleSource),
	}
	q.client, q.reading = client(noRetries, callLimit, q.admit), client(tries-1, callLimit, q.admit)
	q.claiming = client(noRetries, callLimit, q.admitClaims)
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	if err := q.client.Ping(ctx).Err(); err != nil {
		return nil, errors.Join(fmt.Errorf("the Redis server at %v does not answer: %w", o.Addrs, err), q.Close())
	}
	return q, nil
}

// Close gives the connections up.
func (q *Queue) Close() error {
	return errors.Join(q.client.Close(), q.reading.Close(), q.waiting.Close(), q.claiming.Close())
}

func (q *Queue) key(name string) string { return q.prefix + name }

// operation names one mutation; repeating it under the same name does nothing twice.
func operation() string { return rand.Text() }

// operationKey is where the reply of a mutation is kept that leaves its name nowhere else.
func (q *Queue) operationKey() string { return q.key("op:" + operation()) }

// run runs a script and returns its reply as texts. It runs it again when the
// reply was lost; every script knows what it has done already.
func (q *Queue) run(ctx context.Context, s *redis.Script, keys []string, args ...any) ([]string, error) {
	return q.runOn(ctx, q.client, s, keys, args...)
}

// runOn is run by another client than the one of all writes.
func (q *Queue) runOn(ctx context.Context, client redis.UniversalClient, s *redis.Script, keys []string, args ...any) ([]string, error) {
	for try := 1; ; try++ {
		reply, err := q.runOnce(ctx, client, s, keys, args)
		if err == nil || try == tries || ctx.Err() != nil || !Away(err) {
			return reply, err
		}
		pause := time.Duration(try) * 50 * time.Millisecond
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(pause + mathrand.N(pause)):
		}
	}
}

func (q *Queue) runOnce(ctx context.Context, client redis.UniversalClient, s *redis.Script, keys []string, args []any) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	value, err := s.Run(ctx, client, keys, args...).StringSlice()
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	if len(value) == 0 {
		return nil, errors.New("redis: a script gave no reply")
	}
	return value, nil
}

// Away reports whether an error says that the ledger cannot be asked, or takes
// nothing, now, and may be gone at the next try: the connection failed, perhaps
// after the script ran, or the server is changing its role.
func Away(err error) bool {
	if errors.Is(err, errReplica) {
		return true
	}
	for _, prefix := range []string{"LOADING", "READONLY", "MASTERDOWN", "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN"} {
		if redis.HasErrorPrefix(err, prefix) {
			return true
		}
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, redis.ErrPoolTimeout)
}

func millis(t time.Time) int64 { return t.UnixMilli() }
