package realservers

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
)

// redisLines sends one command and returns the texts of its reply, flattened; of
// a bulk text its lines.
func redisLines(ctx context.Context, addr, command string) ([]string, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return nil, err
		}
	}
	if _, err := fmt.Fprint(conn, command+"\r\n"); err != nil {
		return nil, err
	}
	return readReply(bufio.NewReader(conn))
}

// readReply reads one RESP2 value.
func readReply(r *bufio.Reader) ([]string, error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return nil, err
	}
	line = strings.TrimSuffix(line, "\r\n")
	if line == "" {
		return nil, fmt.Errorf("an empty reply")
	}
	switch kind, rest := line[0], line[1:]; kind {
	case '-':
		return nil, fmt.Errorf("redis: %s", rest)
	case '$':
		n, err := strconv.Atoi(rest)
		if err != nil || n < 0 {
			return nil, err
		}
		text := make([]byte, n+2)
		if _, err := io.ReadFull(r, text); err != nil {
			return nil, err
		}
		return strings.Split(strings.TrimSpace(string(text)), "\r\n"), nil
	case '*':
		n, err := strconv.Atoi(rest)
		var all []string
		for range n {
			var some []string
			if some, err = readReply(r); err != nil {
				break
			}
			all = append(all, some...)
		}
		return all, err
	default:
		return []string{rest}, nil
	}
}

// redisFields is a reply of names and values.
func redisFields(ctx context.Context, addr, command string) (map[string]string, error) {
	lines, err := redisLines(ctx, addr, command)
	fields := make(map[string]string)
	for i := 0; i+1 < len(lines); i += 2 {
		fields[lines[i]] = lines[i+1]
	}
	return fields, err
}

// waitUntil waits for what servers bring about by themselves.
func waitUntil(t testing.TB, what string, holds func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startLimit)
	defer cancel()
	pause := time.NewTicker(5 * probeEvery)
	defer pause.Stop()
	for {
		probe, done := context.WithTimeout(ctx, probeLimit)
		err := holds(probe)
		done()
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("not within %s: %s: %v", startLimit, what, err)
		case <-pause.C:
		}
	}
}
