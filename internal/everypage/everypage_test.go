package everypage_test

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"sambung/daemon/api/apitest"
	"sambung/internal/browser"
)

var screenshots = flag.String("screenshots", "", "leave a picture of every page in this folder")

// phone is the width of a co-supervisor's telephone, in pixels.
const phone = 390

// usual is the height of a window, in pixels.
const usual = 720

// TestEveryPage: every page can be used by everybody, in both languages and both
// themes, and complains of nothing.
func TestEveryPage(t *testing.T) {
	o, source := open(t), axe(t)
	views := make(map[string][]view)
	var users []string
	for _, v := range o.views() {
		if len(views[v.user]) == 0 {
			users = append(users, v.user)
		}
		views[v.user] = append(views[v.user], v)
	}
	for _, user := range users {
		name := user
		if name == "" {
			name = "nobody"
		}
		t.Run(name, func(t *testing.T) {
			p := o.signIn(browser.Start(t, browser.Options{Screenshots: *screenshots}), user)
			for _, v := range views[user] {
				o.look(t, p, v, source)
			}
		})
	}
}

// signIn opens a page in a browser, and signs that person in.
func (o *office) signIn(b *browser.Browser, user string) *browser.Page {
	p := b.Open(o.url + "/masuk")
	p.Excuse("/v1/session")   // 401: nobody is signed in yet
	p.Excuse("/v1/telephone") // 404: a telephone on the desk
	if user != "" {
		p.Fill(`input[name="name"]`, user)
		p.Fill(`input[name="password"]`, apitest.Password)
		p.Click(`button[type="submit"]`)
		p.Wait("somebody is signed in", "!document.querySelector('.sign-in') && !document.querySelector('.loading')")
	}
	return p
}

// look has one view judged, in the window it is made for.
func (o *office) look(t *testing.T, p *browser.Page, v view, source string) {
	t.Helper()
	widths := []int{1280}
	if v.user == "dewi" || v.user == "" || v.demonstration {
		widths = append(widths, phone)
	}
	p.Resize(1280, usual)
	site := o.url
	if v.demonstration {
		site = o.demonstration
	}
	p.Go(site + v.path)
	p.Wait("the page "+v.name+" stands", fmt.Sprintf("document.querySelector(%q) && !document.querySelector('.loading')", v.until))
	if v.prepare != nil {
		set(p, "id", "light") // what is prepared is in the language of the guides
		v.prepare(p)
	}
	load(p, source)
	for _, width := range widths {
		p.Resize(width, usual)
		var content int
		p.Ask("document.documentElement.scrollHeight", &content)
		p.Resize(width, max(usual, min(content, v.height)))
		for _, language := range []string{"id", "en"} {
			for _, theme := range []string{"light", "dark"} {
				set(p, language, theme)
				name := strings.Join([]string{v.name, language, theme}, "-")
				if width == phone {
					name += "-phone"
				}
				p.Run("scrollTo(0, 0)") // a click may have scrolled
				for _, found := range judge(p) {
					if found.serious() {
						t.Errorf("%s: %s", name, found)
					} else {
						t.Logf("%s: %s", name, found)
					}
				}
				if wide := overflow(p); wide > 0 {
					t.Errorf("%s: the page is %d pixels wider than its window", name, wide)
				}
				if *screenshots != "" {
					p.Screenshot(name)
					squeeze(t, filepath.Join(*screenshots, name+".png"))
				}
			}
		}
	}
}

// set chooses language and theme as somebody at the page would, dialogue or not.
func set(p *browser.Page, language, theme string) {
	p.Run(fmt.Sprintf(`[%q, %q].forEach(choice => {
		const field = document.querySelector('.display-settings option[value=' + choice + ']').parentElement
		field.value = choice
		field.dispatchEvent(new Event('change', {bubbles: true}))
	})`, language, theme))
	p.Wait("the page has that language and theme", fmt.Sprintf(`document.documentElement.lang === %q && document.documentElement.dataset.theme === %q
		&& document.getAnimations().every(a => !(a instanceof CSSTransition))`, language, theme))
	var drawn bool
	p.Ask("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))", &drawn)
}

// overflow is by how much a page is wider than its window, in pixels.
func overflow(p *browser.Page) int {
	var wide int
	p.Ask("document.documentElement.scrollWidth - document.documentElement.clientWidth", &wide)
	return wide
}
