package telephonytest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// lag measures for how long the machine stood still, as this process sees it.
// Telephones that are late make late sound: no measurement of a time can be
// better than that.
type lag struct{ total, longest atomic.Int64 } // nanoseconds

const (
	lagTick  = 5 * time.Millisecond
	lagLeast = 15 * time.Millisecond // a packet of sound lasts 20 ms
)

// watchLag measures until the test ends.
func watchLag(t testing.TB) *lag {
	l := &lag{}
	stop := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		tick := time.NewTicker(lagTick)
		defer tick.Stop()
		for last := time.Now(); ; {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			now := time.Now()
			if late := now.Sub(last) - lagTick; late > lagLeast {
				l.total.Add(int64(late))
				l.longest.Store(max(l.longest.Load(), int64(late)))
			}
			last = now
		}
	})
	t.Cleanup(func() { close(stop); watching.Wait() })
	return l
}

// sum is how long the machine stood still in all, so far; most is the longest
// time at once.
func (l *lag) sum() time.Duration  { return time.Duration(l.total.Load()) }
func (l *lag) most() time.Duration { return time.Duration(l.longest.Load()) }
