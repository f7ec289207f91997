package everypage_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"sambung/internal/browser"
)

const axeFile = "../../daemon/console/web/node_modules/axe-core/axe.min.js"

// axe is the source of axe-core.
func axe(t testing.TB) string {
	t.Helper()
	source, err := os.ReadFile(axeFile)
	if err != nil {
		t.Fatalf("axe-core is not there: run make console, which installs it: %v", err)
	}
	return string(source) + "\n;true"
}

// violation is one rule that a page breaks.
type violation struct {
	ID, Impact, Help string
	Nodes            []string // the elements, and what is wrong with each
}

func (v violation) String() string {
	return fmt.Sprintf("%s, %s: %s\n\t%s", v.Impact, v.ID, v.Help, strings.Join(v.Nodes, "\n\t"))
}

// serious reports whether it keeps somebody from the page.
func (v violation) serious() bool { return v.Impact == "serious" || v.Impact == "critical" }

// judge asks axe-core, which must be on the page, for what the page violates.
func judge(p *browser.Page) []violation {
	var found []violation
	p.Ask(`axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations.map(v => ({
		ID: v.id, Impact: v.impact, Help: v.help,
		Nodes: v.nodes.map(n => n.target.join(' ') + ': ' + n.failureSummary.replace(/\s+/g, ' ')),
	})))`, &found)
	return found
}

// load puts axe-core on the page, past its Content-Security-Policy.
func load(p *browser.Page, source string) {
	var there bool
	p.Ask(source, &there)
}

// TestTheJudgeFindsFaults: a page that shuts people out is not passed.
func TestTheJudgeFindsFaults(t *testing.T) {
	source := axe(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		fmt.Fprint(w, `<!doctype html><html lang="id"><title>t</title><link rel="icon" href="data:,"><main><h1>t</h1><input><font color="#ddd">pucat</font></main>`)
	}))
	t.Cleanup(server.Close)
	p := browser.Start(t, browser.Options{}).Open(server.URL)
	p.Excuse("favicon.ico")
	p.Excuse("Content Security Policy") // the icon
	load(p, source)
	serious := make(map[string]bool)
	for _, v := range judge(p) {
		if v.serious() {
			serious[v.ID] = true
		}
	}
	if !serious["label"] || !serious["color-contrast"] {
		t.Errorf("found %v, want a field without a name and a text without contrast", serious)
	}
}
