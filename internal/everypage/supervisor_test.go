package everypage_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"sambung/daemon/api/client"
	"sambung/internal/browser"
	"sambung/queue"
)

// TestSupervisorsActions: what a co-supervisor does on the pages is what is in the
// ledger then, and what is wrong is named where it stands.
func TestSupervisorsActions(t *testing.T) {
	o := open(t)
	p := o.signIn(browser.Start(t, browser.Options{Screenshots: *screenshots}), "dewi")
	p.Excuse("/v1/follow-ups") // 400 and 409: what was typed is judged, and refused
	o.enqueues(t, p)
	o.mends(t, p)
	o.corrects(t, p)
	o.reassigns(t, p)
	o.saysWhoIsThere(t, p)
	o.searches(t, p)
}

// state is how a ticket's follow-up stands; there must be one alone.
func (o *office) state(t *testing.T, ticket string) queue.State {
	t.Helper()
	found, err := o.api.Find(t.Context(), client.Search{Ticket: ticket})
	if err != nil || len(found) != 1 {
		t.Fatalf("%d follow-ups of %s, %v", len(found), ticket, err)
	}
	return found[0]
}

// wrong is true when a field is marked wrong and says something, and right when it is not.
func wrong(name, says string) string {
	return `(field => field?.getAttribute('aria-invalid') === 'true' && field.closest('.field').querySelector('.field-fault').innerText.includes('` + says + `'))(document.querySelector('[name="` + name + `"]'))`
}

func right(name string) string {
	return `document.querySelector('[name="` + name + `"]') && !document.querySelector('[name="` + name + `"][aria-invalid]')`
}

func (o *office) enqueues(t *testing.T, p *browser.Page) {
	p.Go(o.url + "/supervisor/tambah")
	p.Fill(`[name="ticket"]`, "ESK-4001")
	p.Run(`document.querySelector('[name="route"]').focus()`)
	p.Press(kb.ArrowDown) // by a key, which tells input and change apart
	p.Wait("the first route is chosen", `document.querySelector('[name="route"]').value === 'answer'`)
	p.Fill(`[name="taxpayer"]`, "Gede Contoh")
	p.Fill(`[name="phone"]`, "12")
	p.Wait("the wrong number is named while one is in its field", wrong("phone", "Nomor darurat")+` && document.activeElement.name === 'phone'`)
	p.Wait("what nobody came to yet is not complained of", right("message"))
	p.Fill(`[name="phone"]`, "0812-0000-4001")
	p.Wait("the number is right", right("phone"))
	p.Fill(`[name="message"]`, "Permohonan disetujui.")
	p.Text("Langsung masuk antrean.")
	p.Click(`form button[type="submit"]`)
	p.Told("ESK-4001 ditambahkan")
	if s := o.state(t, "ESK-4001"); s.Status != queue.StatusQueued || s.FollowUp.Taxpayer.Phone != "+6281200004001" || s.FollowUp.Taxpayer.Name != "Gede Contoh" {
		t.Errorf("%s, %+v", s.Status, s.FollowUp.Taxpayer)
	}

	p.Wait("the form is empty", `document.querySelector('[name="ticket"]').value === '' && document.activeElement.name === 'ticket'`)
	p.Fill(`[name="ticket"]`, "ESK-4001")
	p.Choose(`[name="route"]`, "opinion_unrequested")
	p.Choose(`[name="directorate"]`, "pp1")
	p.Fill(`[name="taxpayer"]`, "Gede Contoh")
	p.Fill(`[name="phone"]`, "0812-0000-4001")
	p.Fill(`[name="message"]`, "Pendapat Direktorat PP I.")
	p.Text("Tiket ini masih mempunyai tindak lanjut yang berjalan.")
	p.Click(`.notice input[type="checkbox"]`)
	p.Text("Menunggu sampai agen ditugaskan.")
	p.Click(`form button[type="submit"]`)
	p.Wait("the second one is enqueued", `document.querySelector('[name="ticket"]').value === ''`)
	found, err := o.api.Find(t.Context(), client.Search{Ticket: "ESK-4001", States: []string{string(queue.StatusAwaitingAgent)}})
	if err != nil || len(found) != 1 || found[0].FollowUp.Directorate != queue.DirectoratePP1 {
		t.Errorf("%+v, %v; want an opinion of pp1 that awaits its agent", found, err)
	}
}

func (o *office) mends(t *testing.T, p *browser.Page) {
	id := string(o.handedBack)
	p.Go(o.url + "/supervisor/" + id)
	p.Click(`.decisions > .row button:nth-of-type(3)`)
	p.Fill(`dialog [name="phone"]`, "0812")
	p.Click(`dialog button[type="submit"]`)
	p.Wait("the wrong number is named", wrong("phone", ""))
	p.Fill(`dialog [name="phone"]`, "(021) 525 0208")
	p.Click(`dialog button[type="submit"]`)
	p.Wait("it is saved", `!document.querySelector('dialog')`)
	p.Text("+62215250208")
	p.Click(`.decisions > .row button:nth-of-type(2)`)
	p.Fill(`dialog [name="reason"]`, "Nomor sudah diperbaiki")
	p.Click(`dialog .button-primary`)
	p.Told("Dikembalikan ke antrean.")
	p.Text("Nomor sudah diperbaiki")
	s, err := o.api.Show(t.Context(), id)
	if err != nil || s.Status != queue.StatusQueued || s.FollowUp.Taxpayer.Phone != "+62215250208" {
		t.Errorf("%s, %s, %v", s.Status, s.FollowUp.Taxpayer.Phone, err)
	}
}

func (o *office) corrects(t *testing.T, p *browser.Page) {
	id := o.unconfirmed("ESK-4002", "Komang Contoh", "agent-2")
	p.Go(o.url + "/supervisor/" + string(id))
	p.Click(`.decisions > .row .button-primary`)
	p.Choose(`dialog [name="outcome"]`, "delivered")
	p.Fill(`dialog [name="note"]`, "Ditanyakan kepada agen-2.")
	p.Click(`dialog .button-primary`)
	p.Told("Hasil disimpan.")
	p.Text("Hasil penyampaian diperbaiki")
	if s := o.state(t, "ESK-4002"); s.Outcome != queue.OutcomeDelivered || s.Status != queue.StatusClosed {
		t.Errorf("%s, %s", s.Status, s.Outcome)
	}
}

func (o *office) reassigns(t *testing.T, p *browser.Page) {
	p.Go(o.url + "/supervisor/" + string(o.state(t, "ESK-2005").FollowUp.ID))
	p.Text("agent-2; pilih agen lain")
	p.Choose(`.decisions select`, "agent-4")
	p.Click(`.decisions button[type="submit"]`)
	p.Told("ESK-2005 ditugaskan kepada agent-4.")
	p.Text("agent-4; pilih agen lain")
	if s := o.state(t, "ESK-2005"); s.FollowUp.Agent != "agent-4" {
		t.Errorf("it is %s's", s.FollowUp.Agent)
	}
}

// saysWhoIsThere pauses an agent from the wall, whose own page says so, and lets him
// take calls again.
func (o *office) saysWhoIsThere(t *testing.T, p *browser.Page) {
	own := o.signIn(browser.Start(t, browser.Options{Screenshots: *screenshots}), "sari")
	own.Wait("the agent is ready", `document.querySelector('.presence-ready')`)
	p.Go(o.url + "/supervisor")
	p.Click(`.wall-side summary`)
	p.Wait("the day with a miss is on the chart and in its table", `[...document.querySelectorAll('.wall-side tr')].some(row => /24 Nov\s+1\s+1$/.test(row.innerText)) && /1 terlambat/.test(document.querySelector('.kept-picture').getAttribute('aria-label'))`)
	for _, step := range []struct{ presence, reason, wall, page string }{
		{"paused", "rapat", "jeda", "Dijeda"}, {"offline", "", "tidak bertugas", "Tidak bertugas"}, {"ready", "", "siap", "Siap menerima panggilan"},
	} {
		p.Click(`[aria-label="Ubah kehadiran agent-2"]`)
		p.Choose(`dialog [name="presence"]`, step.presence)
		if step.reason != "" {
			p.Fill(`dialog [name="reason"]`, step.reason)
		}
		p.Click(`dialog button[type="submit"]`)
		p.Wait("the wall says "+step.wall, `(row => row.querySelector('.badge').innerText === '`+step.wall+`' && row.innerText.includes('`+step.reason+`'))([...document.querySelectorAll('.agents li')].find(row => row.innerText.startsWith('agent-2')))`)
		own.Wait("the agent's own page says so", `(panel => panel.innerText.includes('`+step.page+`') && panel.innerText.includes('`+step.reason+`'))(document.querySelector('.presence'))`)
		agents, err := o.api.Agents(t.Context())
		i := slices.IndexFunc(agents, func(a queue.Agent) bool { return a.ID == "agent-2" })
		if err != nil || i < 0 || string(agents[i].Presence) != step.presence || agents[i].PauseReason != step.reason {
			t.Errorf("%+v, %v; want %s", agents, err, step.presence)
		}
	}
}

func (o *office) searches(t *testing.T, p *browser.Page) {
	p.Go(o.url + "/supervisor/cari")
	p.Wait("the form stands", `document.querySelector('form [name="phone"]')`)
	for _, look := range []struct{ field, value, want string }{
		{"phone", "0812-0000-1024", "ESK-1024"}, {"ticket", "ESK-2005", "ESK-2005"}, {"agent", "agent-5", "ESK-2003"}, {"state", "talking", "ESK-2008"},
	} {
		p.Run(`document.querySelector('form').reset()`)
		p.Choose(`[name="`+look.field+`"]`, look.value)
		p.Click(`form button[type="submit"]`)
		p.Wait("it is found by "+look.field, `[...document.querySelectorAll('.ticket')].map(one => one.innerText).join() === '`+look.want+`'`)
	}
	var address string
	p.Ask(`location.href + document.title`, &address)
	if strings.Contains(address, "0812") || strings.Contains(address, "ESK") {
		t.Errorf("what was looked for is in the address or the title: %s", address)
	}
}
