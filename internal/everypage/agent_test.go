package everypage_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"sambung/daemon/api/apitest"
	"sambung/daemon/api/client"
	"sambung/internal/browser"
	"sambung/queue"
	"sambung/telephony"
)

// TestAgentsActions: an agent checks the headset, says why there is a pause, takes
// a call and sends its outcome with a time for the next one, by keyboard alone; and
// a second tab takes the telephone over when the first is closed.
func TestAgentsActions(t *testing.T) {
	o := open(t)
	b := browser.Start(t, browser.Options{Screenshots: *screenshots})
	p := o.signIn(b, "sari")
	p.Text("Telepon peramban siap")
	o.checksTheHeadset(p)
	o.pauses(t, p)
	id := o.takesACall(t, p)
	o.refusesNights(t, id)
	o.agrees(t, p, id)

	o.settles(t, p, id)
	second := b.Open(o.url + "/agen")
	second.Text("Telepon ada di tab lain")
	p.Close()
	second.Text("Telepon peramban siap")
}

// tab goes to what a selector names as who has no mouse does.
func tab(p *browser.Page, selector string) {
	for range 40 {
		var there bool
		p.Ask(`document.activeElement.matches('`+selector+`') && document.activeElement.matches(':focus-visible')`, &there)
		if there {
			return
		}
		p.Press(kb.Tab)
	}
	p.Wait("the Tab key leads to "+selector, "false")
}

func (o *office) checksTheHeadset(p *browser.Page) {
	tab(p, `section[aria-label="Uji headset"] .button`)
	p.Press(kb.Enter)
	p.Wait("the microphone is heard", `document.querySelector('meter.meter')?.value > 0`)
	p.Text("Mikrofon terdengar baik")
	p.Press(kb.Enter)
	p.Wait("the check is over", `!document.querySelector('meter.meter')`)
	p.Press(kb.Tab)
	p.Run(`AudioNode.prototype.connect = (connect => function (...to) { window.sounded = true; return connect.apply(this, to) })(AudioNode.prototype.connect)`)
	p.Press(kb.Enter)
	p.Wait("a tone sounds", `window.sounded`)
}

func (o *office) pauses(t *testing.T, p *browser.Page) {
	p.Run(`document.activeElement.blur()`)
	p.Press("b")
	p.Wait("the reason is asked for, where one can write", `document.querySelector('dialog[open] input') === document.activeElement`)
	p.Run(`document.activeElement.select()`)
	p.Press("ambil berkas" + kb.Enter)
	p.Wait("the page says so", `(panel => panel.innerText.includes('Dijeda') && panel.innerText.includes('ambil berkas') && !panel.querySelector('[aria-busy]'))(document.querySelector('.presence'))`)
	agents, err := o.api.Agents(t.Context())
	i := slices.IndexFunc(agents, func(a queue.Agent) bool { return a.ID == "agent-2" })
	if err != nil || agents[i].Presence != queue.PresencePaused || agents[i].PauseReason != "ambil berkas" {
		t.Errorf("%+v, %v", agents[i], err)
	}
	p.Press("r")
	p.Wait("the agent is ready", `document.querySelector('.presence-ready')`)
}

// takesACall goes from the ring to the end of the talk. The switch is not there: what
// was asked of the call is what the API was told, and the test plays the rest.
func (o *office) takesACall(t *testing.T, p *browser.Page) queue.ID {
	id := o.enqueue("ESK-5001", "Bayu Contoh", func(s *client.Submission) {
		s.Route, s.Directorate = string(queue.RouteOpinionUnrequested), string(queue.DirectoratePP1)
		s.Follows, s.Agent = string(o.returned), "agent-2"
	})
	o.dial(id, "agent-2")
	p.Wait("the call is there by itself", `document.querySelector('.progress-ringing')`)
	p.Text("ESK-5001")
	o.Append(t, id, queue.Entry{Kind: queue.KindTaxpayerAnswered, Details: queue.Details{Attempt: 1}})
	p.Wait("they talk, and the message is hidden", `document.querySelector('.progress-talking') && document.querySelector('.message-short')`)
	p.Text("Pendapat direktorat (tidak diminta)")
	p.Text("Penyelesaian sebelumnya: Tiket ESK-1011")
	p.Text("sisa 60 menit kerja")
	p.Text("Ini percobaan pertama.")
	for _, step := range []struct {
		keys    string
		command telephony.Command
		kind    queue.Kind
		until   string
	}{
		{"i", telephony.ConfirmIdentity, queue.KindIdentityConfirmed, `document.querySelector('.message:not(.message-short)')`},
		{"p", telephony.Mute, queue.KindRecordingMuted, `document.querySelector('.recording-paused')`},
		{"p", telephony.Unmute, queue.KindRecordingUnmuted, `document.querySelector('.recording:not(.recording-paused)')`},
	} {
		p.Press(step.keys)
		o.asked(t, step.command)
		o.Append(t, id, queue.Entry{Kind: step.kind, Details: queue.Details{Attempt: 1}})
		p.Wait("the page shows "+string(step.kind), step.until)
	}
	tab(p, "summary")
	p.Press(kb.Enter)
	p.Wait("the earlier resolution is shown", `document.querySelector('.delivery details[open] .message')?.innerText.includes('disetujui')`)
	p.Run(`document.activeElement.blur()`)
	p.Press("h")
	p.Told("Tekan sekali lagi untuk mengakhiri")
	p.Press("hh") // the first key counts no more if this took 3 s
	o.asked(t, telephony.HangUp)
	o.WrapUp(t, id)
	p.Wait("the outcome is asked for", `document.querySelector('.progress-wrap_up')`)
	return id
}

// asked waits until a command is the last that was given to the call.
func (o *office) asked(t *testing.T, want telephony.Command) {
	t.Helper()
	for limit := time.Now().Add(20 * time.Second); ; <-time.After(10 * time.Millisecond) {
		given := o.Commands.Given()
		if len(given) > 0 && given[len(given)-1] == want {
			return
		}
		if time.Now().After(limit) {
			t.Fatalf("%v was asked of the call, not %s", given, want)
		}
	}
}

// refusesNights: the daemon takes no time for a callback at which nobody works,
// whatever page asks.
func (o *office) refusesNights(t *testing.T, id queue.ID) {
	own, err := client.New(o.URL, apitest.TokenOther, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Time{
		time.Date(2026, 11, 26, 20, 0, 0, 0, o.Deps.Zone), time.Date(2026, 11, 28, 10, 0, 0, 0, o.Deps.Zone), o.Now().Add(-time.Minute),
	} {
		_, err := own.Outcome(t.Context(), string(id), client.Outcome{Code: string(queue.OutcomeCallback), CallbackAt: &at})
		if err == nil || !strings.Contains(err.Error(), "callback_at") {
			t.Errorf("a callback at %s: %v; want callback_at refused", at, err)
		}
	}
}

// settles plays the daemon, which goes on from the outcome: the page is idle again.
func (o *office) settles(t *testing.T, p *browser.Page, id queue.ID) {
	state, err := o.Queue.State(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	settled, err := queue.Settle(state, o.Deps.Policy, o.Deps.Intake.Calendar, o.Now(), queue.ActorSystem)
	if err != nil {
		t.Fatal(err)
	}
	o.Append(t, id, settled)
	p.Text("Telepon peramban siap")
}

// agrees on a time with the taxpayer: the page offers office hours alone.
func (o *office) agrees(t *testing.T, p *browser.Page, id queue.ID) {
	p.Press("2")
	p.Wait("the day is asked for, where the keyboard is", `document.activeElement.name === 'callback_day'`)
	var days, times []string
	p.Ask(`[...document.querySelector('[name="callback_day"]').options].slice(1).map(one => one.value)`, &days)
	if want := []string{"2026-11-26", "2026-11-27", "2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04"}; !slices.Equal(days, want) {
		t.Errorf("days offered: %q; want %q", days, want)
	}
	p.Press(kb.ArrowDown + kb.ArrowDown) // tomorrow
	p.Wait("its hours are offered", `document.querySelector('[name="callback_time"]').options.length > 20`)
	p.Ask(`[...document.querySelector('[name="callback_time"]').options].map(one => one.value)`, &times)
	if len(times) != 32 || times[0] != "08:00" || times[31] != "15:45" {
		t.Errorf("times offered: %q; want each quarter from 08:00 to 15:45", times)
	}
	p.Press(kb.Tab + kb.ArrowDown) // 08.15
	tab(p, `[name="note"], .outcome textarea`)
	p.Press("Minta besok pagi.")
	p.Run(`document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', ctrlKey: true, bubbles: true}))`)
	p.Text("Hasil dicatat: minta dihubungi kembali.")
	state, err := o.Queue.State(t.Context(), id)
	if want := time.Date(2026, 11, 27, 8, 15, 0, 0, o.Deps.Zone); err != nil || state.Call.Outcome != queue.OutcomeCallback || !state.Call.CallbackAt.Equal(want) {
		t.Errorf("%s at %s, %v; want a callback at %s", state.Call.Outcome, state.Call.CallbackAt, err, want)
	}
}
