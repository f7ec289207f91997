package soak_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"sambung/internal/faultproxy"
)

// harm is one thing that is done to somebody, and undone after a while.
type harm struct {
	name   string
	weight int
	least  time.Duration // that it lasts
	most   time.Duration
	victim func(s *site, target int) victim
}

// victim is what a harm is done to.
type victim struct {
	name     string // nothing else is done to it meanwhile
	do, undo func()
}

// harms are what is drawn from.
var harms = []harm{
	{"kill -9 of a daemon", 24, 0, time.Second, func(s *site, target int) victim {
		n := s.daemons[target%daemons]
		return victim{n.name, n.Kill, n.Restart}
	}},
	{"SIGSTOP of a daemon", 6, 200 * time.Millisecond, 3 * time.Second, func(s *site, target int) victim {
		n := s.daemons[target%daemons]
		return victim{n.name, n.Pause, n.Resume}
	}},
	{"ARI cut", 4, 0, time.Millisecond, func(s *site, target int) victim {
		name, proxy := s.way(target)
		return victim{name, proxy.Cut, func() {}}
	}},
	{"ARI away", 3, 200 * time.Millisecond, 2500 * time.Millisecond, func(s *site, target int) victim {
		name, proxy := s.way(target)
		return victim{name, func() { proxy.SetDown(true) }, func() { proxy.SetDown(false) }}
	}},
	{"Redis killed", 2, 0, time.Second, func(s *site, _ int) victim {
		return victim{"redis", s.redis.Kill, s.redis.Restart}
	}},
	{"bucket away", 2, time.Second, 6 * time.Second, func(s *site, _ int) victim {
		return victim{"bucket", s.minio.Kill, s.minio.Restart}
	}},
	{"Asterisk killed", 1, 0, time.Second, func(s *site, target int) victim {
		i := target % switches
		return victim{switchName(i), s.asterisk[i].Kill, s.asterisk[i].Restart}
	}},
	{"disk full", 2, time.Second, 4 * time.Second, func(s *site, target int) victim {
		n := s.daemons[target%daemons]
		return victim{n.name + "'s disk", func() { fill(n.disk) }, func() { _ = os.Remove(filler(n.disk)) }}
	}},
}

// way is one daemon's way to one switch.
func (s *site) way(target int) (string, *faultproxy.Proxy) {
	n, pbx := s.daemons[target%daemons], target/daemons%switches
	return n.name + " to " + switchName(pbx), n.ari[pbx]
}

func filler(disk string) string { return filepath.Join(disk, "filler") }

// fill writes until the disk is full.
func fill(disk string) {
	file, err := os.Create(filler(disk))
	for block := make([]byte, 4<<10); err == nil; {
		_, err = file.Write(block)
	}
	_ = file.Close()
}

// exited reports whether the daemon's process has ended.
func (n *node) exited() bool {
	select {
	case <-n.Exited():
		return true
	default:
		return false
	}
}

// plan draws harms one after another. What it draws follows from the seed alone.
type plan struct {
	luck  *rand.Rand
	harms []harm
}

func newPlan(seed uint64) *plan {
	p := &plan{luck: rand.New(rand.NewPCG(seed, 0))}
	for _, h := range harms {
		p.harms = append(p.harms, slices.Repeat([]harm{h}, h.weight)...)
	}
	return p
}

// step is one harm of the plan.
type step struct {
	harm   harm
	after  time.Duration // the one before
	target int
	lasts  time.Duration
}

func (p *plan) next() step {
	s := step{after: between(p.luck, 100*time.Millisecond, 2*time.Second), harm: p.harms[p.luck.IntN(len(p.harms))], target: p.luck.IntN(1000)}
	s.lasts = between(p.luck, s.harm.least, s.harm.most)
	return s
}

// chaos does what is planned, on one goroutine: no two things happen to one
// victim at a time.
type chaos struct {
	site *site
	plan *plan
	next step
	at   time.Time // of next
	hurt []hurt
	done map[string]int // by the harm's name
}

// hurt is what has yet to be undone.
type hurt struct {
	victim
	until time.Time
}

func newChaos(s *site, seed uint64) *chaos {
	c := &chaos{site: s, plan: newPlan(seed), done: make(map[string]int)}
	c.draw()
	return c
}

func (c *chaos) draw() {
	c.next = c.plan.next()
	c.at = time.Now().Add(c.next.after)
}

// tick does and undoes what is due, and starts daemons that ended by themselves.
func (c *chaos) tick() {
	c.heal(time.Now())
	if time.Now().After(c.at) {
		c.strike()
		c.draw()
	}
	c.supervise()
}

// strike does the next harm, unless its victim is hurt already.
func (c *chaos) strike() {
	v := c.next.harm.victim(c.site, c.next.target)
	if c.isHurt(v.name) {
		return
	}
	c.site.t.Logf("%s %s: %s, for %s", time.Now().Format("15:04:05.000"), v.name, c.next.harm.name, c.next.lasts.Round(time.Millisecond))
	v.do()
	c.done[c.next.harm.name]++
	c.hurt = append(c.hurt, hurt{v, time.Now().Add(c.next.lasts)})
}

func (c *chaos) isHurt(name string) bool {
	return slices.ContainsFunc(c.hurt, func(h hurt) bool { return h.name == name })
}

// heal undoes what has lasted until then.
func (c *chaos) heal(now time.Time) {
	c.hurt = slices.DeleteFunc(c.hurt, func(h hurt) bool {
		if h.until.After(now) {
			return false
		}
		h.undo()
		return true
	})
}

// end undoes everything.
func (c *chaos) end() { c.heal(time.Now().Add(time.Hour)) }

// supervise starts daemons that ended by themselves, as systemd would: one that
// finds the ledger or the bucket away when it starts does.
func (c *chaos) supervise() {
	for _, n := range c.site.daemons {
		if n.exited() && !c.isHurt(n.name) {
			n.Restart()
		}
	}
}
