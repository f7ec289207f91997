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
	"net/http/httptest"
	"strings"
	"testing"
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

// impatient serves the API with short limits over what never answers.
func impatient(t *testing.T, archive Recordings) *httptest.Server {
	t.Helper()
	m, err := newMetrics(prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	s := &server{
		Deps:    Deps{Queue: stuck{}, Archive: archive, Evidence: thorough{}, Now: time.Now, Log: slog.New(slog.DiscardHandler)},
		limits:  limits{body: 50 * time.Millisecond, handle: 100 * time.Millisecond, write: 200 * time.Millisecond},
		tokens:  tokens{NewToken("t", RoleAdmin, "", "x")},
		metrics: m,
	}
	server := httptest.NewServer(console.Bound(s.handler(), s.limits.body, s.limits.write))
	t.Cleanup(server.Close)
	return server
}

// thorough proves a dossier in twice the time that an answer has to leave.
type thorough struct{}

func (thorough) Prove(ctx context.Context, _ queue.State) (evidence.Verdict, error) {
	select {
	case <-time.After(400 * time.Millisecond):
		return evidence.Verdict{Objects: 7}, nil
	case <-ctx.Done():
		return evidence.Verdict{}, ctx.Err()
	}
}

// dial sends the head of a request and returns the connection.
func dial(t *testing.T, server *httptest.Server, head string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(conn, "%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n", head); err != nil {
		t.Fatal(err)
	}
	return conn
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
	conn := dial(t, impatient(t, nil), "POST /v1/follow-ups/search")
	fmt.Fprint(conn, "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{")
	if status, failure := code(t, conn); status != 400 || failure != "body" {
		t.Errorf("%d %s", status, failure)
	}
}

// net/http waits for the body before it sends an answer, also where nobody reads it.
func TestABodyThatNobodyAsksForIsNotWaitedFor(t *testing.T) {
	server := impatient(t, nil)
	for head, want := range map[string]string{"POST /v1/nowhere": "404 not_found", "POST /v1/session/password": "409 no_session"} {
		conn := dial(t, server, head)
		fmt.Fprint(conn, "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{")
		if status, failure := code(t, conn); fmt.Sprint(status, " ", failure) != want {
			t.Errorf("%s: %d %s, want %s", head, status, failure, want)
		}
	}
}

// What takes long to find out is answered all the same.
func TestAnAnswerMayTakeLong(t *testing.T) {
	conn := dial(t, impatient(t, nil), "POST /v1/follow-ups/"+string(recorded)+"/verify")
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
}

func TestAStoreThatDoesNotAnswerIsNotWaitedFor(t *testing.T) {
	conn := dial(t, impatient(t, nil), "GET /v1/follow-ups/01KBQ3V0G5QZ8M4T7Y2W9E6R1X")
	fmt.Fprint(conn, "\r\n")
	if status, failure := code(t, conn); status != 503 || failure != "unavailable" {
		t.Errorf("%d %s", status, failure)
	}
}

// A reader that stops reading is let go, and the recording is closed.
func TestAReaderThatStopsIsLetGo(t *testing.T) {
	archive := endless{make(chan struct{})}
	conn := dial(t, impatient(t, archive), "GET /v1/follow-ups/"+string(recorded)+"/recordings/1")
	fmt.Fprint(conn, "\r\n")
	select {
	case <-archive.closed:
	case <-time.After(10 * time.Second):
		t.Error("the recording is still being sent")
	}
}

// One that keeps reading is served longer than the limit for one part.
func TestAReaderThatKeepsReadingIsServed(t *testing.T) {
	archive := endless{make(chan struct{})}
	conn := dial(t, impatient(t, archive), "GET /v1/follow-ups/"+string(recorded)+"/recordings/1")
	fmt.Fprint(conn, "\r\n")
	buffer := make([]byte, 1<<20)
	for began := time.Now(); time.Since(began) < time.Second; {
		if _, err := conn.Read(buffer); err != nil {
			t.Fatalf("cut after %s: %v", time.Since(began), err)
		}
	}
}
