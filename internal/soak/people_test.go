package soak_test

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// people are the taxpayers and the agents. What each does follows from the seed,
// from who it is, and from how often it was called.
type people struct {
	seed uint64
	// steady taxpayers answer and talk for a while, and their agents press a key.
	steady time.Duration
	ctx    context.Context // agents press keys until it ends
	end    context.CancelFunc

	mu      sync.Mutex
	calls   map[string]int     // mu; so far, by who
	phones  []*softphone.Phone // mu; of the agents
	pressed sync.WaitGroup
}

func newPeople(seed uint64) *people {
	p := &people{seed: seed, calls: make(map[string]int), phones: make([]*softphone.Phone, switches*agentsPerSite)}
	p.ctx, p.end = context.WithCancel(context.Background())
	return p
}

func (p *people) leave() {
	p.end()
	p.pressed.Wait()
}

func (p *people) sits(i int, phone *softphone.Phone) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.phones[i] = phone
}

// luck is what somebody draws for the next call.
func (p *people) luck(who string) *rand.Rand {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls[who]++
	h := fnv.New64a()
	_, _ = h.Write([]byte(who + "/" + strconv.Itoa(p.calls[who])))
	return rand.New(rand.NewPCG(p.seed, h.Sum64()))
}

// between draws a time.
func between(luck *rand.Rand, from, to time.Duration) time.Duration {
	return from + time.Duration(luck.Int64N(int64(to-from)))
}

func (p *people) taxpayer(in softphone.Invite) softphone.Behaviour {
	luck := p.luck(in.Called)
	if p.steady > 0 {
		return softphone.AnswerAfter(300 * time.Millisecond).Playing(tone.Sine(880, -12)).HangingUp(p.steady)
	}
	switch n := luck.IntN(20); {
	case n < 2:
		return softphone.Busy()
	case n == 2:
		return softphone.Decline()
	case n == 3:
		return softphone.Reject(480)
	case n == 4:
		return softphone.RingOut()
	default:
		return softphone.AnswerAfter(between(luck, 100*time.Millisecond, 1500*time.Millisecond)).
			Playing(tone.Sine(880, -12)).HangingUp(between(luck, time.Second, 7*time.Second))
	}
}

// agent is what the i-th agent does when rung, for a call or for its outcome.
func (p *people) agent(i int) func(softphone.Invite) softphone.Behaviour {
	return func(in softphone.Invite) softphone.Behaviour {
		luck := p.luck("agent-" + strconv.Itoa(i))
		n := luck.IntN(20)
		if p.steady > 0 {
			n = 19
		}
		if n == 0 {
			return softphone.RingOut()
		}
		leaves := time.Duration(0)
		if n < 4 {
			leaves = between(luck, time.Second, 5*time.Second)
		}
		p.pressed.Go(func() { p.work(i, in.CallID, n != 4, leaves) })
		return softphone.Answer().After(100 * time.Millisecond).Playing(tone.Sine(440, -12))
	}
}

// work presses 1 again and again, as agents do who heard no confirmation, and
// hangs up after a while if leaves is not 0.
func (p *people) work(i int, callID string, presses bool, leaves time.Duration) {
	ctx, cancel := context.WithTimeout(p.ctx, time.Minute)
	defer cancel()
	p.mu.Lock()
	phone := p.phones[i]
	p.mu.Unlock()
	call, err := phone.WaitCall(ctx, func(r softphone.CallRecord) bool { return r.CallID == callID && (r.Answered() || r.Ended()) })
	if err != nil {
		return
	}
	var leave <-chan time.Time
	if leaves > 0 {
		leave = time.After(leaves)
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-call.Done():
			return
		case <-leave:
			_ = call.HangUp(ctx)
			return
		case <-time.After(1200 * time.Millisecond): // a person takes time
			if presses {
				_ = call.SendDigits(ctx, "1") // the call may just have ended
			}
		}
	}
}
