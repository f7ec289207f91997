package acceptance_test

import (
	"net/url"
	"os"
	"syscall"
	"testing"
	"time"

	"sambung/daemon/api/client"
	"sambung/internal/browser"
	"sambung/internal/checker"
	"sambung/internal/faultproxy"
	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

const (
	streamLost   = `document.querySelector('.connection-lost')`
	streamLive   = `document.querySelector('.connection-live')`
	pageTalks    = `document.querySelector('.progress-talking')`
	pagePaused   = `document.querySelector('.recording-paused')`
	phoneLost    = "Telepon menyambung kembali"
	phoneInOther = "Telepon ada di tab lain"
)

// desktop is an agent in a browser, with proxies where the network can be cut.
type desktop struct {
	*site
	daemon   *daemonProcess
	web, sip *faultproxy.Proxy // between the browser and the daemon, and the switch
	direct   *client.Client    // past the proxies
	browser  *browser.Browser
	page     *browser.Page
	spoken   []int16
}

// newDesktop signs an agent in, whose telephone is ready.
func newDesktop(t *testing.T) *desktop {
	s := newSiteWith(t, siteOptions{agents: 1, browsers: 1})
	s.inBrowsers()
	s.config.Calls.WrapUp, s.config.Calls.MuteLimit = 60*time.Second, 2*time.Minute
	s.config.API.Listen = realservers.Address(t)
	telephone, err := url.Parse(s.asterisk.WebSocketURL)
	if err != nil {
		t.Fatal(err)
	}
	d := &desktop{site: s, web: faultproxy.Start(t, s.config.API.Listen), sip: faultproxy.Start(t, telephone.Host), spoken: sweep()}
	telephone.Host = d.sip.Addr
	s.config.Switches[0].Browser.URL = telephone.String()
	d.daemon = s.startDaemon("node-a", s.redis.Addr, s.asterisk.ARIURL)
	s.waitOwned("node-a")
	q := s.ledger()
	s.addAgent(q, 0)
	if d.direct, err = client.New("http://"+s.config.API.Listen, adminToken, nil); err != nil {
		t.Fatal(err)
	}
	eventually(t, 20*time.Second, "the agent can sign in", func() bool {
		_, err := d.direct.PutUser(t.Context(), "budi", client.User{Role: queue.RoleAgent, Agent: agentID(0), Password: browserPassword})
		return err == nil
	})
	d.browser = browser.Start(t, browser.Options{Microphone: microphone(t, d.spoken), Screenshots: os.Getenv("SAMBUNG_SCREENSHOTS")})
	d.page = s.signIn(d.browser, d.web.Addr, "/agen", "budi")
	d.excuse(d.page)
	d.page.Text("Telepon peramban siap")
	return d
}

// excuse lets a page complain of the network, which is cut on purpose.
func (d *desktop) excuse(p *browser.Page) {
	p.Excuse("net::ERR_")
	p.Excuse("WebSocket connection to")
	p.Excuse("status of 503") // while the daemon begins
}

// heard waits until the taxpayer hears the agent.
func (d *desktop) heard(taxpayer *softphone.Call) {
	d.t.Helper()
	eventually(d.t, 20*time.Second, "the agent is heard", func() bool {
		from := time.Now()
		<-time.After(1200 * time.Millisecond) // a stretch to listen to
		return likeness(taxpayer.Heard().Since(from), d.spoken[:len(d.spoken)/4]) > 0.6
	})
}

// TestAgentsPageRecovers: in one talk the page's stream of events is cut, the
// daemon killed and started again, the telephone's socket cut, and a second tab
// opened and the first one closed. Each time the page is right again by itself,
// and the talk goes on.
func TestAgentsPageRecovers(t *testing.T) {
	d := newDesktop(t)
	d.person(number(1), softphone.AnswerAfter(300*time.Millisecond).Playing(tone.Sine(880, -12)))
	q := d.ledger()
	id := d.enqueue(q, "ESK-PULIH", number(1), 0)
	d.page.Wait("they talk", pageTalks)
	taxpayer := d.latest(d.carrier)
	d.heard(taxpayer)

	d.missesAMute(id)
	d.outlivesTheDaemon(q, id)
	d.heard(taxpayer)
	d.reconnects()
	d.heard(taxpayer)
	second := d.handsOver()
	d.heard(taxpayer)

	second.Press("1")
	second.Wait("the outcome is chosen", `document.querySelector('.outcome-choice.chosen')`)
	if err := taxpayer.HangUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	second.Wait("the outcome is asked for", `document.querySelector('.progress-wrap_up')`)
	second.Press("\r")
	eventually(t, 40*time.Second, "the dossier is sealed", func() bool { return d.state(q, id).Dossier == queue.DossierSealed })
	d.delivered(q, id)
	for _, kind := range []queue.Kind{queue.KindAgentRinging, queue.KindTaxpayerDialing, queue.KindRecordingMuted, queue.KindRecordingUnmuted, queue.KindOutcomeConfirmed} {
		d.only(q, id, kind)
	}
	second.Close()
	d.daemon.Signal(syscall.SIGTERM)
	d.ends(d.daemon)
	d.check(checker.World{Queue: q, Archive: d.bucket(), Settled: true})
}

// missesAMute pauses the recording while the page hears nothing.
func (d *desktop) missesAMute(id queue.ID) {
	d.t.Helper()
	d.web.SetDown(true)
	d.page.Wait("the page says that it is cut off", streamLost)
	if err := d.direct.Command(d.t.Context(), string(id), "mute"); err != nil {
		d.t.Fatal(err)
	}
	d.web.SetDown(false)
	d.page.Wait("the page shows what it missed", streamLive+" && "+pageTalks+" && "+pagePaused)
}

// outlivesTheDaemon kills the daemon in the talk, whose recording is paused, and
// starts it again; the recording is as it was, and goes on at the agent's key.
func (d *desktop) outlivesTheDaemon(q queue.Queue, id queue.ID) {
	d.t.Helper()
	since := d.state(q, id).Call.MutedAt
	d.daemon.Kill()
	d.page.Wait("the page says that it is cut off", streamLost)
	d.daemon.Restart()
	eventually(d.t, 20*time.Second, "the call is taken over", func() bool { return d.last(q, id, queue.KindResumed).Seq > 0 })
	d.page.Wait("the page shows the call as it is", streamLive+" && "+pageTalks+" && "+pagePaused)
	if now := d.state(q, id).Call.MutedAt; since.IsZero() || !now.Equal(since) {
		d.t.Errorf("muted since %s, and after the take-over since %s", since, now)
	}
	d.page.Press("p")
	d.page.Wait("the recording goes on", `document.querySelector('.recording') && !`+pagePaused)
}

// reconnects cuts the telephone off the switch.
func (d *desktop) reconnects() {
	d.t.Helper()
	d.sip.SetDown(true)
	d.page.Text(phoneLost)
	d.sip.SetDown(false)
	d.page.Wait("the telephone is there again", `!document.body.innerText.includes("`+phoneLost+`") && `+pageTalks)
}

// handsOver opens a second tab, which leaves the telephone to the first until
// that one is closed.
func (d *desktop) handsOver() *browser.Page {
	d.t.Helper()
	second := d.browser.Open("http://" + d.web.Addr + "/agen")
	d.excuse(second)
	second.Wait("the second tab shows the call, and where the telephone is", pageTalks+` && document.body.innerText.includes("`+phoneInOther+`")`)
	var mine bool
	d.page.Ask(`!document.body.innerText.includes("`+phoneInOther+`")`, &mine)
	if !mine {
		d.t.Error("neither tab has the telephone")
	}
	d.page.Close()
	second.Wait("the second tab has the telephone", `!document.body.innerText.includes("`+phoneInOther+`") && `+pageTalks)
	return second
}
