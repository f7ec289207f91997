package everypage_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"sambung/internal/browser"
	"sambung/queue"
)

// TestAdministratorsActions: users and agents are added, changed, shut out and
// removed on the pages, with what that means for whoever signs in.
func TestAdministratorsActions(t *testing.T) {
	o := open(t)
	p := o.signIn(browser.Start(t, browser.Options{Screenshots: *screenshots}), "agus")
	p.Excuse("/v1/users/")  // 400: what is wrong is named
	p.Excuse("/v1/agents/") // 400
	o.administersUsers(t, p)
	o.administersAgents(t, p)
	o.looksAround(p)
}

// looksAround reads the calendar in force and the state of the installation.
func (o *office) looksAround(p *browser.Page) {
	p.Go(o.url + "/admin/kalender")
	p.Text("Kamis, 26 November 2026")
	p.Text("08.00–16.00")
	p.Text("Hari Raya Natal")
	p.Wait("the weekend is none of it", `![...document.querySelectorAll('tbody td')].some(cell => /Sabtu|Minggu/.test(cell.innerText))`)
	p.Go(o.url + "/admin")
	p.Text("asterisk-2")
	p.Text("connection refused")
	p.Wait("the queue is counted", `[...document.querySelectorAll('tr')].some(row => /dalam antrean\s+4/.test(row.innerText))`)
	p.Click(".panel-head button")
	p.Wait("it was read again", `!document.querySelector('[aria-busy]')`)
}

// getsIn reports whether somebody gets in with a password.
func (o *office) getsIn(t *testing.T, name, password string) bool {
	t.Helper()
	body, err := json.Marshal(map[string]string{"name": name, "password": password})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(o.URL+"/v1/session", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusCreated
}

// row is the row of a table that begins with a name.
func row(name string) string {
	return `[...document.querySelectorAll('tbody tr')].find(row => row.cells[0].innerText.startsWith(` + strconv.Quote(name) + `))`
}

func (o *office) user(t *testing.T, name string) (queue.User, bool) {
	t.Helper()
	users, err := o.api.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(users, func(u queue.User) bool { return u.Name == name })
	if i < 0 {
		return queue.User{}, false
	}
	return users[i], true
}

func saves(p *browser.Page) {
	p.Click(`dialog button[type="submit"]`)
	p.Wait("it is saved", `!document.querySelector('dialog')`)
}

func (o *office) administersUsers(t *testing.T, p *browser.Page) {
	const first, second = "tiga gajah menyeberang", "empat kancil tidur siang"
	p.Go(o.url + "/admin/pengguna")
	p.Wait("who is signed in cannot be removed", row("agus")+`?.querySelector('.button-danger').disabled`)
	p.Click(`.panel-head button`)
	p.Fill(`dialog [name="name"]`, "tono")
	p.Choose(`dialog [name="role"]`, "qa")
	p.Fill(`dialog [name="password"]`, "pendek")
	p.Click(`dialog button[type="submit"]`)
	p.Wait("the short password is named", wrong("password", "Lebih pendek dari 12"))
	p.Fill(`dialog [name="password"]`, first)
	saves(p)
	p.Wait("the user is listed", row("tono")+`?.innerText.includes('Penjaminan Kualitas Layanan')`)
	if !o.getsIn(t, "tono", first) {
		t.Error("a new user does not get in")
	}

	p.Click(`[aria-label="Ubah tono"]`)
	p.Choose(`dialog [name="role"]`, "agent")
	p.Choose(`dialog [name="agent"]`, "agent-5")
	saves(p)
	p.Wait("the role is listed", row("tono")+`?.innerText.includes('agent-5')`)
	if u, _ := o.user(t, "tono"); u.Role != queue.RoleAgent || u.Agent != "agent-5" {
		t.Errorf("%+v; want an agent, agent-5", u)
	}
	p.Click(`[aria-label="Ubah tono"]`)
	p.Fill(`dialog [name="password"]`, second)
	saves(p)
	if o.getsIn(t, "tono", first) || !o.getsIn(t, "tono", second) {
		t.Error("the password is not the new one")
	}

	p.Click(`[aria-label="Ubah tono"]`)
	p.Click(`dialog [name="disabled"]`)
	saves(p)
	p.Wait("that is listed", row("tono")+`?.innerText.includes('dinonaktifkan')`)
	if o.getsIn(t, "tono", second) {
		t.Error("who was shut out gets in")
	}
	p.Click(`[aria-label="Hapus tono"]`)
	p.Click(`dialog .button-danger`)
	p.Wait("the user is gone", `!`+row("tono"))
	if _, there := o.user(t, "tono"); there {
		t.Error("the user is still there")
	}
}

func (o *office) administersAgents(t *testing.T, p *browser.Page) {
	agent := func() (queue.Agent, bool) {
		agents, err := o.api.Agents(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(agents, func(a queue.Agent) bool { return a.ID == "agent-7" })
		if i < 0 {
			return queue.Agent{}, false
		}
		return agents[i], true
	}
	p.Go(o.url + "/admin/agen")
	p.Click(`.panel-head button`)
	p.Fill(`dialog [name="id"]`, "agent-7")
	p.Fill(`dialog [name="endpoint"]`, "SIP/7")
	p.Click(`dialog button[type="submit"]`)
	p.Wait("what is wrong is named", wrong("endpoint", "Bukan telepon")+` && `+wrong("switch", "Bukan server telepon"))
	p.Fill(`dialog [name="endpoint"]`, "PJSIP/agent-7")
	p.Choose(`dialog [name="switch"]`, "asterisk-1")
	saves(p)
	p.Wait("the agent is listed", row("agent-7")+`?.innerText.includes('PJSIP/agent-7')`)
	p.Click(`[aria-label="Ubah agent-7"]`)
	p.Fill(`dialog [name="endpoint"]`, "PJSIP/meja-7")
	p.Fill(`dialog [name="specialisation"]`, "PPN")
	saves(p)
	p.Wait("the change is listed", row("agent-7")+`?.innerText.includes('PPN')`)
	if a, _ := agent(); a.Endpoint != "PJSIP/meja-7" || a.Switch != "asterisk-1" || a.Specialisation != "PPN" {
		t.Errorf("%+v", a)
	}
	p.Click(`[aria-label="Hapus agent-7"]`)
	p.Click(`dialog .button-danger`)
	p.Wait("the agent is gone", `!`+row("agent-7"))
	if a, there := agent(); there {
		t.Errorf("still there: %+v", a)
	}
}
