package api_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"sambung/daemon/api/apitest"
	"sambung/queue"
)

// stream is an open stream of events.
type stream struct {
	t     *testing.T
	lines chan string // closed at its end
	close context.CancelFunc
}

func open(t *testing.T, s *apitest.Site, token, lastID string) *stream {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, "GET", s.URL+"/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	response, err := s.Server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != 200 || response.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("status %d, %v", response.StatusCode, response.Header)
	}
	st := &stream{t: t, lines: make(chan string, 10_000), close: cancel}
	go func() {
		defer close(st.lines)
		defer response.Body.Close()
		for scan := bufio.NewScanner(response.Body); scan.Scan(); {
			st.lines <- scan.Text()
		}
	}()
	t.Cleanup(cancel)
	return st
}

// until returns the lines up to the first that holds text, that one included.
func (st *stream) until(text string) []string {
	st.t.Helper()
	var lines []string
	limit := time.After(10 * time.Second)
	for {
		select {
		case line, more := <-st.lines:
			if !more {
				st.t.Fatalf("the stream ended before %q: %q", text, lines)
			}
			lines = append(lines, line)
			if strings.Contains(line, text) {
				return lines
			}
		case <-limit:
			st.t.Fatalf("no %q within 10 s: %q", text, lines)
		}
	}
}

func TestEventsSayWhatChanged(t *testing.T) {
	s := apitest.New(t, nil)
	st := open(t, s, apitest.TokenSupervisor, "")
	st.until("id: ") // where it stands
	id := s.Submit(t, "A", "")
	lines := strings.Join(st.until("data:"), "\n")
	for _, want := range []string{"id: ", "event: change\n", `"follow_up":"` + string(id) + `"`, `"status":"queued"`, `"kind":"received"`} {
		if !strings.Contains(lines+"\n", want) {
			t.Errorf("%q is not in %q", want, lines)
		}
	}
	if strings.Contains(lines, "ahasia") || strings.Contains(lines, "3456") {
		t.Errorf("personal data in %q", lines)
	}
}

func TestEventsResume(t *testing.T) {
	s := apitest.New(t, nil)
	first := s.Submit(t, "A", "")
	last := position(t, s)
	second, third := s.Submit(t, "B", ""), s.Submit(t, "C", "")
	st := open(t, s, apitest.TokenQA, last)
	lines := strings.Join(st.until("data:"), "\n") + strings.Join(st.until("data:"), "\n")
	if strings.Contains(lines, string(first)) || !strings.Contains(lines, string(second)) || !strings.Contains(lines, string(third)) {
		t.Errorf("lines = %q", lines)
	}
	fourth := s.Submit(t, "D", "")
	st.until(string(fourth))
}

// position is where a stream of events stands that begins now.
func position(t *testing.T, s *apitest.Site) string {
	t.Helper()
	st := open(t, s, apitest.TokenQA, "")
	defer st.close()
	lines := st.until("id: ")
	return strings.TrimPrefix(lines[len(lines)-1], "id: ")
}

func TestAnAgentIsSentItsOwnEvents(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	st := open(t, s, apitest.TokenAgent, "")
	st.until("id: ")
	theirs := s.Submit(t, "A", "agent-2")
	mine := s.Submit(t, "B", "agent-1")
	lines := strings.Join(st.until("data:"), "\n")
	if strings.Contains(lines, string(theirs)) || !strings.Contains(lines, string(mine)) {
		t.Errorf("lines = %q", lines)
	}
}

func TestABadLastEventIDIsRefused(t *testing.T) {
	s := apitest.New(t, nil)
	for _, id := range []string{"x", "1;2", strings.Repeat("9", 60)} {
		call(t, s, apitest.TokenQA, "GET", "/v1/events", "", "Last-Event-ID", id).refused(t, 400, "invalid", "Last-Event-ID")
	}
}

// Nothing is lost and nothing comes twice, although many listen from different
// places while events come all the time.
func TestManyStreamsLoseNothing(t *testing.T) {
	s := apitest.New(t, nil)
	id := s.Submit(t, "A", "")
	from := position(t, s)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 300 {
			s.Append(t, id, queue.Entry{Kind: queue.KindDeadlineWarning})
		}
	}()
	var streams []*stream
	for range 10 {
		streams = append(streams, open(t, s, apitest.TokenQA, from))
	}
	<-done
	for i, st := range streams {
		next := 2
		for _, line := range st.until(`"version":301,`) {
			if !strings.HasPrefix(line, "data:") {
				continue
			}
			if want := `"version":` + itoa(next) + `,`; !strings.Contains(line, want) {
				t.Fatalf("stream %d: %q, want %s", i, line, want)
			}
			next++
		}
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}
