package api

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sambung/daemon/console"
	"sambung/daemon/evidence"
	"sambung/queue"
	"sambung/storage"
)

// stuck is a ledger and an archive that answer when the context ends, or without end.
type stuck struct{ Queue }

func (stuck) State(ctx context.Context, id queue.ID) (queue.State, error) {
	if id == recorded {
		return queue.State{FollowUp: queue.FollowUp{ID: id}, Recordings: []queue.Recording{{
			Attempt: 1, Key: "k", SHA256: strings.Repeat("00", 32), Bytes: 1 << 40,
		}}}, nil
	}
	<-ctx.Done()
	return queue.State{}, ctx.Err()
}

// Append takes what is said about a recording that is handed out.
func (stuck) Append(_ context.Context, c queue.Change) (queue.State, error) {
	_, err := c.Decide(queue.State{FollowUp: queue.FollowUp{ID: c.ID}})
	return queue.State{}, err
}

const recorded queue.ID = "01KBQ3V0G5QZ8M4T7Y2W9E0001"

// endless reads zeros and tells when it was closed.
type endless struct{ closed chan struct{} }

func (e endless) Read(p []byte) (int, error) { clear(p); return len(p), nil }
func (e endless) Close() error               { close(e.closed); return nil }

func (e endless) Get(context.Context, string) (io.ReadCloser, storage.Object, error) {
	return e, storage.Object{Size: 1 << 40, SHA256: strings.Repeat("00", 32)}, nil
}

// dial sends the head of a request to the API, with its limits, over what never answers, and
// returns the connection. It belongs into a bubble: no machine is too busy for its times.
func dial(t *testing.T, archive Recordings, head string) net.Conn {
	t.Helper()
	m, err := newMetrics(prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	s := &server{
		Deps:    Deps{Queue: stuck{}, Archive: archive, Evidence: thorough{}, Now: time.Now, Log: slog.New(slog.DiscardHandler)},
		limits:  defaultLimits(),
		tokens:  tokens{NewToken("t", RoleAdmin, "", "x")},
		metrics: m,
	}
	client, end := net.Pipe()
	l := oneConnection{make(chan net.Conn, 1)}
	l.connections <- end
	server := &http.Server{Handler: console.Bound(s.handler(), s.limits.body, s.limits.write)}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() {
		_ = client.Close()
		close(l.connections)
		time.Sleep(time.Minute) // net/http lingers over a connection of which it did not read everything
	})
	if _, err := fmt.Fprintf(client, "%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n", head); err != nil {
		t.Fatal(err)
	}
	return client
}

// oneConnection is a listener to which one client comes.
type oneConnection struct{ connections chan net.Conn }

func (l oneConnection) Accept() (net.Conn, error) {
	if c, ok := <-l.connections; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}

func (oneConnection) Close() error   { return nil }
func (oneConnection) Addr() net.Addr { return &net.TCPAddr{} }

// thorough proves a dossier in twice the time that an answer has to leave.
type thorough struct{}

func (thorough) Prove(ctx context.Context, _ queue.State) (evidence.Verdict, error) {
	select {
	case <-time.After(2 * defaultLimits().write):
		return evidence.Verdict{Objects: 7}, nil
	case <-ctx.Done():
		return evidence.Verdict{}, ctx.Err()
	}
}

func code(t *testing.T, conn net.Conn) (int, string) {
	t.Helper()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var body struct{ Error Failure }
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, body.Error.Code
}

func TestABodyThatDoesNotComeIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		conn := dial(t, nil, "POST /v1/follow-ups/search")
		fmt.Fprint(conn, "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{")
		if status, failure := code(t, conn); status != 400 || failure != "body" || time.Since(began) != defaultLimits().body {
			t.Errorf("%d %s after %s", status, failure, time.Since(began))
		}
	})
}

// net/http waits for the body before it sends an answer, also where nobody reads it.
func TestABodyThatNobodyAsksForIsNotWaitedFor(t *testing.T) {
	for head, want := range map[string]string{"POST /v1/nowhere": "404 not_found", "POST /v1/session/password": "409 no_session"} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			conn := dial(t, nil, head)
			fmt.Fprint(conn, "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{")
			if status, failure := code(t, conn); fmt.Sprint(status, " ", failure) != want || time.Since(began) != defaultLimits().body {
				t.Errorf("%s: %d %s after %s, want %s", head, status, failure, time.Since(began), want)
			}
		})
	}
}

// What takes long to find out is answered all the same.
func TestAnAnswerMayTakeLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := dial(t, nil, "POST /v1/follow-ups/"+string(recorded)+"/verify")
		fmt.Fprint(conn, "Content-Length: 0\r\n\r\n")
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		var answer proof
		if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || response.StatusCode != http.StatusOK || !answer.Sound || answer.Objects != 7 {
			t.Errorf("%s, %+v, %v", response.Status, answer, err)
		}
	})
}

func TestAStoreThatDoesNotAnswerIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		conn := dial(t, nil, "GET /v1/follow-ups/01KBQ3V0G5QZ8M4T7Y2W9E6R1X")
		fmt.Fprint(conn, "\r\n")
		if status, failure := code(t, conn); status != 503 || failure != "unavailable" || time.Since(began) != defaultLimits().handle {
			t.Errorf("%d %s after %s", status, failure, time.Since(began))
		}
	})
}

// A reader that stops reading is let go, and the recording is closed.
func TestAReaderThatStopsIsLetGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		archive, began := endless{make(chan struct{})}, time.Now()
		conn := dial(t, archive, "GET /v1/follow-ups/"+string(recorded)+"/recordings/1")
		fmt.Fprint(conn, "\r\n")
		select {
		case <-archive.closed:
			if time.Since(began) != defaultLimits().write {
				t.Errorf("let go after %s", time.Since(began))
			}
		case <-time.After(time.Hour):
			t.Error("the recording is still being sent")
		}
	})
}

// One that keeps reading, however slowly, is served longer than the limit for one part.
func TestAReaderThatKeepsReadingIsServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		archive, began := endless{make(chan struct{})}, time.Now()
		conn := dial(t, archive, "GET /v1/follow-ups/"+string(recorded)+"/recordings/1")
		fmt.Fprint(conn, "\r\n")
		buffer := make([]byte, 1<<20)
		for time.Since(began) < 10*defaultLimits().write {
			if _, err := conn.Read(buffer); err != nil {
				t.Fatalf("cut after %s: %v", time.Since(began), err)
			}
			time.Sleep(defaultLimits().write / 3) // what goes out at once comes in two pieces
		}
	})
}
