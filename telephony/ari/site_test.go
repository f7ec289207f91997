package ari

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sambung/internal/faultproxy"
)

// exchange is a switch under test, with one line behind its trunk.
type exchange struct {
	url, user, password string
	trunk               string
	nobody              string // an agent's endpoint without a contact
	restart             func()
	invited             func() invitation // waits for a call on the line
	calls               func() int        // on the line so far, one that is under way included
}

// invitation is what the line was told of a call.
type invitation struct {
	caller string
	header func(name string) string
}

// opener makes an exchange. What the line answers is a status of SIP such as
// "486 Busy Here"; "180 Ringing" is nothing more; "" is a line that nobody calls.
type opener func(t *testing.T, answer string) *exchange

// site is an exchange, a client of it, and a stream that runs.
type site struct {
	running
	*Client
	*exchange
}

func newSite(t *testing.T, open opener, answer string, change ...func(*Config)) site {
	t.Helper()
	e := open(t, answer)
	c := connect(t, e, change...)
	return site{run(t, c, nil).up(), c, e}
}

func connect(t *testing.T, e *exchange, change ...func(*Config)) *Client {
	t.Helper()
	config := Config{URL: e.url, Application: "app", User: e.user, Password: e.password}
	for _, f := range change {
		f(&config)
	}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// behind puts a proxy before an exchange, and returns it with the config that
// goes through it.
func behind(t *testing.T, e *exchange) (*faultproxy.Proxy, func(*Config)) {
	t.Helper()
	proxy := faultproxy.Start(t, strings.TrimSuffix(strings.TrimPrefix(e.url, "http://"), "/ari"))
	return proxy, func(c *Config) { c.URL = "http://" + proxy.Addr + "/ari" }
}

// watch subscribes to a call until the test ends.
func (s site) watch(call string) *watched {
	sub := s.Subscribe(call)
	s.t.Cleanup(sub.Close)
	return &watched{t: s.t, sub: sub}
}

// watched remembers what a subscription brought.
type watched struct {
	t      *testing.T
	sub    *Subscription
	all    []Event
	passed int // of these, by until
}

// until waits for an event, as brief prints it, behind the one it found the last
// time, and returns it.
func (w *watched) until(prefix string) Event {
	w.t.Helper()
	limit := time.After(15 * time.Second)
	for {
		w.all = append(w.all, w.sub.Take()...)
		for w.passed < len(w.all) {
			e := w.all[w.passed]
			w.passed++
			if strings.HasPrefix(brief(e), prefix) {
				return e
			}
		}
		select {
		case <-w.sub.Ready():
		case <-limit:
			w.t.Fatalf("no %s in:\n%s", prefix, strings.Join(w.of(""), "\n"))
		}
	}
}

// of lists what came about one object, or everything.
func (w *watched) of(object string) []string {
	var all []string
	for _, e := range w.all {
		if object == "" || e.object() == object {
			all = append(all, brief(e))
		}
	}
	return all
}

// expect holds everything that came about an object against what should have.
// Dial events have no order, not even among themselves: Asterisk says that the
// dial was carried out when it has been, and "Ringing" can come before that.
func (w *watched) expect(object string, want ...string) {
	w.t.Helper()
	isDial := func(e string) bool { return strings.HasPrefix(e, DialEvent+" ") }
	got := w.of(object)
	gotDials, gotOthers := split(got, isDial)
	wantDials, wantOthers := split(want, isDial)
	slices.Sort(gotDials)
	slices.Sort(wantDials)
	if !slices.Equal(gotDials, wantDials) || !slices.Equal(gotOthers, wantOthers) {
		w.t.Errorf("events of %s:\n%s\nwant:\n%s", object, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// split parts those for which it holds from the others.
func split(all []string, holds func(string) bool) (these, others []string) {
	for _, s := range all {
		if holds(s) {
			these = append(these, s)
		} else {
			others = append(others, s)
		}
	}
	return these, others
}

// must fails the test on an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// create makes a channel and waits until it is in the application.
func (s site) create(w *watched, r CreateChannel) {
	s.t.Helper()
	ch, err := s.CreateChannel(s.t.Context(), r)
	must(s.t, err)
	if ch.ID != r.ID || ch.State != "Down" {
		s.t.Errorf("created %+v", ch)
	}
	w.until("StasisStart " + r.ID)
}
