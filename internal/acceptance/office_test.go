package acceptance_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sambung/internal/checker"
	"sambung/queue"
)

// syncBuffer is a log that many goroutines write.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer // mu
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// TestSixtyFollowUps runs every scenario three times over six agents, and looks
// at all of it afterwards.
func TestSixtyFollowUps(t *testing.T) {
	const agents = 6
	sambung := commandLine(t)
	s := newSite(t, agents)
	q := s.ledger()
	o := openOffice(t, s, q)
	log := &syncBuffer{}
	app, stop := s.runDaemon(slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))

	type running struct {
		scenario
		id queue.ID
	}
	var all, done []running
	for round := range 3 {
		for i, sc := range scenarios() {
			n := round*len(scenarios()) + i
			ticket := fmt.Sprintf("T-%03d", n)
			s.person(number(n), sc.taxpayer...)
			o.script(ticket, sc.agent)
			all = append(all, running{sc, s.enqueue(q, ticket, number(n), -1)})
		}
	}
	for i := range agents {
		s.addAgent(q, i)
	}
	confirmed := make(map[queue.ID]bool)
	settled := func(r running) bool {
		st, err := q.State(t.Context(), r.id)
		if err != nil {
			t.Fatal(err)
		}
		if r.confirm != "" && st.Status == queue.StatusWrapUp && !confirmed[r.id] {
			confirmed[r.id] = true
			s.confirm(sambung, app.Addr(), r.id, r.confirm)
		}
		_, due := st.EvidenceDue()
		return !due && (st.Status == queue.StatusHandedBack || st.Status == queue.StatusClosed)
	}
	eventually(t, 5*time.Minute, "all are settled", func() bool {
		for i := range agents {
			s.readyAgain(q, i)
		}
		all = slices.DeleteFunc(all, func(r running) bool {
			if !settled(r) {
				return false
			}
			done = append(done, r)
			return true
		})
		return len(all) == 0
	})
	metrics := s.get("http://" + app.Addr() + "/metrics")
	stop()
	for _, r := range done {
		t.Run(r.name, func(t *testing.T) {
			s.in(t).judge(q, r.scenario, r.id)
			s.in(t).documented(q, r.id)
		})
	}
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
	s.nothingPersonal(log.String(), metrics)
}

func (s *site) get(url string) string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, url, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+adminToken)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s, %v", url, resp.Status, err)
	}
	return string(text)
}

// nothingPersonal looks for names, numbers and messages where none may be.
func (s *site) nothingPersonal(log, metrics string) {
	s.t.Helper()
	if len(log) < 1000 || !strings.Contains(metrics, "sambung_attempts_total") {
		s.t.Errorf("nothing to look at: a log of %d bytes, metrics of %d", len(log), len(metrics))
	}
	var keys strings.Builder
	for o, err := range s.bucket().List(context.WithoutCancel(s.t.Context()), "") {
		if err != nil {
			s.t.Fatal(err)
		}
		keys.WriteString(o.Key + "\n")
	}
	for where, text := range map[string]string{"the log": log, "the metrics": metrics, "the object keys": keys.String()} {
		for _, personal := range []string{"Budi", "Rahasia", "rahasia", "091234567891000", "628121", "08121", "8121000"} {
			if i := strings.Index(text, personal); i >= 0 {
				s.t.Errorf("%s hold %q: %.200s", where, personal, text[max(0, i-80):])
			}
		}
	}
}
