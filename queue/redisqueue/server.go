package redisqueue

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"sambung/queue"
)

// server is one run of the server process that keeps the ledger. Another run may
// have lost what an earlier one acknowledged: a replica that took over had not
// received it.
type server struct {
	run string // run_id of INFO; empty where there is none to tell (a cluster, a store in the process)
	// replication is the id of its data's history, and before the one that it
	// went on from when it was promoted.
	replication, before string
}

// errReplica is passing: the Sentinels have not agreed yet, or not told yet.
var errReplica = errors.New("READONLY the server is a replica")

// identify asks a connection whose it is.
func identify(ctx context.Context, c redis.Cmdable) (server, error) {
	info, err := c.Info(ctx, "server", "replication").Result()
	if refused := redis.Error(nil); errors.As(err, &refused) {
		return server{}, nil
	}
	if err != nil {
		return server{}, err
	}
	switch {
	case infoField(info, "redis_mode") == "sentinel", infoField(info, "redis_mode") == "cluster":
		return server{}, nil
	case infoField(info, "role") == "slave":
		return server{}, errReplica
	}
	return server{
		run: infoField(info, "run_id"), replication: infoField(info, "master_replid"), before: infoField(info, "master_replid2"),
	}, nil
}

// admit is asked of every new connection that reads or writes the ledger: the
// first to another server brings back what this process wrote and that server
// does not have. Only then is anything else read or written there.
func (q *Queue) admit(ctx context.Context, c *redis.Conn) error {
	s, err := identify(ctx, c)
	if err != nil || s.run == "" {
		return err
	}
	q.serverMu.Lock()
	defer q.serverMu.Unlock()
	if q.server.run == s.run {
		return nil
	}
	if q.server.run != "" {
		if err := q.catchUp(ctx, s); err != nil {
			return err
		}
	}
	q.server = s
	return nil
}

// admitClaims lets claims reach only the server that was compared with the
// switches, see Trust.
func (q *Queue) admitClaims(ctx context.Context, c *redis.Conn) error {
	s, err := identify(ctx, c)
	if err != nil || s.run == "" || !q.guarded {
		return err
	}
	q.serverMu.Lock()
	defer q.serverMu.Unlock()
	if q.trusted.run != s.run {
		return queue.ErrUnsettled
	}
	return nil
}

// Server names the server process that keeps the ledger now, and says whether
// the switch was compared with it, since something came back into it the last time.
// Where servers cannot be told apart the name is empty.
func (q *Queue) Server(ctx context.Context, switchName string) (name string, compared bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	comebacks, err := q.comeBack(ctx)
	if err != nil {
		return "", false, err
	}
	mark, err := q.client.HGet(ctx, q.key("compared"), switchName).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return "", false, fmt.Errorf("redis: which server was compared with switch %s: %w", switchName, err)
	}
	q.serverMu.Lock()
	defer q.serverMu.Unlock()
	name = q.server.named(comebacks)
	return name, name == "" || mark == name, nil
}

// Compared notes that the switch was compared with the ledger of that server.
// The caller has confirmed that it owns the switch.
func (q *Queue) Compared(ctx context.Context, switchName, name string) error {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	if err := q.client.HSet(ctx, q.key("compared"), switchName, name).Err(); err != nil {
		return fmt.Errorf("redis: noting that switch %s was compared: %w", switchName, err)
	}
	return nil
}

// Trust lets claims reach the present server, if all switches were compared with
// it; else the error names those that were not.
func (q *Queue) Trust(ctx context.Context, switches []string) error {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	comebacks, err := q.comebacks(ctx)
	if err != nil {
		return err
	}
	marks, err := q.client.HGetAll(ctx, q.key("compared")).Result()
	if err != nil {
		return fmt.Errorf("redis: which switches were compared: %w", err)
	}
	q.serverMu.Lock()
	defer q.serverMu.Unlock()
	var missing []string
	server := q.server.named(comebacks)
	for _, name := range switches {
		if server != "" && marks[name] != server {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: not compared yet with %v. Bring it up, or take a switch that is gone out of every configuration", queue.ErrUnsettled, missing)
	}
	q.trusted = trusted{q.server.run, comebacks}
	return nil
}
