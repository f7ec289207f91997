package everypage_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"sambung/daemon/api/client"
	"sambung/internal/browser"
	"sambung/storage/dossier"
)

// TestQualitysActions: Quality Assurance finds a dossier by whatever is known of it,
// exports a period, hears a talk with every key of the player, and returns and
// accepts with remarks.
func TestQualitysActions(t *testing.T) {
	o, downloads := open(t), t.TempDir()
	p := o.signIn(browser.Start(t, browser.Options{Screenshots: *screenshots, Downloads: downloads, Height: 900}), "rina")
	p.Excuse("/v1/dossiers/search") // 400: what is wrong in a search is named
	o.finds(p)
	o.exports(t, p, downloads)
	o.plays(t, p)
	o.judges(t, p)
	o.findsDamage(p)
}

// finds searches by each of the fields.
func (o *office) finds(p *browser.Page) {
	for _, look := range []struct{ field, value, want string }{
		{"ticket", "ESK-1012", "1012"},
		{"phone", "0812-0000-1022", "1022"},
		{"agent", "agent-3", "1003 1023"},
		{"outcome", "refused", "1002"},
		{"route", "opinion_requested", "1003 1022"},
		{"fromDay", "2026-11-25", "1021 1022 1023 1024"},
		{"toDay", "2026-11-23", "1001 1002 1003"},
		{"minMinutes", "2,5", "1001 1012 1022"},
		{"maxMinutes", "1", "1002 1024"},
		{"review", "accepted", "1001"},
		{"review", "returned", "1011"},
		{"ticket", "ESK-9999", ""},
	} {
		p.Click(`.search .button-quiet`)
		p.Choose(`.search [name="review"]`, "")
		p.Choose(`.search [name="`+look.field+`"]`, look.value)
		p.Click(`.search button[type="submit"]`)
		p.Wait("what fits "+look.field+" is found", `[...document.querySelectorAll('tbody .ticket')].map(one => one.innerText.slice(4)).sort().join(' ') === '`+look.want+`' && !document.querySelector('.loading')`)
	}
	p.Wait("that none fits is said", `document.querySelector('.table-empty').innerText === 'Tidak ada berkas yang cocok.'`)
	p.Click(`.search .button-quiet`)
	p.Choose(`.search [name="phone"]`, "112")
	p.Click(`.search button[type="submit"]`)
	p.Wait("a number that cannot be is named", wrong("phone", "Nomor darurat"))
	p.Choose(`.search [name="phone"]`, "")
	p.Choose(`.search [name="fromDay"]`, "2026-11-25")
	p.Choose(`.search [name="toDay"]`, "2026-11-23")
	p.Wait("days the wrong way round are named", wrong("toDay", "mendahului"))
	p.Click(`.search .button-quiet`)
	p.Wait("all that nobody reviewed is there", `document.querySelectorAll('tbody .ticket').length === 7`)
}

// exports fetches a day as CSV and all as JSONL, and compares both with the search.
func (o *office) exports(t *testing.T, p *browser.Page, downloads string) {
	zone := o.Deps.Zone
	all := []time.Time{time.Date(2026, 11, 1, 0, 0, 0, 0, zone), time.Date(2026, 11, 27, 0, 0, 0, 0, zone)}
	day := []time.Time{time.Date(2026, 11, 24, 0, 0, 0, 0, zone), time.Date(2026, 11, 25, 0, 0, 0, 0, zone)}
	lines := strings.Split(strings.TrimSpace(o.exported(p, downloads, "2026-11-01", "2026-11-26", "jsonl")), "\n")
	want := o.sealed(t, all[0], all[1])
	if len(lines) != len(want) || len(want) != 9 {
		t.Fatalf("%d lines for %d dossiers", len(lines), len(want))
	}
	for i, line := range lines {
		var got client.Dossier
		if err := json.Unmarshal([]byte(line), &got); err != nil || got != want[i] {
			t.Errorf("line %d: %+v, %v; want %+v", i+1, got, err, want[i])
		}
	}
	text := o.exported(p, downloads, "2026-11-24", "2026-11-24", "csv")
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	reader.Comma = ';'
	table, err := reader.ReadAll()
	want = o.sealed(t, day[0], day[1])
	if err != nil || !strings.HasPrefix(text, "\ufeff") || len(table) != 1+len(want) || len(want) != 2 {
		t.Fatalf("%q, %v; want %d rows below a header, all behind a byte order mark", table, err, len(want))
	}
	cell := func(row []string, column string) string { return row[slices.Index(table[0], column)] }
	for i, d := range want {
		row := table[i+1]
		got := []string{cell(row, "ticket"), cell(row, "agent"), cell(row, "outcome"), cell(row, "seconds"), cell(row, "met_deadline"), cell(row, "sealed_at")}
		if w := []string{d.Ticket, d.Agent, d.Outcome, strconv.Itoa(d.Seconds), strconv.FormatBool(d.MetDeadline), d.SealedAt.In(zone).Format(time.DateTime)}; !slices.Equal(got, w) {
			t.Errorf("row %d: %q, want %q", i+1, got, w)
		}
	}
	for _, file := range []string{text, strings.Join(lines, "")} {
		if strings.Contains(file, "Contoh") || strings.Contains(file, "62812") {
			t.Error("the export has a name or a number")
		}
	}
}

// exported fetches a period by the dialogue and reads the file.
func (o *office) exported(p *browser.Page, downloads, from, to, format string) string {
	o.t.Helper()
	p.Click(`.worklist > .panel-head button`)
	p.Choose(`dialog [name="from"]`, from)
	p.Choose(`dialog [name="to"]`, to)
	p.Choose(`dialog [name="format"]`, format)
	p.Click(`dialog .button-primary`)
	p.Wait("the dialogue is done", `!document.querySelector('dialog')`)
	path := filepath.Join(downloads, fmt.Sprintf("sambung-%s-%s.%s", from, to, format))
	for limit := time.Now().Add(20 * time.Second); ; <-time.After(20 * time.Millisecond) {
		// A browser names a file so once it has all of it.
		if content, err := os.ReadFile(path); err == nil {
			return string(content)
		} else if time.Now().After(limit) {
			o.t.Fatalf("what was exported does not come: %v", err)
		}
	}
}

func (o *office) sealed(t *testing.T, from, to time.Time) []client.Dossier {
	t.Helper()
	found, next, err := o.api.Dossiers(t.Context(), client.DossierSearch{From: &from, To: &to})
	if err != nil || next != "" {
		t.Fatalf("more than %d dossiers, %v", len(found), err)
	}
	return found
}

// playing is the sound that plays, which the page keeps to itself.
const playing = `(window.sound ?? {currentTime: -1})`

// plays opens the recording that was paused, and uses every key.
func (o *office) plays(t *testing.T, p *browser.Page) {
	c := converse(t)
	p.Click(`a[href="/qa/` + string(o.dossier) + `"]`)
	p.Wait("the keys are there", `document.querySelector('.recording-closed button[aria-keyshortcuts]')`)
	p.Run(`HTMLMediaElement.prototype.play = (play => function () { window.sound = this; return play.call(this) })(HTMLMediaElement.prototype.play)`)
	p.Press(" ")
	p.Wait("both tracks, the pause and its marks are drawn", `document.querySelector('.wave-agent') && document.querySelector('.wave-taxpayer') && document.querySelectorAll('.wave-gap').length === 1 && document.querySelector('.wave-mark-recording_unmuted')`)
	p.Text("(selama 0:30)")
	at := func(seconds float64, what string) {
		p.Wait(fmt.Sprintf("%s is at %.1f s", what, seconds), fmt.Sprintf(`Math.abs(%s.currentTime - %f) < 0.4`, playing, seconds))
	}
	p.Press(" ")
	p.Wait("it plays", playing+`.currentTime > 0.3`)
	p.Press(" ")
	p.Wait("it is paused", playing+`.paused`)
	p.Press("0")
	at(0, "the beginning")
	p.Press("3") // answered, identity, paused
	at(c.paused.Seconds(), "the third mark")
	p.Press(".")
	at(c.resumed.Seconds(), "the mark after it")
	p.Press(",")
	at(c.paused.Seconds(), "the mark before that")
	p.Press(kb.ArrowRight)
	at(c.paused.Seconds()+5, "5 s on")
	p.Press(kb.ArrowLeft)
	p.Press(kb.ArrowLeft)
	at(c.paused.Seconds()-5, "10 s back")
	speed := func(want string) {
		p.Wait("it plays at "+want, `document.querySelector('.player-speed select').value === '`+want+`' && `+playing+`.playbackRate === `+want)
	}
	p.Press("+")
	speed("1.25")
	p.Press("-")
	p.Press("-")
	speed("0.75")
	p.Choose(`.player-speed select`, "2")
	speed("2")

	// Who plays on through the pause seeks nothing.
	p.Press("s")
	p.Wait("silence is skipped", `document.querySelector('.player-controls input').checked`)
	p.Press("3")
	at(c.paused.Seconds(), "the third mark")
	p.Run(fmt.Sprintf(`%s.addEventListener('seeking', event => { window.skipped ||= event.target.currentTime > %f })`, playing, c.resumed.Seconds()-2))
	p.Press(" ")
	p.Wait("the silence is skipped", `window.skipped`)
	p.Press(" ")
	p.Press("v")
	p.Text("Utuh: ")
	p.Press("d")
	p.Wait("a reason is asked for", `document.querySelector('dialog[open] [name="reason"]')`)
	p.Choose(`dialog [name="reason"]`, "") // the driver's key is typed, too
	p.Wait("without one nothing is fetched", `document.querySelector('dialog .button-primary').disabled`)
	p.Press(kb.Escape)
	p.Wait("the dialogue is closed", `!document.querySelector('dialog')`)
}

// judges returns with remarks, without which it is refused, then accepts.
func (o *office) judges(t *testing.T, p *browser.Page) {
	const panel = `section[aria-label="Penilaian"] `
	p.Click(panel + `.button-plain`)
	p.Wait("remarks are asked for", wrong("remarks", "Belum diisi"))
	p.Fill(`[name="remarks"]`, "Pesan tidak disampaikan lengkap.")
	p.Wait("the field is right as soon as it is filled", right("remarks"))
	p.Click(panel + `.button-plain`)
	p.Wait("the verdict is shown", `document.querySelector('.dossier-head .badge').innerText === 'dikembalikan'`)
	p.Fill(`[name="remarks"]`, "Sudah dilengkapi.")
	p.Click(panel + `.button-primary`)
	p.Wait("the verdict is the new one", `document.querySelector('.dossier-head .badge').innerText === 'diterima'`)
	p.Wait("both are in the chain", `document.querySelectorAll('.custody li').length === 3 && document.querySelector('.custody').innerText.includes('Pesan tidak disampaikan lengkap.')`)
	chain, err := o.api.Custody(t.Context(), string(o.dossier))
	acts := make([]dossier.Act, len(chain))
	for i, link := range chain {
		if acts[i] = link.Act; link.Actor != "user:rina" {
			t.Errorf("link %d is by %s", i+1, link.Actor)
		}
	}
	if want := []dossier.Act{dossier.Opened, dossier.Returned, dossier.Accepted}; err != nil || !slices.Equal(acts, want) {
		t.Errorf("custody %v, %v; want %v", acts, err, want)
	}
	p.Click(`.dossier-next`)
	p.Wait("the next one is shown", `document.querySelector('.dossier-head .badge')?.innerText === 'belum dinilai'`)
	p.Click(`.dossier-nav a`)
	p.Wait("the reviewed one is off the list", `document.querySelectorAll('tbody .ticket').length === 6`)
}

// findsDamage verifies a dossier of which a byte changed in the archive.
func (o *office) findsDamage(p *browser.Page) {
	state, err := o.Queue.State(o.t.Context(), o.dossier)
	o.do(err)
	key := state.Recordings[0].Key
	o.Filed.Rot(key, 100)
	p.Go(o.url + "/qa/" + string(o.dossier))
	p.Click(`.verify button`)
	p.Text("Tidak utuh.")
	p.Text(key)
}
