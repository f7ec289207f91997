package telephonytest

import (
	"slices"
	"sync"
	"testing"
)

// script is one test of the suite.
type script struct {
	name string
	run  func(*scene)
}

// atOnce is how many scripts run side by side. They mostly wait for people.
const atOnce = 8

// Run runs the suite. open is called for every test, from its own goroutine,
// and must give it a site that no other test uses.
func Run(t *testing.T, open func(testing.TB) Site) {
	var all sync.WaitGroup
	places := make(chan struct{}, atOnce)
	for _, s := range slices.Concat(conversations(), failures(), outcomes(), commands(), intents(), preparation(), takeovers(), faults(), chores(), monitors()) {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			t.Run(s.name, func(t *testing.T) {
				c := newScene(t, open(t))
				s.run(c)
				c.checkAtTheEnd()
			})
		})
	}
	all.Wait()
}
