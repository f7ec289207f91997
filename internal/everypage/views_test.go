package everypage_test

import "sambung/internal/browser"

// view is a page as somebody sees it.
type view struct {
	name string
	user string // nobody signs in at the sign-in
	path string
	// demonstration says that it is a page of the demonstration alone.
	demonstration bool
	// until says when it is there.
	until string
	// prepare brings it about, if the path does not.
	prepare func(*browser.Page)
	height  int // of the window at most, where the page is higher than the usual one
}

// click clicks on the nth button within a part of the page.
func click(within string, n int) func(*browser.Page) {
	return func(p *browser.Page) {
		p.Run("document.querySelectorAll('" + within + "')[" + string(rune('0'+n)) + "].click()")
		p.Wait("a dialogue stands", "document.querySelector('dialog[open]')")
	}
}

const rows = "ticket;route;taxpayer;phone;message\n" +
	"ESK-3001;answer;Wayan Contoh;+628120003001;Permohonan disetujui.\n" +
	"ESK-3002;jawaban;PT Maju Rekaan;12;Permohonan disetujui.\n"

// choose gives the import a file.
func choose(p *browser.Page) {
	p.Run(`(input => {
		const file = new DataTransfer()
		file.items.add(new File([` + "`" + rows + "`" + `], 'tindak-lanjut.csv', {type: 'text/csv'}))
		input.files = file.files
		input.dispatchEvent(new Event('change', {bubbles: true}))
	})(document.querySelector('input[type=file]'))`)
	p.Wait("the faults are shown", "document.querySelector('textarea.file-text')")
}

func (o *office) views() []view {
	talking, handedBack, dossier, returned := string(o.talking), string(o.handedBack), string(o.dossier), string(o.returned)
	return []view{
		{name: "sign-in", path: "/masuk", until: ".sign-in-card"},
		{name: "sign-in-wrong", path: "/masuk", until: ".sign-in-card", prepare: func(p *browser.Page) {
			p.Fill(`input[name="name"]`, "budi")
			p.Fill(`input[name="password"]`, "bukan kata sandinya")
			p.Click("button[type=submit]")
			p.Wait("it is refused", "document.querySelector('.notice')")
		}},
		{name: "demonstration", path: "/", demonstration: true, until: "main button"},
		{name: "demonstration-agent", user: "sari", path: "/agen", demonstration: true, until: ".presence-ready"},
		{name: "demonstration-supervisor", user: "dewi", path: "/supervisor", demonstration: true, until: ".wall", height: 1400},
		{name: "demonstration-qa", user: "rina", path: "/qa", demonstration: true, until: ".ticket"},
		{name: "agent-ready", user: "sari", path: "/agen", until: ".presence-ready"},
		{name: "agent-pause", user: "sari", path: "/agen", until: ".presence-ready", prepare: click(".presence-actions button", 0)},
		{name: "agent-ringing", user: "wati", path: "/agen", until: ".progress-ringing"},
		{name: "agent-talking", user: "budi", path: "/agen", until: ".progress-talking"},
		{name: "agent-outcome", user: "joko", path: "/agen", until: ".progress-wrap_up"},
		{name: "agent-callback", user: "joko", path: "/agen", until: ".progress-wrap_up", prepare: func(p *browser.Page) {
			p.Press("2")
			p.Wait("the time is asked for", "document.querySelector('.outcome-choice.chosen')")
		}},
		{name: "supervisor-wall", user: "dewi", path: "/supervisor", until: ".wall", height: 1300},
		{name: "supervisor-presence", user: "dewi", path: "/supervisor", until: ".wall", prepare: func(p *browser.Page) {
			p.Click(`[aria-label$="agent-4"]`)
			p.Choose(`dialog [name="presence"]`, "paused")
			p.Fill(`dialog [name="reason"]`, "rapat")
		}},
		{name: "supervisor-add", user: "dewi", path: "/supervisor/tambah", until: "form.form", height: 1400},
		{name: "supervisor-add-faults", user: "dewi", path: "/supervisor/tambah", until: "form.form", height: 1400, prepare: func(p *browser.Page) {
			p.Excuse("/v1/follow-ups") // 400: what is missing
			p.Click("form.form button[type=submit]")
			p.Wait("the faults are shown", "document.querySelector('[aria-invalid=true]')")
			p.Wait("they are told in the page's language", "document.documentElement.lang !== 'id' || !document.querySelector('form').innerText.includes('It is empty')")
		}},
		{name: "supervisor-import", user: "dewi", path: "/supervisor/impor", until: "input[type=file]", prepare: choose, height: 1400},
		{name: "supervisor-search", user: "dewi", path: "/supervisor/cari", until: "form.form", height: 1000, prepare: func(p *browser.Page) {
			p.Click("form button[type=submit]")
			p.Wait("something is found", "document.querySelector('.ticket')")
		}},
		{name: "supervisor-call", user: "dewi", path: "/supervisor/" + talking, until: ".detail", height: 1100},
		{name: "supervisor-handed-back", user: "dewi", path: "/supervisor/" + handedBack, until: ".decisions", height: 1100},
		{name: "supervisor-outcome", user: "dewi", path: "/supervisor/" + handedBack, until: ".decisions", prepare: click(".decisions > .row button", 0)},
		{name: "supervisor-requeue", user: "dewi", path: "/supervisor/" + handedBack, until: ".decisions", prepare: click(".decisions > .row button", 1)},
		{name: "supervisor-edit", user: "dewi", path: "/supervisor/" + handedBack, until: ".decisions", prepare: click(".decisions > .row button", 2)},
		{name: "supervisor-cancel", user: "dewi", path: "/supervisor/" + handedBack, until: ".decisions", prepare: click(".decisions > .row button", 3)},
		{name: "qa-worklist", user: "rina", path: "/qa", until: ".ticket", height: 1000},
		{name: "qa-search", user: "rina", path: "/qa", until: ".ticket", height: 1000, prepare: func(p *browser.Page) {
			p.Choose(`.search [name="route"]`, "answer")
			p.Choose(`.search [name="review"]`, "")
			p.Choose(`.search [name="fromDay"]`, "2026-11-23")
			p.Choose(`.search [name="toDay"]`, "2026-11-24")
			p.Click(`.search button[type="submit"]`)
			p.Wait("what fits is listed", "document.querySelectorAll('tbody tr').length === 4")
		}},
		{name: "qa-export", user: "rina", path: "/qa", until: ".ticket", prepare: click(".worklist > .panel-head button", 0)},
		{name: "qa-dossier", user: "rina", path: "/qa/" + dossier, until: ".recording-closed", height: 1000},
		{name: "qa-download", user: "rina", path: "/qa/" + dossier, until: ".recording-closed", prepare: click(".panel-head button", 0)},
		{name: "qa-player", user: "rina", path: "/qa/" + dossier, until: ".recording-closed", height: 1180, prepare: func(p *browser.Page) {
			p.Click(".recording-closed button")
			p.Wait("the recording is open", "document.querySelector('.markers')")
			p.Click(".verify button")
			p.Wait("it is sound", "document.querySelector('.verify .notice-good')")
		}},
		{name: "qa-reviewed", user: "rina", path: "/qa/" + returned, until: ".custody", height: 1100},
		{name: "admin-system", user: "agus", path: "/admin", until: ".panel", height: 1200},
		{name: "admin-users", user: "agus", path: "/admin/pengguna", until: "tbody tr"},
		{name: "admin-user", user: "agus", path: "/admin/pengguna", until: "tbody tr", prepare: click(".panel-head button", 0)},
		{name: "admin-remove", user: "agus", path: "/admin/pengguna", until: "tbody tr", prepare: click("tbody .button-danger:not(:disabled)", 0)},
		{name: "admin-agents", user: "agus", path: "/admin/agen", until: "tbody tr"},
		{name: "admin-agent", user: "agus", path: "/admin/agen", until: "tbody tr", prepare: click(".panel-head button", 0)},
		{name: "admin-calendar", user: "agus", path: "/admin/kalender", until: ".panel", height: 1000},
	}
}
