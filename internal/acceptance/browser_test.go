package acceptance_test

import (
	"log/slog"
	"math"
	"testing"
	"time"

	"sambung/internal/browser"
	"sambung/internal/checker"
	"sambung/queue"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// TestBrowserTelephone: an agent whose telephone is in a browser is rung, talks
// with a taxpayer, and what the browser's microphone said is on the archived left
// track, what the taxpayer said on the right one and in the browser.
func TestBrowserTelephone(t *testing.T) {
	s := newSiteWith(t, siteOptions{agents: 1, browsers: 1})
	spoken := sweep()
	page := browser.Start(t, browser.Options{Microphone: microphone(t, spoken)}).Open(telephonePage(t))
	s.plugInBrowser(page, 0)
	const taxpayerTone = 880
	s.person(number(1), softphone.AnswerAfter(300*time.Millisecond).Playing(tone.Sine(taxpayerTone, -12)))
	_, stop := s.runDaemon(slog.New(slog.DiscardHandler))
	q := s.ledger()
	s.addAgent(q, 0)
	id := s.enqueue(q, "ESK-BROWSER", number(1), 0)

	page.Wait("the agent is rung, and answers", "window.phone.talking")
	eventually(t, 30*time.Second, "they talk", func() bool { st, err := q.State(t.Context(), id); return err == nil && st.Call.Announced })
	taxpayer := s.latest(s.carrier)
	there := 0.0
	eventually(t, 20*time.Second, "the taxpayer hears what the browser speaks", func() bool {
		from := time.Now()
		<-time.After(3 * time.Second) // they talk
		there = likeness(taxpayer.Heard().Since(from), spoken[:len(spoken)/4])
		return there >= 0.8
	})
	var heard struct{ HZ, DB float64 }
	page.Ask("window.phone.heard()", &heard)
	if math.Abs(heard.HZ-taxpayerTone) > 20 {
		t.Errorf("the browser hears %.0f Hz at %.0f dB, want %d Hz", heard.HZ, heard.DB, taxpayerTone)
	}
	page.Run("window.phone.session.sendDTMF('*')")
	page.Run("window.phone.session.sendDTMF('1')") // delivered, keyed in the talk
	eventually(t, 10*time.Second, "the outcome is keyed", func() bool {
		st, err := q.State(t.Context(), id)
		return err == nil && st.Call.Outcome == queue.OutcomeDelivered
	})
	if err := taxpayer.HangUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	page.Wait("the browser's telephone is released", "!window.phone.talking")
	eventually(t, 30*time.Second, "the dossier is sealed", func() bool {
		st, err := q.State(t.Context(), id)
		return err == nil && st.Dossier == queue.DossierSealed
	})
	stop()

	rec := &archived{t: t, name: "browser"}
	st, err := q.State(t.Context(), id)
	if err != nil || len(st.Recordings) != 1 || st.Recordings[0].Status != queue.RecordingVerified {
		t.Fatalf("recordings %+v, %v", st.Recordings, err)
	}
	rec.recording = st.Recordings[0]
	rec.read(s)
	left := likeness(cut(rec.left, rec.end-8*time.Second, rec.end), spoken[:len(spoken)/4])
	right := likeness(cut(rec.right, rec.end-8*time.Second, rec.end), spoken[:len(spoken)/4])
	t.Logf("likeness to what the browser spoke: at the taxpayer's %.3f, left track %.3f, right track %.3f; the browser heard %.0f Hz", there, left, right, heard.HZ)
	if left < 0.8 || right > 0.3 {
		t.Errorf("likeness on the left track %.3f (want 0.8 or more), on the right track %.3f (want 0.3 or less)", left, right)
	}
	hasOnly(t, "the right track", cut(rec.right, rec.end-3*time.Second, rec.end-time.Second), taxpayerTone, 1300)
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}
