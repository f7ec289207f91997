package redisqueue

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"regexp"
	"time"

	"github.com/redis/go-redis/v9"

	"sambung/queue"
)

// Limits of the store.
const (
	callLimit    = 3 * time.Second // one command or script
	tries        = 3               // of a script whose reply was lost
	keepReplies  = time.Hour
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
	Log  *slog.Logger
}

// Queue is the ledger of one site. Make it with Open; Close it.
type Queue struct {
	client   redis.UniversalClient // commands and scripts
	waiting  redis.UniversalClient // blocking reads, which hold their connections
	prefix   string
	log      *slog.Logger
	commits  *redis.Script
	claims   *redis.Script
	releases *redis.Script
	leases   *redis.Script
	agents   *redis.Script
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

var siteName = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

// Open connects and makes sure that the server answers.
func Open(ctx context.Context, o Options) (*Queue, error) {
	if !siteName.MatchString(o.Site) {
		return nil, fmt.Errorf("site %q: want 1 to 32 characters of a-z, 0-9 and -", o.Site)
	}
	if len(o.Addrs) == 0 {
		return nil, errors.New("no Redis address: want host:port")
	}
	client := func(read time.Duration) redis.UniversalClient {
		return redis.NewUniversalClient(&redis.UniversalOptions{
			Addrs: o.Addrs, MasterName: o.MasterName, Username: o.Username, Password: o.Password, DB: o.DB, TLSConfig: o.TLS,
			MaxRetries:  -1, // a script whose reply is lost must not run again but under its operation id
			DialTimeout: callLimit, ReadTimeout: read, WriteTimeout: callLimit, ContextTimeoutEnabled: true,
		})
	}
	q := &Queue{
		client: client(callLimit), waiting: client(blockSlice + callLimit), prefix: "{sambung:" + o.Site + "}:", log: o.Log,
		commits: redis.NewScript(commitSource), claims: redis.NewScript(claimSource), releases: redis.NewScript(releaseSource),
		leases: redis.NewScript(leaseSource), agents: redis.NewScript(agentsSource),
	}
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	if err := q.client.Ping(ctx).Err(); err != nil {
		return nil, errors.Join(fmt.Errorf("Redis at %v does not answer: %w", o.Addrs, err), q.Close())
	}
	return q, nil
}

// Close gives the connections up.
func (q *Queue) Close() error { return errors.Join(q.client.Close(), q.waiting.Close()) }

func (q *Queue) key(name string) string { return q.prefix + name }

// operation names one mutation; repeating it under the same name does nothing twice.
func (q *Queue) operation() string { return q.key("op:" + rand.Text()) }

// run runs a script and returns its reply as texts. A script that may be
// repeated is run again when the reply was lost.
func (q *Queue) run(ctx context.Context, s *redis.Script, repeatable bool, keys []string, args ...any) ([]string, error) {
	for try := 1; ; try++ {
		reply, err := q.runOnce(ctx, s, keys, args)
		if err == nil || !repeatable || try == tries || ctx.Err() != nil || !lost(err) {
			return reply, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(time.Duration(try) * 50 * time.Millisecond):
		}
	}
}

func (q *Queue) runOnce(ctx context.Context, s *redis.Script, keys []string, args []any) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	value, err := s.Run(ctx, q.client, keys, args...).StringSlice()
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	if len(value) == 0 {
		return nil, errors.New("redis: a script gave no reply")
	}
	return value, nil
}

// lost reports whether the reply, rather than the request, may be what failed.
func lost(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded)
}

func millis(t time.Time) int64 { return t.UnixMilli() }
