package daemon

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// refusal is what a server answered, as the client hands it on.
type refusal string

func (r refusal) Error() string { return string(r) }

// RedisError marks it, see redis.Error.
func (refusal) RedisError() {}

var _ redis.Error = refusal("")

func TestTheRedisClientNamesNobody(t *testing.T) {
	var out bytes.Buffer
	l := redisLog{slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	refused := &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 6379}, Err: errors.New("connection refused")}
	for _, c := range []struct {
		format string
		values []any
		want   string
	}{
		{"failed to dial after %d attempts: %v", []any{5, fmt.Errorf("budi: %w", refused)}, "failed to dial after 5 attempts: dial tcp 127.0.0.1:6379: connection refused"},
		{"sentinel: new master=%q addr=%q", []any{"budi", "redis-2:6380"}, `new master=\"(string)\" addr=\"redis-2:6380\"`},
		{"push: %v", []any{refusal("ERR unknown command, with args beginning with: 'budi'")}, "push: ERR\""},
		{"push: %v", []any{refusal("budi")}, "push: (daemon.refusal)\""},
		{"push: %v", []any{errors.New("redis: can't parse \"budi\"")}, "push: (*errors.errorString)\""},
		{"push: %v", []any{fmt.Errorf("budi: %w", io.EOF)}, "push: the connection was closed"},
		{"push: %v", []any{fmt.Errorf("budi: %w", context.DeadlineExceeded)}, "push: context deadline exceeded"},
		{"panic: %v\n%s", []any{"budi", []byte("budi")}, `panic: (string)\n([]uint8)`},
		{"%s", []any{"budi"}, "line=(string)"},
		{"message: %+v", []any{struct{ Name string }{"budi"}}, "message: (struct { Name string })"},
		{"took %s", []any{time.Second}, "took 1s"},
	} {
		out.Reset()
		l.Printf(t.Context(), c.format, c.values...)
		if line := out.String(); !strings.Contains(line, c.want) || strings.Contains(line, "budi") || !strings.Contains(line, "level=WARN") {
			t.Errorf("%q: %s", c.format, line)
		}
	}
}
