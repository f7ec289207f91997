package softphone_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// Six agents and a carrier with twelve calls at once, as in a busy office:
// everybody hears their own tone, to the sample, and nobody else's.
func TestManyCallsAtOnce(t *testing.T) {
	const calls, clickAt = 18, 1500 * time.Millisecond
	hz := func(n int) float64 { return 300 + 100*float64(n) }
	carrier := plug(t, softphone.Config{Behave: func(in softphone.Invite) softphone.Behaviour {
		var n int
		fmt.Sscanf(in.Called, "08%d", &n)
		said := tone.Mix(tone.Sine(hz(n), -30), tone.Click(clickAt))
		return softphone.AnswerAfter(20 * time.Millisecond).Playing(said).HangingUp(3 * time.Second)
	}})
	before := runtime.NumGoroutine()
	var talking sync.WaitGroup
	phones := make([]*softphone.Phone, 6)
	for i := range phones {
		phones[i] = plug(t, softphone.Config{})
	}
	for n := range calls {
		talking.Go(func() {
			c, err := phones[n%6].Dial(within(t), fmt.Sprintf("sip:08%d@%s", n, carrier.Addr()), softphone.Answer())
			if err != nil {
				t.Error(err)
				return
			}
			over(t, c)
			heard := c.Heard().Samples
			if got := tone.ClickOnset(heard); got != tone.Samples(clickAt) {
				t.Errorf("call %d: click at sample %d, want %d", n, got, tone.Samples(clickAt))
				return
			}
			for other := range calls {
				if other != n && tone.Separation(heard[:8000], hz(n), hz(other)) < 20 {
					t.Errorf("call %d hears the tone of call %d", n, other)
				}
			}
		})
	}
	until(t, "all calls are answered", func() bool {
		answered := 0
		for _, r := range carrier.Calls() {
			if r.Answered() {
				answered++
			}
		}
		return answered == calls
	})
	// Both ends are ours: three goroutines for each end, one that waits for the
	// test, and one of each phone.
	if n := runtime.NumGoroutine() - before; n > calls*7+10 {
		t.Errorf("%d goroutines for %d calls", n, calls)
	}
	talking.Wait()
	for _, r := range carrier.Calls() {
		if r.Invites != 1 {
			t.Errorf("%+v", r)
		}
	}
}
