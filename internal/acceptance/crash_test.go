package acceptance_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"sambung/internal/checker"
	"sambung/internal/faultproxy"
	"sambung/queue"
)

// moment is a request at which harm is done.
type moment struct {
	name     string
	redis    bool   // else ARI
	match    string // in the request
	ringback bool   // it comes after the agent hung up without a word
}

// moments are the intents and the dials of a call.
var moments = []moment{
	{name: "agent intent", redis: true, match: `agent_ringing`},
	{name: "agent dial", match: "-agent/dial"},
	{name: "taxpayer create", match: "-taxpayer HTTP"},
	{name: "taxpayer intent", redis: true, match: `taxpayer_dialing`},
	{name: "taxpayer dial", match: "-taxpayer/dial"},
	{name: "ring-back intent", redis: true, match: `outcome_ringback`, ringback: true},
	{name: "ring-back dial", match: "-ringback/dial", ringback: true},
}

// harm is what is done at a moment to the daemon p.
type harm struct {
	name  string
	fault func(p *daemonProcess, ttl time.Duration) faultproxy.Fault
}

var harms = []harm{
	{"killed before", func(p *daemonProcess, _ time.Duration) faultproxy.Fault {
		return faultproxy.Fault{Before: p.Kill, DropRequest: true}
	}},
	{"killed while the request arrives", func(p *daemonProcess, _ time.Duration) faultproxy.Fault {
		return faultproxy.Fault{Before: p.Kill}
	}},
	{"killed after", func(p *daemonProcess, _ time.Duration) faultproxy.Fault {
		return faultproxy.Fault{After: p.Kill, DropReply: true}
	}},
	{"request delayed", func(_ *daemonProcess, _ time.Duration) faultproxy.Fault {
		return faultproxy.Fault{Delay: 1500 * time.Millisecond}
	}},
	{"reply lost", func(_ *daemonProcess, _ time.Duration) faultproxy.Fault {
		return faultproxy.Fault{DropReply: true}
	}},
	{"stopped past its lease and woken", func(p *daemonProcess, ttl time.Duration) faultproxy.Fault {
		return faultproxy.Fault{Before: func() {
			p.Signal(syscall.SIGSTOP)
			time.Sleep(ttl + 1500*time.Millisecond) // the harm itself: a standby takes over meanwhile
			p.Signal(syscall.SIGCONT)
		}}
	}},
}

// TestNobodyIsRungTwice does each harm at each moment of a call, with a standby
// waiting, and asks the carrier how often it was asked to ring.
func TestNobodyIsRungTwice(t *testing.T) {
	for _, m := range moments {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, len(harms))
			q := s.ledger()
			o := openOffice(t, s, q)
			for n, h := range harms {
				t.Run(h.name, func(t *testing.T) { s.in(t).crash(o, q, n, m, h) })
			}
			s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
		})
	}
}

// crash runs one follow-up with one agent of its own through one harm.
func (s *site) crash(o *office, q queue.Queue, n int, m moment, h harm) {
	t := s.t
	redis := faultproxy.Start(t, s.redis.Addr)
	ari := faultproxy.Start(t, strings.TrimSuffix(strings.TrimPrefix(s.asterisk.ARIURL, "http://"), "/ari"))
	ticket, phone := fmt.Sprintf("CRASH-%d", n), number(n)
	s.person(phone, talks(2*time.Second))
	o.script(ticket, keypad("1"))
	if m.ringback {
		s.person(phone, stays())
		o.script(ticket, hangsUpThenRungBack("1"))
	}

	node := fmt.Sprintf("victim-%d", n)
	victim := s.startDaemon(node, redis.Addr, "http://"+ari.Addr+"/ari")
	s.waitOwned(node)
	fault := h.fault(victim, s.config.Lease.TTL)
	fault.Match = m.match
	proxy := ari
	if m.redis {
		proxy = redis
	}
	struck := proxy.Arm(fault)

	s.addAgent(q, n)
	id := s.enqueue(q, ticket, phone, n)
	s.startDaemon("standby", s.redis.Addr, s.asterisk.ARIURL)
	select {
	case <-struck:
	case <-time.After(time.Minute):
		t.Fatal("the harm was never done: no request matched")
	}
	eventually(t, 60*time.Second, "the follow-up is settled", func() bool {
		s.readyAgain(q, n)
		return settled(t, q, id)
	})
}
