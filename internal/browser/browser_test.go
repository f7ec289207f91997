package browser_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"sambung/internal/browser"
)

const document = `<!doctype html><title>t</title><input id=a><button id=b disabled>go</button><p id=c></p>
<script>
document.getElementById('a').addEventListener('input', e => { document.getElementById('b').disabled = e.target.value !== 'yes' })
document.getElementById('b').addEventListener('click', () => { document.getElementById('c').textContent = 'clicked' })
document.addEventListener('keydown', e => { if (e.key === 'F9') document.getElementById('c').textContent = 'pressed' })
document.addEventListener('keydown', async e => {
	if (e.key !== 'F8') return
	const passing = document.body.appendChild(document.createElement('p'))
	passing.textContent = 'come and gone'
	await null // as short as it can be
	passing.firstChild.data = 'changed and gone'
	await null
	passing.remove()
})
window.microphone = navigator.mediaDevices.getUserMedia({audio: true}).then(s => s.getAudioTracks().length)
</script>`

func serve(t *testing.T, html string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(html))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestPage(t *testing.T) {
	b := browser.Start(t, browser.Options{})
	p := b.Open(serve(t, document))
	p.Excuse("favicon.ico")
	p.Fill("#a", "no")
	p.Fill("#a", "yes") // in place of what it holds
	p.Click("#b")
	p.Text("clicked")
	p.Press(kb.F9)
	p.Text("pressed")
	p.Press(kb.F8)
	p.Told("changed and gone")
	p.Wait("nothing of it is left", `!document.body.innerText.includes('gone')`)
	var tracks int
	p.Ask("window.microphone", &tracks)
	if tracks != 1 {
		t.Errorf("the microphone has %d tracks", tracks)
	}
	p.Reload()
	p.Wait("the page is new", `document.getElementById('c').textContent === ''`)
	p.Close()
}
