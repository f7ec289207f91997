package simulator_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"runtime"
	"testing"
	"time"

	"github.com/coder/websocket"

	"sambung/telephony/simulator"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// caller speaks to a simulator without the client that it is made for.
type caller struct {
	*testing.T
	sim  *simulator.Simulator
	http *http.Client
}

func start(t *testing.T) *caller {
	t.Helper()
	sim, err := simulator.Start(simulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	c := &caller{t, sim, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	c.listen()
	return c
}

// listen makes the application known.
func (c *caller) listen() *websocket.Conn {
	c.Helper()
	request, _ := http.NewRequest(http.MethodGet, c.sim.URL(), nil)
	request.SetBasicAuth(c.sim.User(), c.sim.Password())
	conn, _, err := websocket.Dial(c.Context(), c.sim.URL()+"/events?app=app", &websocket.DialOptions{HTTPHeader: request.Header})
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() { _ = conn.CloseNow() })
	c.eventually(200, "GET", "/applications/app")
	return conn
}

// do makes a request and returns its status, 0 without a reply.
func (c *caller) do(method, resource string) (int, []byte) {
	c.Helper()
	request, err := http.NewRequestWithContext(c.Context(), method, c.sim.URL()+resource, nil)
	if err != nil {
		c.Fatal(err)
	}
	request.SetBasicAuth(c.sim.User(), c.sim.Password())
	response, err := c.http.Do(request)
	if err != nil {
		return 0, nil
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return response.StatusCode, body
}

func (c *caller) want(status int, method, resource string) []byte {
	c.Helper()
	got, body := c.do(method, resource)
	if got != status {
		c.Fatalf("%s %s: %d %s, want %d", method, resource, got, body, status)
	}
	return body
}

// eventually asks until a request has that status.
func (c *caller) eventually(status int, method, resource string) {
	c.Helper()
	for late := time.Now().Add(5 * time.Second); ; {
		got, body := c.do(method, resource)
		if got == status {
			return
		}
		if time.Now().After(late) {
			c.Fatalf("%s %s: %d %s, never %d", method, resource, got, body, status)
		}
	}
}

func TestFaults(t *testing.T) {
	c := start(t)
	const ping, bridge = "/asterisk/ping", "/bridges/b"
	struck := c.sim.Arm(simulator.Fault{Match: "GET /ari" + ping, Nth: 2, Times: 2, Status: 503})
	for i, status := range []int{200, 503, 503, 200} {
		if got, _ := c.do("GET", ping); got != status {
			t.Errorf("ping %d: %d, want %d", i+1, got, status)
		}
	}
	<-struck
	c.sim.Arm(simulator.Fault{Match: bridge, LoseRequest: true})
	c.want(0, "POST", bridge)
	c.want(404, "GET", bridge)
	c.sim.Arm(simulator.Fault{Match: bridge, LoseReply: true})
	c.want(0, "POST", bridge)
	c.want(200, "GET", bridge)
	before := false
	c.sim.Arm(simulator.Fault{Match: ping, Delay: 50 * time.Millisecond, Before: func() { before = true }})
	if began := time.Now(); c.want(200, "GET", ping) == nil || time.Since(began) < 50*time.Millisecond || !before {
		t.Errorf("after %s, before %t", time.Since(began), before)
	}
	c.sim.SetDown(true)
	c.want(0, "GET", ping)
	c.sim.SetDown(false)
	c.want(200, "GET", ping)
}

func TestCut(t *testing.T) {
	c := start(t)
	conn := c.listen()
	c.sim.Cut()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, _, err := conn.Read(ctx); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a connection that was cut: %v", err)
	}
}

// TestRestart: everything is gone but the recordings, and what was being
// written is cut off, with a header that tells no length.
func TestRestart(t *testing.T) {
	c := start(t)
	phone := c.sim.AddAgent("agent-1", simulator.Person{Behave: func(softphone.Invite) softphone.Behaviour {
		return softphone.Answer().Playing(tone.Sine(440, -12))
	}})
	c.want(200, "POST", "/channels/create?app=app&channelId=a&endpoint=PJSIP/agent-1")
	c.eventually(204, "POST", "/channels/a/dial")
	line, err := phone.WaitCall(t.Context(), func(softphone.CallRecord) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	if err := line.Wait(t.Context(), func(r softphone.CallRecord) bool { return r.Answered() }); err != nil {
		t.Fatal(err)
	}
	c.want(200, "POST", "/channels/a/snoop/a-snoop?app=app&spy=in")
	c.eventually(201, "POST", "/channels/a-snoop/record?name=a&format=wav")
	c.want(200, "POST", "/bridges/b")
	<-time.After(2300 * time.Millisecond) // more than what a crash loses
	c.sim.Restart()
	c.want(404, "GET", "/channels/a")
	c.want(404, "GET", "/bridges/b")
	c.want(404, "GET", "/recordings/live/a")
	file := c.want(200, "GET", "/recordings/stored/a/file")
	if size := binary.LittleEndian.Uint32(file[40:]); size != 0 || len(file) < 44+1600 || len(file) > 44+30000 || bytes.Count(file[44:], []byte{0}) > len(file)/2 {
		t.Errorf("%d bytes, of which its header tells %d", len(file), size)
	}
	if line.Record().Ended() {
		t.Error("the telephone noticed")
	}
	if err := line.HangUp(t.Context()); err != nil || !line.Record().Ended() {
		t.Errorf("hanging up afterwards: %v", err)
	}
}

// TestClose leaves nothing running, in the middle of calls.
func TestClose(t *testing.T) {
	before := runtime.NumGoroutine()
	sim, err := simulator.Start(simulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := &caller{t, sim, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	conn := c.listen()
	sim.AddAgent("agent-1", simulator.Person{Behave: func(softphone.Invite) softphone.Behaviour { return softphone.RingOut() }})
	c.want(200, "POST", "/channels/create?app=app&channelId=a&endpoint=PJSIP/agent-1")
	c.eventually(204, "POST", "/channels/a/dial")
	sim.Close()
	_ = conn.CloseNow()
	for late := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(late) {
			stacks := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
	}
}
