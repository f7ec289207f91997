package acceptance_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sambung/daemon/api/client"
	"sambung/internal/browser"
	"sambung/internal/checker"
	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/storage/dossier"
	"sambung/telephony"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

const (
	qaUser   = "sari"
	qaReason = "Permintaan banding, surat nomor 12"
)

// TestQualityInTheBrowser: Quality Assurance finds a dossier by its number, hears
// it, sees both tracks and the gap where the recording was paused, verifies,
// fetches it with a reason and accepts it. The custody chain has all of that.
func TestQualityInTheBrowser(t *testing.T) {
	realservers.ConsolePages(t)
	s := newSite(t, 1)
	s.people.agents = func(int, softphone.Invite) softphone.Behaviour {
		return softphone.Answer().Playing(tone.Sine(440, -12))
	}
	s.person(number(1), stays())
	app, stop := s.runDaemon(slog.New(slog.DiscardHandler))
	q := s.ledger()
	s.addAgent(q, 0)
	api, err := client.New("http://"+app.Addr(), adminToken, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.PutUser(t.Context(), qaUser, client.User{Role: queue.RoleQA, Password: browserPassword}); err != nil {
		t.Fatal(err)
	}
	downloads := t.TempDir()
	b := browser.Start(t, browser.Options{Height: 900, Screenshots: os.Getenv("SAMBUNG_SCREENSHOTS"), Downloads: downloads})
	p := s.signIn(b, app.Addr(), "/qa", qaUser)
	p.Text("Semua berkas sudah dinilai.")
	id := s.pausedTalk(q, api) // comes onto the page by itself
	qaFinds(p, id)
	s.qaHears(p, q, id)
	s.qaFetches(p, q, id, downloads)
	qaAccepts(p)
	s.qaCustody(api, id)
	s.qaPieces(app.Addr(), id, downloads)
	if chain := s.custody(q, id); len(chain) != 4 || chain[3].Act != dossier.Opened || chain[3].Actor != "user:acceptance" {
		t.Errorf("two pieces for another listener: %+v; want one more link", chain)
	}
	p.Close()
	stop()
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}

// pausedTalk lets two people talk, pauses the recording for a while, and waits
// for the seal.
func (s *site) pausedTalk(q queue.Queue, api *client.Client) queue.ID {
	s.t.Helper()
	id := s.enqueue(q, "ESK-MUTU", number(1), 0)
	eventually(s.t, 30*time.Second, "they talk", func() bool { st, err := q.State(s.t.Context(), id); return err == nil && st.Call.Announced })
	for _, step := range []struct {
		command telephony.Command
		lasts   time.Duration // what is said after it
	}{{telephony.ConfirmIdentity, 1500 * time.Millisecond}, {telephony.Mute, 2 * time.Second}, {telephony.Unmute, 1500 * time.Millisecond}} {
		if err := api.Command(s.t.Context(), string(id), string(step.command)); err != nil {
			s.t.Fatalf("%s: %v", step.command, err)
		}
		<-time.After(step.lasts) // they talk
	}
	if err := s.latest(s.carrier).HangUp(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	s.waitStatus(q, id, queue.StatusWrapUp)
	if err := s.latest(s.phones[0]).SendDigits(s.t.Context(), "1"); err != nil {
		s.t.Fatal(err)
	}
	eventually(s.t, 30*time.Second, "the dossier is sealed", func() bool {
		st, err := q.State(s.t.Context(), id)
		return err == nil && st.Dossier == queue.DossierSealed
	})
	return id
}

// qaFinds searches by telephone number, which must stand in no address and title.
func qaFinds(p *browser.Page, id queue.ID) {
	link := fmt.Sprintf(`document.querySelector('a[href="/qa/%s"]')`, id)
	p.Wait("the dossier is on the worklist", link)
	p.Fill(`input[name="phone"]`, number(2))
	p.Click(`.search button[type="submit"]`)
	p.Text("Tidak ada berkas yang cocok.")
	p.Fill(`input[name="phone"]`, number(1))
	p.Click(`.search button[type="submit"]`)
	p.Wait("the dossier is found", link)
	p.Wait("nothing personal is in the address or the title", `location.pathname + location.search + location.hash === '/qa' && document.title === 'Sambung'`)
	p.Screenshot("qa-worklist")
	p.Click(fmt.Sprintf(`a[href="/qa/%s"]`, id))
	p.Text("Riwayat")
}

// loudestOf is how far a track's shape reaches from its middle between two places
// of the drawing, in pixels.
const loudestOf = `((track, from, to) => {
	const points = [...document.querySelector('.wave-' + track).getAttribute('d').matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [+x, +y])
	const ys = points.filter(([x]) => x >= from && x <= to).map(([, y]) => y)
	return ys.length === 0 ? -1 : (Math.max(...ys) - Math.min(...ys)) / 2
})`

// qaHears opens the recording, and looks at what is drawn while it plays.
func (s *site) qaHears(p *browser.Page, q queue.Queue, id queue.ID) {
	s.t.Helper()
	if chain := s.custody(q, id); len(chain) != 0 {
		s.t.Errorf("reading the history made %d links of custody", len(chain))
	}
	p.Press(" ") // opens
	p.Wait("both tracks are drawn", `document.querySelector('.wave-agent') && document.querySelector('.wave-taxpayer')`)
	p.Wait("the pause is drawn", `document.querySelectorAll('.wave-gap').length === 1`)
	for _, track := range []string{"agent", "taxpayer"} {
		var within, before, after float64
		gap := `document.querySelector('.wave-gap')`
		from, to := gap+`.x.baseVal.value`, gap+`.x.baseVal.value + `+gap+`.width.baseVal.value`
		// The marks are of the moments at which the switch had answered: what it did is a little before.
		aside := gap + `.width.baseVal.value / 4`
		p.Ask(fmt.Sprintf("%s(%q, %s + %s, %s - %s)", loudestOf, track, from, aside, to, aside), &within)
		p.Ask(fmt.Sprintf("%s(%q, %s - 100, %s - 20)", loudestOf, track, from, from), &before)
		p.Ask(fmt.Sprintf("%s(%q, %s + 20, %s + 100)", loudestOf, track, to, to), &after)
		if within < 0 || within > 1 || before < 10 || after < 10 {
			s.t.Errorf("the %s's track reaches %.1f pixels in the pause, %.1f before and %.1f after it: want 1 at most, and 10 or more", track, within, before, after)
		}
	}
	p.Wait("what happened is marked", `['taxpayer_answered', 'announcement_played', 'identity_confirmed', 'recording_muted', 'recording_unmuted', 'call_ended'].every((kind) => document.querySelector('.wave-mark-' + kind))`)
	p.Press(" ") // plays
	p.Wait("it plays", `document.querySelector('.wave').getAttribute('aria-valuenow') >= 1`)
	p.Press("+")
	p.Wait("it plays faster", `document.querySelector('.player-speed select').value === '1.25'`)
	p.Press(" ")
	// It plays on from there while the driver looks: the place is noted where it begins.
	p.Run(`HTMLMediaElement.prototype.play = (play => function () { window.playedFrom = this.currentTime / this.duration; return play.call(this) })(HTMLMediaElement.prototype.play)`)
	p.Click(`.jump[aria-label$="Perekaman dilanjutkan"]`)
	p.Wait("the history leads to the sound", `((gap, whole) => Math.abs(window.playedFrom - (gap.x + gap.width) / whole.width) < 0.01)(document.querySelector('.wave-gap').getBBox(), document.querySelector('.wave-ground').getBBox())`)
	p.Screenshot("qa-player")
	p.Press("v")
	p.Text("Utuh: ")
}

// qaFetches downloads the recording from the archive itself.
func (s *site) qaFetches(p *browser.Page, q queue.Queue, id queue.ID, downloads string) {
	s.t.Helper()
	p.Press("d")
	p.Fill(`textarea[name="reason"]`, qaReason)
	p.Click(`dialog .button-primary`)
	p.Told("Unduhan dimulai")
	st, err := q.State(s.t.Context(), id)
	if err != nil || len(st.Recordings) != 1 {
		s.t.Fatalf("%+v, %v", st.Recordings, err)
	}
	eventually(s.t, 20*time.Second, "what was downloaded is the recording that was verified", func() bool {
		content, err := os.ReadFile(filepath.Join(downloads, string(id)+"-1.wav"))
		sum := sha256.Sum256(content)
		return err == nil && hex.EncodeToString(sum[:]) == st.Recordings[0].SHA256
	})
}

// qaAccepts returns without remarks, which is refused, then accepts.
func qaAccepts(p *browser.Page) {
	p.Click(`section[aria-label="Penilaian"] .button-plain`)
	p.Text("tulis apa yang perlu diperbaiki")
	p.Fill(`textarea[name="remarks"]`, "Identitas dipastikan, pesan disampaikan lengkap.")
	p.Click(`section[aria-label="Penilaian"] .button-primary`)
	p.Wait("the verdict is shown", `document.querySelector('.dossier-head .badge-good')?.textContent === 'diterima'`)
	p.Screenshot("qa-reviewed")
	p.Click(`a[href="/qa"]`)
	p.Text("Tidak ada berkas yang cocok.") // the search for it is still there, and it is reviewed
}

// qaCustody checks who did what, in which order, by the chain itself.
func (s *site) qaCustody(api *client.Client, id queue.ID) {
	s.t.Helper()
	chain, err := api.Custody(s.t.Context(), string(id))
	if err != nil {
		s.t.Fatal(err)
	}
	want := []struct {
		act     dossier.Act
		remarks string
	}{{dossier.Opened, ""}, {dossier.Linked, qaReason}, {dossier.Accepted, "Identitas dipastikan, pesan disampaikan lengkap."}}
	if len(chain) != len(want) {
		s.t.Fatalf("%d links of custody, want %d: %+v", len(chain), len(want), chain)
	}
	for i, link := range chain {
		if link.Act != want[i].act || link.Remarks != want[i].remarks || link.Actor != "user:"+qaUser {
			s.t.Errorf("link %d: %s by %s, %q; want %s by user:%s, %q", i+1, link.Act, link.Actor, link.Remarks, want[i].act, qaUser, want[i].remarks)
		}
	}
}

// qaPieces asks for pieces as a player does, and compares them with the whole.
func (s *site) qaPieces(addr string, id queue.ID, downloads string) {
	s.t.Helper()
	whole, err := os.ReadFile(filepath.Join(downloads, string(id)+"-1.wav"))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, from := range []int{0, len(whole) - 1000} {
		req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, fmt.Sprintf("http://%s/v1/follow-ups/%s/recordings/1", addr, id), nil)
		if err != nil {
			s.t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+adminToken)
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", from, from+999))
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			s.t.Fatal(err)
		}
		piece, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusPartialContent || !bytes.Equal(piece, whole[from:from+1000]) {
			s.t.Errorf("the piece from %d: status %d, %d bytes, %v; want 206 and those of the recording", from, answer.StatusCode, len(piece), err)
		}
	}
}

// custody reads a chain from the archive.
func (s *site) custody(q queue.Queue, id queue.ID) []dossier.CustodyLink {
	s.t.Helper()
	st, err := q.State(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	chain, err := dossier.ReadCustody(s.t.Context(), s.bucket(), string(id), st.Manifest)
	if err != nil {
		s.t.Fatal(err)
	}
	return chain
}
