package acceptance_test

import (
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"testing"
	"time"

	"sambung/daemon/api/client"
	"sambung/internal/browser"
	"sambung/internal/checker"
	"sambung/queue"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// TestSupervisorInTheBrowser: a supervisor imports a file with faults, mends it on
// the page, assigns an unrequested opinion, cancels another, sees the call, and
// listens and whispers by the telephone in the browser. The agent hears the
// whisper, the taxpayer does not, and it is on neither track of the recording.
func TestSupervisorInTheBrowser(t *testing.T) {
	s := newSiteWith(t, siteOptions{agents: 2, browsers: 1}) // the one in the browser is the supervisor's
	s.inBrowsers()
	s.people.agents = func(int, softphone.Invite) softphone.Behaviour {
		return softphone.Answer().Playing(tone.Sine(monitorAgentHz, -12))
	}
	s.person(number(1), softphone.AnswerAfter(200*time.Millisecond).Playing(tone.Sine(monitorTaxpayerHz, -12)))
	app, stop := s.runDaemon(slog.New(slog.DiscardHandler))
	q := s.ledger()
	s.addAgent(q, 1)
	api, err := client.New("http://"+app.Addr(), adminToken, nil)
	if err != nil {
		t.Fatal(err)
	}
	telephone := "PJSIP/" + s.asterisk.Agents[0].Endpoint
	if _, err := api.PutUser(t.Context(), "sri", client.User{Role: queue.RoleSupervisor, Endpoint: telephone, Switch: switchName, Password: browserPassword}); err != nil {
		t.Fatal(err)
	}

	spoken := sweep()
	chromium := browser.Start(t, browser.Options{Microphone: microphone(t, spoken), Screenshots: os.Getenv("SAMBUNG_SCREENSHOTS")})
	page := s.signIn(chromium, app.Addr(), "/supervisor/impor", "sri")
	importMended(page)
	page.Click(`a[href="/supervisor"]`)
	page.Wait("both opinions wait for an agent", `document.querySelectorAll('.panel-warn .decide li').length === 2`)
	page.Screenshot("supervisor-wall")
	cancelOnPage(page, "ESK-IMPOR-2")
	id := s.assignOnPage(q, page, "ESK-IMPOR-1", agentID(1))

	page.Text("percakapan berlangsung")
	page.Click(`.agents a.ticket`)
	page.Text("lewat telepon di peramban ini")
	eventually(t, 20*time.Second, "the recording was announced", func() bool { st, err := q.State(t.Context(), id); return err == nil && st.Call.Announced })
	said := spoken[len(spoken)*6/10 : len(spoken)*7/10] // 1,600 to 1,800 Hz: away from what the others say
	page.Click(`.monitor .button-primary`)
	page.Text("Anda sedang mendengarkan.")
	agent, taxpayer := s.whatTheyHear(2500 * time.Millisecond)
	hasOnly(t, "the taxpayer", taxpayer, monitorAgentHz, 1650)
	hasOnly(t, "the agent", agent, monitorTaxpayerHz, 1650)
	if heard := likeness(agent, said); heard > whisperUnheard {
		t.Errorf("the agent hears who only listens: likeness %.3f", heard)
	}
	page.Click(`.monitor .row .button:nth-child(2)`)
	page.Text("Anda sedang berbisik")
	page.Screenshot("supervisor-whispering")
	there, leaked := s.whispered(said)
	page.Click(`.monitor .button-danger`)
	page.Wait("the supervisor has left", `!document.querySelector('.monitor .button-danger')`)

	s.endByKey(q, id)
	page.Text("Berkas disegel untuk Seksi Penjaminan Kualitas Layanan")
	page.Screenshot("supervisor-history")
	page.Close()
	stop()
	rec, ok := s.archived(q, id, 0, number(1))
	if !ok {
		t.Fatal(rec.faults)
	}
	left, right := likeness(cut(rec.left, rec.answer, rec.end), said), likeness(cut(rec.right, rec.answer, rec.end), said)
	t.Logf("likeness to what the supervisor says: at the agent's %.3f, at the taxpayer's %.3f, left track %.3f, right track %.3f", there, leaked, left, right)
	if there < whisperHeard || max(leaked, left, right) > whisperUnheard {
		t.Errorf("want %.1f or more at the agent's, %.1f or less elsewhere", whisperHeard, whisperUnheard)
	}
	s.monitorHistory(q, id, "user:sri")
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}

// importMended hands in a file with a wrong row, mends it where the page leads, and enqueues it.
func importMended(page *browser.Page) {
	file := fmt.Sprintf("ticket,route,directorate,taxpayer,phone,message\n"+
		"ESK-IMPOR-1,opinion_unrequested,pp1,Siti Rahasia,%s,Pesan rahasia\nESK-IMPOR-2,opinion_unrequestd,pp1,Budi Rahasia,112,Pesan rahasia\n", number(1))
	page.Wait("a file can be chosen", `document.querySelector('input[type=file]')`)
	page.Run(`(() => {
		const files = new DataTransfer(), input = document.querySelector('input[type=file]')
		files.items.add(new File([` + strconv.Quote(file) + `], 'tindak-lanjut.csv', {type: 'text/csv'}))
		input.files = files.files
		input.dispatchEvent(new Event('change', {bubbles: true}))
	})()`)
	page.Text("1 dari 2 baris salah. Belum ada yang ditambahkan.")
	page.Text("mungkin maksudnya opinion_unrequested")
	page.Text("Nomor darurat atau nomor layanan")
	page.Screenshot("supervisor-import")
	page.Click(`.table .link`) // to the first fault, from where the rest of the line is selected
	page.Press("opinion_unrequested,pp1,Budi Rahasia," + number(2) + ",Pesan rahasia")
	page.Click(`.panel .button-primary`)
	page.Text("Semua 2 baris benar. Belum ada yang ditambahkan.")
	page.Click(`.panel .button-primary`)
	page.Text("2 ditambahkan, 0 sudah ada sebelumnya")
}

// cancelOnPage opens a follow-up from the wall, cancels it with a reason, and goes back.
func cancelOnPage(page *browser.Page, ticket string) {
	page.Run(`[...document.querySelectorAll('.decide a.ticket')].find(a => a.textContent === ` + strconv.Quote(ticket) + `).click()`)
	page.Click(`.decisions .button-danger`)
	page.Click(`dialog textarea`)
	page.Press("Tiket ditarik oleh seksi")
	page.Click(`dialog .button-danger`)
	page.Text("dibatalkan")
	page.Click(`a[href="/supervisor"]`)
	page.Wait("one opinion waits", `document.querySelectorAll('.panel-warn .decide li').length === 1`)
}

// assignOnPage names the agent on the wall and returns the follow-up.
func (s *site) assignOnPage(q queue.Queue, page *browser.Page, ticket string, agent queue.AgentID) queue.ID {
	s.t.Helper()
	waiting, err := q.Find(s.t.Context(), queue.Filter{Ticket: ticket})
	if err != nil || len(waiting) != 1 || waiting[0].Status != queue.StatusAwaitingAgent {
		s.t.Fatalf("%s is not waiting for an agent alone: %+v, %v", ticket, waiting, err)
	}
	page.Run(`(() => {
		const choice = document.querySelector('.panel-warn select')
		choice.value = ` + strconv.Quote(string(agent)) + `
		choice.dispatchEvent(new Event('change', {bubbles: true}))
	})()`)
	page.Click(`.panel-warn button[type=submit]`)
	page.Told(ticket + " ditugaskan kepada " + string(agent))
	return waiting[0].FollowUp.ID
}

// whatTheyHear is what agent and taxpayer hear for so long, once what was on its way has arrived.
func (s *site) whatTheyHear(long time.Duration) (agent, taxpayer []int16) {
	s.t.Helper()
	const settling = 500 * time.Millisecond
	from := time.Now().Add(settling)
	<-time.After(settling + long) // people talk
	return s.latest(s.phones[0]).Heard().Since(from), s.latest(s.carrier).Heard().Since(from)
}

// How like what somebody hears is to a whisper, with the taxpayer's tone in it.
const (
	whisperHeard   = 0.5
	whisperUnheard = 0.3
)

// whispered is how like what agent and taxpayer hear is to a whisper. The agent
// hears it once the browser's sound has found its way: a new connection takes
// the longer the busier the machine is.
func (s *site) whispered(whisper []int16) (there, leaked float64) {
	s.t.Helper()
	for limit := time.Now().Add(20 * time.Second); there < whisperHeard && time.Now().Before(limit); {
		agent, taxpayer := s.whatTheyHear(sweepTime + 500*time.Millisecond)
		there, leaked = likeness(agent, whisper), max(leaked, likeness(taxpayer, whisper))
		hasOnly(s.t, "the taxpayer", taxpayer, monitorAgentHz, 1650)
	}
	return there, leaked
}

// endByKey lets the taxpayer hang up and the agent key that it was delivered, until all is sealed.
func (s *site) endByKey(q queue.Queue, id queue.ID) {
	s.t.Helper()
	if err := s.latest(s.carrier).HangUp(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	eventually(s.t, 10*time.Second, "the talk is over", func() bool {
		st, err := q.State(s.t.Context(), id)
		return err == nil && st.Status == queue.StatusWrapUp
	})
	if err := s.latest(s.phones[0]).SendDigits(s.t.Context(), "1"); err != nil {
		s.t.Fatal(err)
	}
	eventually(s.t, 40*time.Second, "the dossier is sealed", func() bool {
		st, err := q.State(s.t.Context(), id)
		return err == nil && st.Dossier == queue.DossierSealed
	})
}
