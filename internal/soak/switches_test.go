package soak_test

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"sambung/queue"
)

// TestTwoSwitches: each daemon owns a switch, with agents at both. When one dies
// in mid-talk the other owns both within the lease. A switch that does not
// record, or is down, is given no work: what anybody may do is done at the other.
func TestTwoSwitches(t *testing.T) {
	people := newPeople(1)
	people.steady = 4 * time.Second
	s := newSite(t, people)
	w := &work{site: s}
	s.owned([switches]int{0, 1})
	var talks []queue.ID
	for i := range switches * agentsPerSite {
		talks = append(talks, w.enqueueFor(agentID(i)))
	}
	s.await("all talk, at both switches", func() bool { return s.all(talks, queue.StatusTalking) })
	killed := time.Now()
	s.daemons[0].Kill()
	s.owned([switches]int{1, 1})
	took := time.Since(killed)
	t.Logf("taken over %s after the kill; the lease is %s", took.Round(time.Millisecond), s.config("").Lease.TTL)
	if limit := s.config("").Lease.TTL + time.Second; took > limit {
		t.Errorf("taken over after %s, want %s at most", took, limit)
	}
	s.delivered(talks, 1)

	s.daemons[0].Restart()
	folder := s.asterisk[0].RecordingDir
	if err := os.Rename(folder, folder+".away"); err != nil {
		t.Fatal(err)
	}
	s.daemons[1].Kill()
	s.owned([switches]int{0, 0})
	s.await("the figure says that the first switch does not record", func() bool { return s.records(0) == "0" && s.records(1) == "1" })
	waits := w.enqueueFor(agentID(0))
	s.serveElsewhere(w)
	if st := s.state(waits); st.Attempt != 0 {
		t.Errorf("work was begun at a switch that does not record: %s", st.Status)
	}
	if err := os.Rename(folder+".away", folder); err != nil {
		t.Fatal(err)
	}
	s.delivered([]queue.ID{waits}, 1)

	s.asterisk[0].Kill()
	waits = w.enqueueFor(agentID(0))
	s.serveElsewhere(w)
	if st := s.state(waits); st.Attempt != 0 {
		t.Errorf("work was begun at a switch that is down: %s", st.Status)
	}
	s.asterisk[0].Restart()
	s.delivered([]queue.ID{waits}, 1)

	s.daemons[1].Restart()
	s.settle(newChaos(s, 1), w)
	s.stop()
	s.check()
	s.nothingLeft()
}

// serveElsewhere has the agents of the second switch do what anybody may do.
func (s *site) serveElsewhere(w *work) {
	s.t.Helper()
	var ids []queue.ID
	for range agentsPerSite + 2 {
		ids = append(ids, w.enqueueFor(""))
	}
	s.delivered(ids, 1)
	for _, id := range ids {
		if st := s.state(id); st.Switch != switchName(1) {
			s.t.Errorf("follow-up %s was served at %s", id, st.Switch)
		}
	}
}

// delivered waits until all are sealed, each by so many calls.
func (s *site) delivered(ids []queue.ID, calls int) {
	s.t.Helper()
	s.await("all are sealed", func() bool {
		for _, id := range ids {
			if s.state(id).Dossier != queue.DossierSealed {
				return false
			}
		}
		return true
	})
	for _, id := range ids {
		st, rung := s.state(id), 0
		for _, r := range s.carrier.Calls() {
			if r.Called == st.FollowUp.Taxpayer.Phone {
				rung++
			}
		}
		if st.Outcome != queue.OutcomeDelivered || rung != calls {
			s.t.Errorf("follow-up %s: outcome %q after %d calls, want %d", id, st.Outcome, rung, calls)
			s.tell(id)
		}
	}
}

func (s *site) all(ids []queue.ID, status queue.Status) bool {
	for _, id := range ids {
		if s.state(id).Status != status {
			return false
		}
	}
	return true
}

func (s *site) state(id queue.ID) queue.State {
	s.t.Helper()
	st, err := s.queue.State(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return st
}

// await waits for what servers and people bring about.
func (s *site) await(what string, holds func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(30 * time.Millisecond) { // polling other processes
		if time.Now().After(deadline) {
			s.t.Fatalf("not within a minute: %s", what)
		}
	}
}

// owned waits until each switch is owned by the daemon of that place.
func (s *site) owned(by [switches]int) {
	s.t.Helper()
	for i, place := range by {
		s.await(switchName(i)+" is owned by "+s.daemons[place].name, func() bool {
			owner, err := s.queue.Owner(s.t.Context(), switchName(i))
			return err == nil && strings.HasPrefix(owner, s.daemons[place].name+"/")
		})
	}
}

// served finds in a daemon's log where its latest run serves the API.
var served = regexp.MustCompile(`msg=serving api=(\S+)`)

// records is the first daemon's figure of whether a switch records.
func (s *site) records(place int) string {
	log, err := os.ReadFile(s.daemons[0].LogPath)
	if err != nil {
		s.t.Fatal(err)
	}
	runs := served.FindAllSubmatch(log, -1)
	if len(runs) == 0 {
		return ""
	}
	resp, err := http.Get("http://" + string(runs[len(runs)-1][1]) + "/metrics")
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return ""
	}
	line := regexp.MustCompile(`(?m)^sambung_switch_records\{switch="` + switchName(place) + `"\} (\S+)$`).FindSubmatch(text)
	if line == nil {
		return ""
	}
	return string(line[1])
}
