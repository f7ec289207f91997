package acceptance_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"

	"sambung/daemon"
	"sambung/queue"
)

// runTold runs a daemon in this process, whose log is told when the test fails.
func (s *site) runTold() (app *daemon.App, stop func()) {
	s.t.Helper()
	log := &syncBuffer{}
	s.t.Cleanup(func() {
		if s.t.Failed() {
			s.t.Logf("the daemon's log ends:\n%s", tail(log.String(), 80))
		}
	})
	return s.runDaemon(slog.New(slog.NewTextHandler(log, nil)))
}

// figure reads one figure without labels, or all of a name added up.
func (s *site) figure(app *daemon.App, name string) float64 {
	s.t.Helper()
	lines := regexp.MustCompile(`(?m)^`+name+`(?:\{[^}]*\})? (\S+)$`).FindAllStringSubmatch(s.get("http://"+app.Addr()+"/metrics"), -1)
	if len(lines) == 0 {
		s.t.Fatalf("/metrics has no %s", name)
	}
	sum := 0.0
	for _, l := range lines {
		v, err := strconv.ParseFloat(l[1], 64)
		if err != nil {
			s.t.Fatal(err)
		}
		sum += v
	}
	return sum
}

// readiness is what /readyz answers: "" or why the daemon cannot do its work.
func (s *site) readiness(app *daemon.App) (reason string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, "http://"+app.Addr()+"/readyz", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct{ Reason string }
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		s.t.Fatal(err)
	}
	if ready := resp.StatusCode == http.StatusOK; ready != (answer.Reason == "") {
		s.t.Errorf("/readyz: %s with reason %q", resp.Status, answer.Reason)
	}
	return answer.Reason
}

// tracksAtSwitch counts the recordings on the switch's disk, two for each call.
func (s *site) tracksAtSwitch() int {
	s.t.Helper()
	entries, err := os.ReadDir(s.asterisk.RecordingDir)
	if err != nil {
		s.t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".wav") {
			n++
		}
	}
	return n
}

// state is a follow-up as the ledger has it.
func (s *site) state(q queue.Queue, id queue.ID) queue.State {
	s.t.Helper()
	st, err := q.State(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return st
}

// last is the last activity of a kind; the zero activity if there is none.
func (s *site) last(q queue.Queue, id queue.ID, k queue.Kind) queue.Activity {
	s.t.Helper()
	history, err := q.History(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	var found queue.Activity
	for _, a := range history {
		if a.Kind == k {
			found = a
		}
	}
	return found
}

// delivered checks that a follow-up was delivered in its latest attempt, and
// that its recording was verified, and only then removed at the switch.
func (s *site) delivered(q queue.Queue, id queue.ID) {
	s.t.Helper()
	st := s.state(q, id)
	good := st.Status == queue.StatusClosed && st.Outcome == queue.OutcomeDelivered && st.Dossier == queue.DossierSealed
	n := len(st.Recordings)
	good = good && n > 0 && st.Recordings[n-1].Attempt == st.Attempt && st.Recordings[n-1].Status == queue.RecordingVerified
	archived, removed := s.last(q, id, queue.KindRecordingArchived), s.last(q, id, queue.KindRecordingRemoved)
	if !good || archived.Seq == 0 || removed.Seq < archived.Seq {
		s.t.Errorf("%s, outcome %q, dossier %s, %d recordings, archived %d, removed %d", st.Status, st.Outcome, st.Dossier, n, archived.Seq, removed.Seq)
		s.tell(q, id)
	}
}
