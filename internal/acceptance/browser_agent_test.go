package acceptance_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sambung/configs"
	"sambung/daemon/api/client"
	"sambung/internal/browser"
	"sambung/internal/checker"
	"sambung/queue"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

const browserPassword = "kata-sandi-uji-coba-2026"

// inBrowsers configures the switch for telephones in browsers.
func (s *site) inBrowsers() {
	s.t.Helper()
	secrets := filepath.Join(s.dir, "telephones")
	if err := os.MkdirAll(secrets, 0o700); err != nil {
		s.t.Fatal(err)
	}
	for _, a := range s.asterisk.Agents {
		if !a.Browser {
			continue
		}
		if err := os.WriteFile(filepath.Join(secrets, a.Endpoint), []byte(a.Password+"\n"), 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	s.config.Switches[0].Browser = configs.Browser{URL: s.asterisk.WebSocketURL, Domain: "127.0.0.1", SecretsDir: secrets, ICEServers: []string{}}
}

// signIn opens a page and signs a user in there.
func (s *site) signIn(b *browser.Browser, address, path, user string) *browser.Page {
	s.t.Helper()
	p := b.Open("http://" + address + path)
	p.Excuse("/v1/session") // 401: nobody is signed in yet
	p.Fill(`input[name="name"]`, user)
	p.Fill(`input[name="password"]`, browserPassword)
	p.Click(`button[type="submit"]`)
	return p
}

// TestAgentInTheBrowser: an agent signs in, is rung, talks, pauses and resumes
// the recording, reloads the page in mid-call, and confirms, all by keyboard.
func TestAgentInTheBrowser(t *testing.T) {
	s := newSiteWith(t, siteOptions{agents: 1, browsers: 1})
	s.inBrowsers()
	s.config.Calls.WrapUp = 20 * time.Second
	s.config.Calls.MuteLimit = 20 * time.Second
	s.person(number(1), softphone.AnswerAfter(300*time.Millisecond).Playing(tone.Sine(880, -12)))
	app, stop := s.runDaemon(slog.New(slog.DiscardHandler))
	q := s.ledger()
	s.addAgent(q, 0)
	if _, err := q.SetPresence(t.Context(), agentID(0), queue.PresenceOffline, "", time.Now()); err != nil {
		t.Fatal(err)
	}
	api, err := client.New("http://"+app.Addr(), adminToken, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.PutUser(t.Context(), "budi", client.User{Role: queue.RoleAgent, Agent: agentID(0), Password: browserPassword}); err != nil {
		t.Fatal(err)
	}

	spoken := sweep()
	page := s.signIn(browser.Start(t, browser.Options{Microphone: microphone(t, spoken), Screenshots: os.Getenv("SAMBUNG_SCREENSHOTS")}), app.Addr(), "/agen", "budi")
	page.Text("Telepon peramban siap")
	page.Press("r")
	page.Wait("the agent is ready", `document.querySelector('.presence-ready')`)
	id := s.enqueue(q, "ESK-PERAMBAN", number(1), 0)
	page.Wait("they talk", `document.querySelector('.progress-talking')`)
	page.Wait("the message is hidden", `document.querySelector('.message-short')`)
	page.Press("i")
	page.Wait("the message is shown in full", `document.querySelector('.message:not(.message-short)')`)
	<-time.After(2500 * time.Millisecond) // they talk
	page.Press("p")
	page.Wait("the recording is paused", `document.querySelector('.recording-paused')`)
	<-time.After(1500 * time.Millisecond) // what is not to be recorded
	page.Press("p")
	page.Wait("the recording goes on", `document.querySelector('.recording') && !document.querySelector('.recording-paused')`)
	page.Screenshot("agent-talking")

	page.Reload()
	page.Wait("they talk, as the page knows again", `document.querySelector('.progress-talking')`)
	taxpayer := s.latest(s.carrier)
	eventually(t, 20*time.Second, "the agent is heard after the reload", func() bool {
		from := time.Now()
		<-time.After(1200 * time.Millisecond) // a stretch to listen to
		return likeness(taxpayer.Heard().Since(from), spoken[:len(spoken)/4]) > 0.6
	})
	page.Press("1")
	page.Wait("the outcome is chosen", `document.querySelector('.outcome-choice.chosen')`)
	if err := taxpayer.HangUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	page.Wait("the outcome is asked for", `document.querySelector('.progress-wrap_up')`)
	page.Press("\r")
	eventually(t, 40*time.Second, "the dossier is sealed", func() bool {
		st, err := q.State(t.Context(), id)
		return err == nil && st.Dossier == queue.DossierSealed
	})
	page.Close()
	stop()
	s.spokenByTheBrowser(q, id, spoken)
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}

// spokenByTheBrowser checks the archived recording and the history.
func (s *site) spokenByTheBrowser(q queue.Queue, id queue.ID, spoken []int16) {
	s.t.Helper()
	st, err := q.State(s.t.Context(), id)
	if err != nil || st.Outcome != queue.OutcomeDelivered || len(st.Recordings) != 1 || st.Recordings[0].Status != queue.RecordingVerified {
		s.t.Fatalf("outcome %s, recordings %+v, %v", st.Outcome, st.Recordings, err)
	}
	if got := s.only(q, id, queue.KindOutcomeConfirmed).Outcome; got != queue.OutcomeDelivered {
		s.t.Errorf("confirmed as %s", got)
	}
	rec := &archived{t: s.t, name: "browser", recording: st.Recordings[0]}
	rec.read(s)
	left := likeness(cut(rec.left, rec.answer, rec.end), spoken[:len(spoken)/4])
	right := likeness(cut(rec.right, rec.answer, rec.end), spoken[:len(spoken)/4])
	_, gap := longestSilence(cut(rec.right, rec.answer+time.Second, rec.end-time.Second))
	s.t.Logf("likeness to what the browser spoke: left track %.3f, right track %.3f; the gap is %s", left, right, gap)
	// The sweep passes through the taxpayer's tone: some likeness is there by itself.
	if left < 0.8 || right > 0.5 {
		s.t.Errorf("likeness on the left track %.3f (want 0.8 or more), on the right track %.3f (want 0.5 or less)", left, right)
	}
	s.only(q, id, queue.KindRecordingMuted)
	s.only(q, id, queue.KindRecordingUnmuted)
	paused := s.at(q, id, queue.KindRecordingUnmuted).Sub(s.at(q, id, queue.KindRecordingMuted))
	if paused > 10*time.Second || (gap-paused).Abs() > time.Second { // the ledger is told when the switch has answered
		s.t.Errorf("the taxpayer's track is silent for %s, want the pause of %s, and that short", gap, paused)
	}
	s.only(q, id, queue.KindIdentityConfirmed)
	s.only(q, id, queue.KindAgentRinging) // a reload rings nobody
}

// at is when the last activity of a kind happened.
func (s *site) at(q queue.Queue, id queue.ID, k queue.Kind) (at time.Time) {
	s.t.Helper()
	history, err := q.History(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, a := range history {
		if a.Kind == k {
			at = a.At
		}
	}
	return at
}
