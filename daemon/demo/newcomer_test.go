package demo_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math"
	"net/http"
	"os"
	"testing"
	"time"

	"sambung/configs"
	"sambung/daemon"
	"sambung/daemon/api/client"
	"sambung/daemon/console"
	"sambung/daemon/demo"
	"sambung/internal/browser"
	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/telephony/softphone/wav"
)

// start starts a demonstration with one story, which ends with the test.
func start(t *testing.T) *demo.Demo {
	t.Helper()
	d, err := demo.Start(t.Context(), demo.Options{Dir: t.TempDir(), Count: 1, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// TestNewcomerIsEachOfTheThree goes through the three doors, one after another,
// and takes a call to its end behind each.
func TestNewcomerIsEachOfTheThree(t *testing.T) {
	realservers.ConsoleModules(t)
	if _, err := fs.Stat(console.Embedded(), "index.html"); err != nil {
		t.Fatal("the pages are not built: run make console")
	}
	file, err := os.ReadFile("voices/taxpayer-thanks.wav") // now: the archive changes the working directory
	if err != nil {
		t.Fatal(err)
	}
	voice, err := wav.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	d := start(t)
	heard := overhear(t, d.API)
	page := browser.Start(t, browser.Options{Screenshots: os.Getenv("SAMBUNG_SCREENSHOTS")}).Open(d.API + "/")
	page.Excuse("/v1/session")   // 401: nobody is signed in yet
	page.Excuse("/v1/telephone") // 404: no telephone in a browser, the simulated one rings
	page.Excuse("?dry_run=true") // 400: the form is judged half filled in where the driver is slow
	page.Wait("three doors stand open", `document.querySelectorAll('.door').length === 3`)
	page.Screenshot("demo-doors")

	page.Click(`[data-door="agent"]`)
	page.Wait("the sound is on", `document.querySelector('.guide-sound meter')`)
	page.Wait("the agent is offline", `document.querySelector('.presence-offline')`)
	page.Click(`[aria-keyshortcuts="R"]`)
	page.Wait("they talk", `document.querySelector('.progress-talking')`)
	page.Click(`[aria-keyshortcuts="I"]`)
	page.Wait("the message is shown in full", `document.querySelector('.message:not(.message-short)')`)
	page.Wait("voices are played", `Number(document.querySelector('.guide-sound meter').dataset.loudest) > 0.1`)
	page.Screenshot("demo-agent-talking")
	page.Press("1")
	page.Wait("the outcome is chosen", `document.querySelector('.outcome-choice.chosen')`)
	taxpayerIsHeard(t, heard, voice)
	page.Press("hh")
	page.Wait("the outcome is asked for", `document.querySelector('.progress-wrap_up')`)
	page.Press("\r")
	mine := sealed(t, d, "ANDA-001")

	page.Click(`[data-door="qa"]`)
	page.Click(fmt.Sprintf(`a[href="/qa/%s"]`, mine.FollowUp.ID))
	page.Click(`.recording-closed button`)
	page.Wait("both tracks are drawn", `document.querySelector('.wave-agent') && document.querySelector('.wave-taxpayer')`)
	page.Click(`.player-controls .button-primary`)
	page.Wait("it is played", `document.querySelector('.player-time') && parseInt(document.querySelector('.player-time').textContent.split(':')[1]) >= 2`)
	page.Screenshot("demo-qa-listening")
	audible(t, d, mine)

	page.Click(`[data-door="supervisor"]`)
	page.Click(`a[href="/supervisor/tambah"]`)
	page.Fill(`[name="ticket"]`, "COBA-1")
	page.Run(`(e => { e.value = 'answer'; e.dispatchEvent(new Event('change', { bubbles: true })) })(document.querySelector('[name="route"]'))`)
	page.Fill(`[name="taxpayer"]`, "Wajib Pajak Rekaan")
	page.Fill(`[name="phone"]`, "081200000777")
	page.Fill(`[name="message"]`, "Pesan rekaan.")
	page.Text("Langsung masuk antrean.") // judged: what was complained of half way moves the button no more
	page.Click(`form button[type="submit"]`)
	page.Told("COBA-1 ditambahkan")
	page.Click(`a[href="/supervisor"]`)
	page.Wait("it is seen in the hands of an agent", `document.querySelector('.agents')?.innerText.includes('COBA-1')`)
	page.Screenshot("demo-supervisor-wall")
	page.Click(`.agents a[href="/supervisor/` + string(entered(t, d, "COBA-1").FollowUp.ID) + `"]`)
	page.Wait("they talk", `document.querySelector('.monitor')`)
	page.Click(`.monitor .button-primary`)
	page.Wait("the voices of both are played to the supervisor", `Number(document.querySelector('.guide-sound meter').dataset.loudest) > 0.1`)
	page.Screenshot("demo-supervisor-listening")
	listened := sealed(t, d, "COBA-1")
	audible(t, d, listened)
	listeningIsToldOf(t, d, listened)
	page.Close()
	check(t, d)
}

// sealed waits until a ticket's dossier is sealed as delivered.
func sealed(t *testing.T, d *demo.Demo, ticket string) (found queue.State) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	for tick := time.NewTicker(200 * time.Millisecond); ; {
		all, err := d.Client().Find(ctx, client.Search{})
		if err != nil {
			t.Fatalf("waiting for the dossier of %s, which is %s: %v", ticket, found.Status, err)
		}
		for _, s := range all {
			if s.FollowUp.Ticket == ticket {
				found = s
			}
		}
		if found.Dossier == queue.DossierSealed {
			break
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	if found.Outcome != queue.OutcomeDelivered || len(found.Recordings) == 0 {
		t.Fatalf("%s ended as %s %s with %d recordings", ticket, found.Status, found.Outcome, len(found.Recordings))
	}
	return found
}

// entered is the follow-up of a ticket as it stands.
func entered(t *testing.T, d *demo.Demo, ticket string) queue.State {
	t.Helper()
	all, err := d.Client().Find(t.Context(), client.Search{Ticket: ticket})
	if err != nil || len(all) != 1 {
		t.Fatalf("%s: %d follow-ups, %v", ticket, len(all), err)
	}
	return all[0]
}

// listeningIsToldOf makes sure that the history says who listened.
func listeningIsToldOf(t *testing.T, d *demo.Demo, s queue.State) {
	t.Helper()
	history, err := d.Client().History(t.Context(), string(s.FollowUp.ID))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range history {
		if a.Kind == queue.KindMonitorStarted && a.Actor == queue.ActorUser("anda-supervisor") {
			return
		}
	}
	t.Errorf("%s: the history does not say that the supervisor listened", s.FollowUp.Ticket)
}

// audible fetches a recording, and makes sure that both are heard in it.
func audible(t *testing.T, d *demo.Demo, s queue.State) {
	t.Helper()
	var file bytes.Buffer
	if _, err := d.Client().Recording(t.Context(), string(s.FollowUp.ID), s.Recordings[0].Attempt, &file); err != nil {
		t.Fatal(err)
	}
	if sound, err := demo.Listen(file.Bytes()); err != nil || sound.Channels != 2 {
		t.Errorf("%s: %+v, %v", s.FollowUp.Ticket, sound, err)
	}
}

// overhear listens to the newcomer's next call beside the browser.
func overhear(t *testing.T, address string) io.Reader {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/v1/demo/listen", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "audio/L16;rate=8000;channels=1" {
		t.Fatalf("status %d, %s", answer.StatusCode, answer.Header.Get("Content-Type"))
	}
	return answer.Body
}

// taxpayerIsHeard reads the first 20 s of a call, in which the taxpayer speaks last,
// and looks for a piece of that voice.
func taxpayerIsHeard(t *testing.T, stream io.Reader, voice wav.Sound) {
	t.Helper()
	frame := make([]byte, 20*16000)
	if _, err := io.ReadFull(stream, frame); err != nil {
		t.Fatalf("20 s of the call: %v", err)
	}
	heard := make([]int16, len(frame)/2)
	for i := range heard {
		heard[i] = int16(binary.BigEndian.Uint16(frame[2*i:]))
	}
	best := likeness(heard, voice.Samples[4000:4800])
	t.Logf("the taxpayer's voice is in what was streamed, with a correlation of %.3f", best)
	if best < 0.95 {
		t.Errorf("the taxpayer's voice has a correlation of %.3f with what was streamed: want 0.95 or more", best)
	}
}

// likeness is the highest correlation of a piece with any stretch of as many samples.
func likeness(heard, piece []int16) (best float64) {
	for i := 0; i+len(piece) <= len(heard); i++ {
		var both, first, second int64
		for j, p := range piece {
			h, p := int64(heard[i+j]), int64(p)
			both, first, second = both+h*p, first+h*h, second+p*p
		}
		if first > 0 {
			best = max(best, float64(both)/math.Sqrt(float64(first)*float64(second)))
		}
	}
	return best
}

// TestNoDoorsOutsideADemonstration: a daemon over the same servers and accounts that
// is run as an office's lets nobody in by a click.
func TestNoDoorsOutsideADemonstration(t *testing.T) {
	d := start(t)
	var told struct {
		Doors []struct{ Role, Name, Password string } `json:"doors"`
	}
	if status := fetch(t, d.API+"/v1/demo", &told); status != http.StatusOK || len(told.Doors) != 3 {
		t.Fatalf("the demonstration: status %d, %d doors", status, len(told.Doors))
	}
	for _, door := range told.Doors {
		body, _ := json.Marshal(map[string]string{"name": door.Name, "password": door.Password})
		answer, err := http.Post(d.API+"/v1/session", "application/json", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusCreated {
			t.Errorf("%s cannot sign in: %s", door.Role, answer.Status)
		}
	}

	config := d.Config()
	config.Site.Node, config.Spool.Dir, config.API.Listen = "office", t.TempDir(), "127.0.0.1:0"
	config.Switches = []configs.Switch{}
	app, err := daemon.New(t.Context(), config, slog.New(slog.DiscardHandler), daemon.WithVolatileLedger())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- app.Run(ctx) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	for _, path := range []string{"/v1/demo", "/v1/demo/listen", "/v1/demo/listen/supervisor", "/v1/demo/"} {
		if status := fetch(t, "http://"+app.Addr()+path, nil); status != http.StatusNotFound {
			t.Errorf("%s of an office: status %d, want 404", path, status)
		}
	}
}

// fetch gets a resource, and decodes it if it is wanted.
func fetch(t *testing.T, address string, into any) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if into != nil {
		if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	return answer.StatusCode
}
