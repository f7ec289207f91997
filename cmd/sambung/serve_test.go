package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"sambung/internal/realservers"
)

// childEnv makes the test binary be the command itself, or what a test needs of it.
const childEnv = "SAMBUNG_TEST_BE"

func TestMain(m *testing.M) {
	switch os.Getenv(childEnv) {
	case "sambung":
		main()
	case "signalled":
		ctx, stop := untilSignalled(context.Background())
		defer stop()
		fmt.Println("waiting")
		<-ctx.Done()
		fmt.Println("draining")
		select {} // until the second signal
	}
	os.Exit(m.Run())
}

// process is a run of the command that can be signalled.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines chan string // of standard output and error
	gone  chan struct{}
}

func start(t *testing.T, be string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(os.Args[0], args...), lines: make(chan string, 1000), gone: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), childEnv+"="+be)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stdout, p.cmd.Stderr = w, w
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	go func() { _ = p.cmd.Wait(); close(p.gone) }()
	go func() {
		defer close(p.lines)
		defer r.Close()
		for s := bufio.NewScanner(r); s.Scan(); {
			p.lines <- s.Text()
		}
	}()
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); <-p.gone })
	return p
}

func (p *process) until(text string) string {
	p.t.Helper()
	var seen []string
	limit := time.After(30 * time.Second)
	for {
		select {
		case line, more := <-p.lines:
			seen = append(seen, line)
			if strings.Contains(line, text) {
				return line
			}
			if !more {
				p.t.Fatalf("it ended before %q:\n%s", text, strings.Join(seen, "\n"))
			}
		case <-limit:
			p.t.Fatalf("no %q within 30 s:\n%s", text, strings.Join(seen, "\n"))
		}
	}
}

func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// ended waits for the end and returns how it came.
func (p *process) ended() *os.ProcessState {
	p.t.Helper()
	select {
	case <-p.gone:
	case <-time.After(30 * time.Second):
		p.t.Fatal("it does not end")
	}
	return p.cmd.ProcessState
}

func TestTheSecondSignalCuts(t *testing.T) {
	for _, first := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		t.Run(first.String(), func(t *testing.T) { theSecondSignalCuts(t, first) })
	}
}

func theSecondSignalCuts(t *testing.T, first syscall.Signal) {
	p := start(t, "signalled")
	p.until("waiting")
	p.signal(first)
	p.until("draining")
	// The handler goes right after the first signal; one that is too early is like none.
	for alive := true; alive; {
		select {
		case <-p.gone:
			alive = false
		case <-time.After(20 * time.Millisecond):
			_ = p.cmd.Process.Signal(syscall.SIGTERM) // fails when the process is gone
		}
	}
	if status := p.ended().Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGTERM {
		t.Errorf("status = %v", status)
	}
}

func TestServeRefusesABadConfiguration(t *testing.T) {
	file := filepath.Join(t.TempDir(), "c.yaml")
	if err := os.WriteFile(file, []byte("redis: {adrs: []}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in(t, surroundings{}, "serve", "--config", file).want(t, exitFailed, "c.yaml:1:9: redis.adrs: unknown key; did you mean addrs?", "switches: there is none")
	in(t, surroundings{}, "serve", "--config", file+"x").want(t, exitFailed, "open the configuration")
	in(t, surroundings{environ: []string{"SAMBUNG_REDIS_ADDR=x"}}, "serve").want(t, exitFailed, "SAMBUNG_REDIS_ADDR: there is no such setting")
}

// A daemon on a real Redis and a real archive, whose switch is not there yet: it
// serves its API, says that it is not ready, and ends when it is told to.
func TestServe(t *testing.T) {
	redis, minio := realservers.Redis(t), realservers.MinIO(t)
	dir := t.TempDir()
	const token = "serve-test-token-0123456789abcdef01"
	secret := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	file := filepath.Join(dir, "sambung.yaml")
	content := fmt.Sprintf(`
site: {name: test, node: node-a}
redis: {addrs: [%q]}
s3: {endpoint: %q, access_key_file: %s, secret_key_file: %s, secure: false, create_bucket: true}
spool: {dir: spool}
switches: [{name: asterisk-1, url: "http://127.0.0.1:1/ari", user: u, password_file: %s, trunk: trunk}]
calendar: {always_open: true}
api: {listen: "127.0.0.1:0", tokens: [{name: operator, role: admin, token_file: %s}]}
`, redis.Addr, minio.Endpoint, secret("access", minio.AccessKey), secret("secret", minio.SecretKey), secret("ari", "x"), secret("token", token))
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	manager := manage(t)
	p := start(t, "sambung", "serve", "--config", file)
	p.until("taxpayers may be rung at any hour") // the calendar is always open
	address := "http://" + regexp.MustCompile(`api=(\S+)`).FindStringSubmatch(p.until("msg=serving"))[1]
	manager.isTold(t, "READY=1")
	ask := func(args ...string) result {
		t.Helper()
		return in(t, surroundings{environ: []string{"SAMBUNG_API=" + address, "SAMBUNG_TOKEN=" + token}}, args...)
	}
	ask("agent", "add", "agent-1", "--endpoint", "PJSIP/agent-1", "--switch", "asterisk-1").want(t, exitDone)
	ask("enqueue", "--ticket", "A", "--route", "answer", "--taxpayer", "B", "--phone", "081234567890", "--message", "m").want(t, exitDone, "queued")
	ask("list").want(t, exitDone, "queued")
	p.signal(syscall.SIGTERM)
	p.until("a second signal cuts")
	manager.isTold(t, "STOPPING=1")
	if status := p.ended(); status.ExitCode() != exitDone {
		t.Errorf("exit code %d", status.ExitCode())
	}
}

// managerSocket listens to what processes started from now on tell systemd.
type managerSocket struct{ *net.UnixConn }

func manage(t *testing.T) managerSocket {
	t.Helper()
	address := &net.UnixAddr{Name: filepath.Join(t.TempDir(), "notify"), Net: "unixgram"}
	socket, err := net.ListenUnixgram(address.Net, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = socket.Close() })
	t.Setenv("NOTIFY_SOCKET", address.Name)
	return managerSocket{socket}
}

func (m managerSocket) isTold(t *testing.T, want string) {
	t.Helper()
	_ = m.SetReadDeadline(time.Now().Add(30 * time.Second))
	said := make([]byte, 1000)
	n, err := m.Read(said)
	if err != nil || string(said[:n]) != want {
		t.Fatalf("the service manager was told %q (%v), not %s", said[:n], err, want)
	}
}
