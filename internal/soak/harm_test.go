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

// victim is what a harm is done to; the zero one is nobody, who cannot be had now.
type victim struct {
	name     string // nothing else is done to it meanwhile
	do, undo func()
}

// kills is the harm that is counted.
const kills = "kill -9 of a daemon"

// harms are what is drawn from.
var harms = []harm{
	{kills, 24, 0, time.Second, func(s *site, target int) victim {
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
	{"Redis killed", 2, 0, 600 * time.Millisecond, func(s *site, _ int) victim { return s.ledgerKilled(0) }},
	{"Redis fails over", 3, 3 * time.Second, 6 * time.Second, func(s *site, target int) victim {
		return s.ledgerKilled(time.Duration(target) * forgets / targets)
	}},
	{"bucket away", 2, time.Second, 6 * time.Second, func(s *site, _ int) victim {
		return victim{"bucket", s.minio.Kill, s.minio.Restart}
	}},
	{"Asterisk killed", 1, 0, time.Second, func(s *site, target int) victim {
		i := target % switches
		return victim{switchName(i), s.asterisk[i].Kill, s.asterisk[i].Restart}
	}},
	{"disk of a daemon full", 2, time.Second, 4 * time.Second, func(s *site, target int) victim {
		n := s.daemons[target%daemons]
		return full(n.name, n.disk)
	}},
	{"disk of a switch full", 1, time.Second, 4 * time.Second, func(s *site, target int) victim {
		i := target % switches
		return full(switchName(i), s.asterisk[i].RecordingDir)
	}},
}

// way is one daemon's way to one switch.
func (s *site) way(target int) (string, *faultproxy.Proxy) {
	n, pbx := s.daemons[target%daemons], target/daemons%switches
	return n.name + " to " + switchName(pbx), n.ari[pbx]
}

// full is the disk of somebody, on which nothing can be written any more.
func full(whose, disk string) victim {
	filler := filepath.Join(disk, "filler")
	return victim{whose + "'s disk", func() {
		file, err := os.Create(filler)
		for block := make([]byte, 4<<10); err == nil; {
			_, err = file.Write(block)
		}
		_ = file.Close()
	}, func() { _ = os.Remove(filler) }}
}

// plan draws harms one after another: each once at first, then by their weight.
// What it draws follows from the seed alone.
type plan struct {
	luck   *rand.Rand
	first  []harm
	putOff bool // the one that was drawn last
	harms  []harm
}

func newPlan(seed uint64) *plan {
	p := &plan{luck: rand.New(rand.NewPCG(seed, 0))}
	for _, i := range p.luck.Perm(len(harms)) {
		p.first = append(p.first, harms[i])
	}
	for _, h := range harms {
		p.harms = append(p.harms, slices.Repeat([]harm{h}, h.weight)...)
	}
	return p
}

// step is one harm of the plan.
type step struct {
	harm   harm
	first  bool          // of its kind
	after  time.Duration // the one before
	target int           // below targets
	lasts  time.Duration
}

const targets = 1000

func (p *plan) next() step {
	s := step{after: between(p.luck, 100*time.Millisecond, 2*time.Second), target: p.luck.IntN(targets)}
	s.first, p.putOff = len(p.first) > 0 && !p.putOff, false
	if s.first {
		s.harm, p.first = p.first[0], p.first[1:]
	} else {
		s.harm = p.harms[p.luck.IntN(len(p.harms))]
	}
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
	operator
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

// tick does and undoes what is due, and looks after the daemons.
func (c *chaos) tick() {
	c.heal(time.Now())
	if time.Now().After(c.at) {
		c.strike()
		c.draw()
	}
	c.supervise()
}

// strike does the next harm, unless its victim is hurt already, or cannot be had:
// then it is passed over, or put off if it would be the first of its kind.
func (c *chaos) strike() {
	v := c.next.harm.victim(c.site, c.next.target)
	if v.do == nil || c.isHurt(v.name) {
		if c.next.first {
			c.plan.first, c.plan.putOff = append(c.plan.first, c.next.harm), true
		}
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
