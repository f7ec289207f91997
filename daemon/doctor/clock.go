package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// How far two clocks may be apart. Leases and S3's signatures bear seconds;
// deadlines and the order of activities suffer from more.
const (
	skewWarning = 2 * time.Second
	skewFault   = 30 * time.Second
)

// clocks compares the clocks of the servers with this machine's.
type clocks struct {
	mu    sync.Mutex
	skews []skew // mu
}

// skew is how far a server's clock is ahead of ours, give or take.
type skew struct {
	of    string
	ahead time.Duration
	give  time.Duration // how unsure that is: the round trip, and the clock's unit
}

// read asks a server for its time, which it tells in whole units, rounded down.
// A server that does not answer has a finding of its own.
func (c *clocks) read(ctx context.Context, of string, now func() time.Time, ask func(context.Context) (time.Time, error), unit time.Duration) {
	before := now()
	at, err := ask(ctx)
	if err != nil {
		return
	}
	trip := now().Sub(before)
	k := skew{of: of, ahead: at.Add(unit / 2).Sub(before.Add(trip / 2)), give: (trip + unit) / 2}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.skews = append(c.skews, k)
}

// findings is called when nobody reads any more.
func (c *clocks) findings() []Finding {
	s := &sheet{subject: "clock"}
	slices.SortFunc(c.skews, func(a, b skew) int { return strings.Compare(a.of, b.of) })
	var names, off, all []string
	for _, k := range c.skews {
		names = append(names, k.of)
		all = append(all, fmt.Sprintf("%s %s", k.of, signed(k.ahead)))
		if k.severity() != OK {
			off = append(off, k.of)
		}
	}
	detail := strings.Join(all, ", ")
	switch {
	case len(c.skews) == 0:
		s.skipped("the clocks", "redis, s3 or a switch that answers")
	case len(off) == 0:
		s.ok("this machine's agrees with those of "+strings.Join(names, ", "), detail)
	case len(off) > 1 && len(off) == len(c.skews) && c.agree():
		k := c.widest()
		s.add(k.severity(), fmt.Sprintf("this machine's clock is %s %s those of %s", short(k.ahead.Abs()), word(-k.ahead), strings.Join(off, ", ")),
			"set this machine's clock by NTP (timedatectl set-ntp true)", detail)
	default:
		for _, k := range c.skews {
			if k.severity() == OK {
				continue
			}
			s.add(k.severity(), fmt.Sprintf("the clock of %s is %s %s this machine's", k.of, short(k.ahead.Abs()), word(k.ahead)),
				"set the clocks of both machines by NTP (timedatectl set-ntp true)", detail)
		}
	}
	return s.findings
}

func (k skew) severity() Severity {
	switch d := k.distance(); {
	case d > skewFault:
		return Fault
	case d > skewWarning:
		return Warning
	default:
		return OK
	}
}

// distance is the least that explains what was seen.
func (k skew) distance() time.Duration { return max(k.ahead.Abs()-k.give, 0) }

func (c *clocks) widest() skew {
	return slices.MaxFunc(c.skews, func(a, b skew) int { return int(a.distance() - b.distance()) })
}

// agree reports whether the servers agree with each other.
func (c *clocks) agree() bool {
	for _, a := range c.skews {
		for _, b := range c.skews {
			if (a.ahead-b.ahead).Abs()-a.give-b.give > skewWarning {
				return false
			}
		}
	}
	return true
}

func word(ahead time.Duration) string {
	if ahead < 0 {
		return "behind"
	}
	return "ahead of"
}

func signed(d time.Duration) string {
	if d < 0 {
		return "-" + short(-d)
	}
	return "+" + short(d)
}
