package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	startLimit = 20 * time.Second
	stopLimit  = 10 * time.Second // after it a SIGTERM is followed by SIGKILL
	probeEvery = 10 * time.Millisecond
	startTries = 3 // another process may take the port that was free
)

// startChild starts a server of its own, which ends with this process.
func (s *Server) startChild(ctx context.Context, program string, o Options) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	var err error
	for range startTries {
		if err = s.tryChild(ctx, program, o); err == nil {
			return nil
		}
	}
	return fmt.Errorf("%s: %w", program, err)
}

func (s *Server) tryChild(ctx context.Context, program string, o Options) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	s.addr = fmt.Sprintf("127.0.0.1:%d", port)
	logPath := filepath.Join(o.Dir, "server.log")
	logFile, err := os.OpenFile(logPath, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer logFile.Close()
	cmd := exec.Command(program, "-") // its configuration, the password in it, comes by standard input
	cmd.Dir = o.Dir
	cmd.Stdin = strings.NewReader(s.config(port))
	cmd.Stdout, cmd.Stderr = logFile, logFile
	// A Ctrl-C for this process is not for the server, but its end is.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	exited, err := spawn(cmd)
	if err != nil {
		return err
	}
	s.end = func() error { return endChild(cmd, exited) }
	if s.kind, err = s.await(ctx, filepath.Base(program), exited); err != nil {
		text, _ := os.ReadFile(logPath)
		return errors.Join(fmt.Errorf("%w; it says: %s", err, strings.TrimSpace(string(text))), s.end())
	}
	return nil
}

// config is everything that the ledger needs of a store, see redisqueue.Check.
func (s *Server) config(port int) string {
	return fmt.Sprintf(`bind 127.0.0.1
port %d
requirepass %s
appendonly yes
appendfsync always
maxmemory-policy noeviction
save ""
daemonize no
`, port, s.password)
}

// freePort is a port of 127.0.0.1 that nobody listens at.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// spawn starts a child from a thread that lives as long as it does: the kernel
// sends the signal of the parent's death when the thread that forked ends.
func spawn(cmd *exec.Cmd) (exited <-chan struct{}, err error) {
	done := make(chan struct{})
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
			close(done)
		}
	}()
	return done, <-started
}

// await waits until the server answers, and returns what it is.
func (s *Server) await(ctx context.Context, name string, exited <-chan struct{}) (kind string, err error) {
	client := redis.NewClient(&redis.Options{Addr: s.addr, Password: s.password, MaxRetries: -1, ContextTimeoutEnabled: true})
	defer client.Close()
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for {
		info, err := client.Info(ctx, "server").Result()
		if err == nil {
			return name + " " + version(info), nil
		}
		select {
		case <-exited:
			return "", errors.New("it ended by itself")
		case <-ctx.Done():
			return "", fmt.Errorf("it does not answer: %w", err)
		case <-tick.C:
		}
	}
}

// version is what INFO calls it: Valkey keeps Redis's field for compatibility.
func version(info string) string {
	found := ""
	for line := range strings.SplitSeq(info, "\r\n") {
		if v, ok := strings.CutPrefix(line, "valkey_version:"); ok {
			return v
		}
		if v, ok := strings.CutPrefix(line, "redis_version:"); ok {
			found = v
		}
	}
	return found
}

// endChild ends a child by its own pid.
func endChild(cmd *exec.Cmd, exited <-chan struct{}) error {
	_ = cmd.Process.Signal(syscall.SIGTERM) // fails only if it was reaped
	select {
	case <-exited:
		return nil
	case <-time.After(stopLimit):
	}
	_ = cmd.Process.Kill()
	<-exited
	return fmt.Errorf("the server did not end within %s of SIGTERM and was killed", stopLimit)
}
