package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"regexp"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// LogRedis has what the Redis client says of itself told to log: by itself it writes
// to standard error, past every logger. The client has one logger for all of the
// process, so it is for the command to say, before the first connection.
func LogRedis(log *slog.Logger) { redis.SetLogger(redisLog{log}) }

// redisLog tells the client's lines as warnings: what fails for good comes back as an
// error to whoever asked, and is told there. A line may quote what the server said or
// was sent, and that may name a taxpayer; so what is not known to be harmless is
// told by its type alone.
type redisLog struct{ log *slog.Logger }

// Printf is what the client calls.
func (l redisLog) Printf(ctx context.Context, format string, values ...any) {
	harmless := make([]any, len(values))
	for i, v := range values {
		harmless[i] = withoutData(v)
	}
	l.log.WarnContext(ctx, "the Redis client says", "line", fmt.Sprintf(format, harmless...))
}

func withoutData(v any) any {
	switch v := v.(type) {
	case int, int32, int64, uint, uint32, uint64, bool, time.Duration:
		return v
	case string:
		if address(v) {
			return v
		}
	case error:
		return errorWithoutData(v)
	}
	return fmt.Sprintf("(%T)", v)
}

// serverCode begins what a Redis server refuses with, as in "NOREPLICAS Not enough
// good replicas to write."; the text behind it may quote the command.
var serverCode = regexp.MustCompile(`^[A-Z]{2,20}\b`)

func errorWithoutData(err error) string {
	var network *net.OpError
	var refusal redis.Error
	switch {
	case errors.As(err, &network):
		return network.Error() // operation, addresses, and what the system says
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return "the connection was closed"
	case errors.Is(err, context.Canceled):
		return context.Canceled.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded.Error()
	case errors.As(err, &refusal) && serverCode.MatchString(refusal.Error()):
		return serverCode.FindString(refusal.Error())
	}
	return fmt.Sprintf("(%T)", err)
}

// address reports whether a text is host:port.
func address(text string) bool {
	host, port, err := net.SplitHostPort(text)
	if err != nil || host == "" {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}
