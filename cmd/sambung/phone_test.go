package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"sambung/internal/realservers"
	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

// telephone runs `sambung phone` until stop is called.
type telephone struct {
	t     *testing.T
	lines chan string
	keys  io.WriteCloser
	stop  context.CancelFunc
	code  chan int
}

func startPhone(t *testing.T, args ...string) *telephone {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	stdinR, stdinW := io.Pipe()
	stdoutR, stdoutW := io.Pipe()
	p := &telephone{t: t, lines: make(chan string, 100), keys: stdinW, stop: cancel, code: make(chan int, 1)}
	go func() {
		p.code <- run(ctx, append([]string{"phone"}, args...), surroundings{stdin: stdinR, stdout: stdoutW, stderr: stdoutW})
		stdoutW.Close()
		stdinR.Close()
	}()
	go func() {
		defer close(p.lines)
		for s := bufio.NewScanner(stdoutR); s.Scan(); {
			p.lines <- s.Text()
		}
	}()
	t.Cleanup(cancel)
	return p
}

func (p *telephone) until(text string) string {
	p.t.Helper()
	limit := time.After(20 * time.Second)
	for {
		select {
		case line, more := <-p.lines:
			if strings.Contains(line, text) {
				return line
			}
			if !more {
				p.t.Fatalf("the telephone ended before %q", text)
			}
		case <-limit:
			p.t.Fatalf("no %q", text)
		}
	}
}

func (p *telephone) ended() int {
	p.t.Helper()
	select {
	case code := <-p.code:
		return code
	case <-time.After(20 * time.Second):
		p.t.Fatal("the telephone does not end")
		return -1
	}
}

func TestTwoTelephonesTalk(t *testing.T) {
	dir := t.TempDir()
	play, heard := filepath.Join(dir, "play.wav"), filepath.Join(dir, "heard.wav")
	f, err := os.Create(play)
	if err != nil {
		t.Fatal(err)
	}
	if err := wav.Write(f, wav.Mono(tone.Record(tone.Sine(440, -12), time.Second))); err != nil {
		t.Fatal(err)
	}
	f.Close()
	callee := startPhone(t, "--listen", "127.0.0.1:0", "--play", play, "--hang-up", "4s")
	address := strings.TrimPrefix(callee.until("listening at "), "listening at ")
	caller := startPhone(t, "--dial", address, "--keys", "12", "--keys-at", "200ms", "--record", heard)
	callee.until("digit_heard 1")
	callee.until("digit_heard 2")
	caller.until("ended")
	if code := caller.ended(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	callee.stop()
	if code := callee.ended(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	data, err := os.ReadFile(heard)
	if err != nil {
		t.Fatal(err)
	}
	sound, err := wav.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if d := tone.Duration(len(sound.Samples)); d < time.Second || tone.Separation(sound.Samples, 440, 880) < 30 {
		t.Errorf("heard %s, 440 Hz %.0f dB above 880 Hz", d, tone.Separation(sound.Samples, 440, 880))
	}
}

func TestATelephoneObeysItsKeys(t *testing.T) {
	callee := startPhone(t, "--listen", "127.0.0.1:0", "--ring-out")
	address := strings.TrimPrefix(callee.until("listening at "), "listening at ")
	caller := startPhone(t, "--dial", address)
	callee.until("ringing")
	for _, order := range []string{"answer\n", "", "hangup\n"} {
		if order == "" {
			callee.until("acknowledged")
			continue
		}
		if _, err := io.WriteString(callee.keys, order); err != nil {
			t.Fatal(err)
		}
	}
	caller.until("ended")
	if _, err := io.WriteString(callee.keys, "quit\n"); err != nil {
		t.Fatal(err)
	}
	if a, b := caller.ended(), callee.ended(); a != exitDone || b != exitDone {
		t.Errorf("exit codes %d, %d", a, b)
	}
}

// A telephone in the background of a terminal goes on without its standard input: who
// reads there is stopped, as if by Ctrl-Z, and answers nobody.
func TestATelephoneInTheBackgroundOfATerminal(t *testing.T) {
	us, theirs := terminal(t)
	shell := exec.Command("sh", "-c", `set -m; sh -c 'echo "process $$"; exec "$0" phone --listen 127.0.0.1:0' "$0" & wait`, os.Args[0])
	shell.Env = append(os.Environ(), childEnv+"=sambung")
	shell.Stdin, shell.Stdout, shell.Stderr = theirs, theirs, theirs
	shell.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	theirs.Close()
	t.Cleanup(func() { _ = shell.Process.Kill(); _ = shell.Wait() })
	callee := &telephone{t: t, lines: make(chan string, 100)}
	go func() {
		defer close(callee.lines)
		for s := bufio.NewScanner(us); s.Scan(); {
			callee.lines <- strings.TrimSpace(s.Text())
		}
	}()
	pid, err := strconv.Atoi(strings.TrimPrefix(callee.until("process "), "process "))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGKILL) })
	address := strings.TrimPrefix(callee.until("listening at "), "listening at ")
	caller := startPhone(t, "--dial", address)
	caller.until("answered")
	callee.until("acknowledged")
}

func TestARefusalFails(t *testing.T) {
	callee := startPhone(t, "--listen", "127.0.0.1:0", "--reject", "486")
	address := strings.TrimPrefix(callee.until("listening at "), "listening at ")
	r := in(t, surroundings{}, "phone", "--dial", address).want(t, exitFailed, "486")
	if !strings.Contains(r.stderr, "dialling: ") {
		t.Errorf("stderr = %s", r.stderr)
	}
	in(t, surroundings{}, "phone", "--play", "no-such.wav").want(t, exitFailed, "opening the sound")
}

// An operator's telephone registers at a real Asterisk like an agent's.
func TestATelephoneRegisters(t *testing.T) {
	asterisk := realservers.Asterisk(t, realservers.AsteriskOptions{Agents: 1, Trunk: "127.0.0.1:9"})
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(asterisk.Agents[0].Password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := startPhone(t, "--registrar", asterisk.SIPAddr, "--user", asterisk.Agents[0].User, "--password-file", file)
	p.until("registered")
	p.stop()
	p.until("unregistered")
	if code := p.ended(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	in(t, surroundings{}, "phone", "--registrar", asterisk.SIPAddr, "--user", asterisk.Agents[0].User).want(t, exitFailed, "registering "+asterisk.Agents[0].User)
}
