package browser

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience is how long a page may take to become what a test waits for.
const patience = 30 * time.Second

// pictureLimit is how long a picture may take.
const pictureLimit = 30 * time.Second

var pages atomic.Int64 // names the screenshots of pages that failed

// Page is one tab. A failure of anything it is asked ends the test.
type Page struct {
	t        testing.TB
	browser  *Browser
	ctx      context.Context
	cancel   context.CancelFunc
	console  *console
	document string // the last address that was opened
}

// Open opens an address in a tab of its own. Tabs of one browser share its
// cookies and its storage.
func (b *Browser) Open(address string) *Page {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	p := &Page{t: b.t, browser: b, ctx: ctx, cancel: cancel, console: &console{}}
	chromedp.ListenTarget(ctx, p.console.listen)
	chromedp.ListenTarget(ctx, p.consent)
	b.t.Cleanup(p.end)
	// The tab lives as long as the context it was made under: no time-out here.
	if err := chromedp.Run(ctx); err != nil {
		b.t.Fatalf("opening a tab: %v", err)
	}
	p.do("watching what the pages show", chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(watch).Do(ctx)
		return err
	}))
	p.Go(address)
	return p
}

// consent says yes to what the page asks in a dialogue of the browser's own, such
// as whether it may be left.
func (p *Page) consent(event any) {
	if _, asked := event.(*page.EventJavascriptDialogOpening); asked {
		go func() { // the listener must not wait; the tab's end ends it
			_ = chromedp.Run(p.ctx, page.HandleJavaScriptDialog(true))
		}()
	}
}

// end closes the tab, and fails the test for what it complained of.
func (p *Page) end() {
	for _, complaint := range p.console.complaints() {
		p.t.Errorf("the page %s complains: %s", p.document, complaint)
	}
	if p.t.Failed() && p.browser.options.Screenshots != "" && p.ctx.Err() == nil {
		p.Screenshot(fmt.Sprintf("failed-%d", pages.Add(1)))
	}
	p.cancel()
}

// Close closes the tab now, as its user would.
func (p *Page) Close() {
	p.t.Helper()
	p.do("closing the tab", page.Close())
}

// Go opens an address in this tab.
func (p *Page) Go(address string) {
	p.t.Helper()
	p.document = address
	p.do("opening "+address, chromedp.Navigate(address), page.BringToFront())
}

// Reload loads the page anew, as F5 does.
func (p *Page) Reload() {
	p.t.Helper()
	p.do("reloading", chromedp.Reload())
}

// Wait waits until an expression of JavaScript is true. what says what for.
func (p *Page) Wait(what, expression string) {
	p.t.Helper()
	p.do("waiting until "+what, chromedp.Poll("!!("+expression+")", nil, chromedp.WithPollingInterval(50*time.Millisecond), chromedp.WithPollingTimeout(patience)))
}

// Text waits until the page shows a text anywhere.
func (p *Page) Text(text string) {
	p.t.Helper()
	p.Wait(fmt.Sprintf("the page shows %q", text), fmt.Sprintf("document.body && document.body.innerText.includes(%q)", text))
}

// watch keeps every text that a page comes to show, for Told.
const watch = `(shown => new MutationObserver(changes => {
	for (const {target, addedNodes} of changes) shown.push(target.data ?? [...addedNodes].map(node => node.textContent).join(' '))
}).observe(document, {subtree: true, childList: true, characterData: true}))(window.shownSoFar = [])`

// Told waits until the page has shown a text since it was opened, be it gone by now:
// for what passes by itself, which a busy machine may look for too late.
func (p *Page) Told(text string) {
	p.t.Helper()
	p.Wait(fmt.Sprintf("the page has shown %q", text), fmt.Sprintf("window.shownSoFar.some(shown => shown.includes(%q))", text))
}

// Ask evaluates an expression, of a promise what it comes to, and decodes the value.
func (p *Page) Ask(expression string, into any) {
	p.t.Helper()
	p.do("evaluating "+shorten(expression), chromedp.Evaluate(expression, into, chromedp.EvalAsValue, awaiting))
}

// Run evaluates an expression for what it does.
func (p *Page) Run(expression string) {
	p.t.Helper()
	p.do("evaluating "+shorten(expression), chromedp.Evaluate("("+expression+", undefined)", nil))
}

// Fill types a text into the field that a selector names, in place of what it holds.
func (p *Page) Fill(selector, text string) {
	p.t.Helper()
	choose := fmt.Sprintf("(field => { field.focus(); field.select() })(document.querySelector(%q))", selector)
	p.do("filling "+selector, chromedp.WaitVisible(selector, chromedp.ByQuery), chromedp.Evaluate(choose, nil), chromedp.SendKeys(selector, text, chromedp.ByQuery))
}

// Choose gives the field that a selector names a value, as who picks one from a list
// or a calendar does.
func (p *Page) Choose(selector, value string) {
	p.t.Helper()
	p.do("looking for "+selector, chromedp.WaitVisible(selector, chromedp.ByQuery), chromedp.WaitEnabled(selector, chromedp.ByQuery))
	p.Wait(value+" can be chosen", fmt.Sprintf(`(field => !field.options || [...field.options].some(option => option.value === %q))(document.querySelector(%q))`, value, selector))
	p.Run(fmt.Sprintf(`(field => {
		field.value = %q
		for (const happened of ['input', 'change']) field.dispatchEvent(new Event(happened, {bubbles: true}))
	})(document.querySelector(%q))`, value, selector))
}

// Click clicks on what a selector names, once it is visible and enabled.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.do("clicking on "+selector, chromedp.WaitVisible(selector, chromedp.ByQuery), chromedp.WaitEnabled(selector, chromedp.ByQuery), chromedp.Click(selector, chromedp.ByQuery))
}

// Press presses keys on the keyboard, wherever the focus is: characters, and the
// names of package kb of chromedp. A key that the page takes for itself does nothing
// else, as on a keyboard; chromedp's own KeyEvent tells of its character apart, so
// that the space bar scrolls whatever the page says.
func (p *Page) Press(keys string) {
	p.t.Helper()
	var actions []chromedp.Action
	for _, key := range keys {
		events := kb.Encode(key)
		down, up := events[0], events[len(events)-1]
		down.Text, down.UnmodifiedText = kb.Keys[key].Text, kb.Keys[key].Unmodified
		actions = append(actions, down, up)
	}
	p.do("pressing keys", actions...)
}

// Resize gives the page a window of that many pixels.
func (p *Page) Resize(width, height int) {
	p.t.Helper()
	p.do("resizing the window", chromedp.EmulateViewport(int64(width), int64(height)))
}

// Screenshot takes a picture of the window, where there is a folder for it.
func (p *Page) Screenshot(name string) {
	p.t.Helper()
	if p.browser.options.Screenshots == "" {
		return
	}
	var png []byte
	ctx, cancel := context.WithTimeout(p.ctx, pictureLimit)
	defer cancel()
	if err := chromedp.Run(ctx, chromedp.CaptureScreenshot(&png)); err != nil {
		p.t.Errorf("a picture of %s: %v", p.document, err)
		return
	}
	if err := p.browser.save(name, png); err != nil {
		p.t.Error(err)
	}
}

// Excuse lets the page complain of what contains that text.
func (p *Page) Excuse(text string) { p.console.excuse(text) }

func (p *Page) do(what string, actions ...chromedp.Action) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience+5*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		p.t.Fatalf("%s: %v; the page said: %s", what, err, strings.Join(p.console.all(), "\n"))
	}
}

func shorten(expression string) string {
	if len(expression) > 60 {
		return expression[:60] + "…"
	}
	return expression
}
