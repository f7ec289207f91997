package listening

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Sitting is how long a listener may pause without being a new one.
const Sitting = 15 * time.Minute

// Sittings lets something be done once in a sitting: a player asks for a
// recording in many pieces, and opens it once. The zero Sittings is ready.
type Sittings struct {
	mu   sync.Mutex
	last map[string]*sitting // mu
}

// sitting is one listener's.
type sitting struct {
	ready chan struct{} // closed when begun or failed
	err   error
	at    time.Time // Sittings.mu; of the last piece
}

// Begin calls first unless who has begun already and did not pause for too long.
// It returns when first has, whoever called it. Where it failed, the next one
// calls it again, and so does who waited for one that went away meanwhile.
func (s *Sittings) Begin(who string, now time.Time, first func() error) error {
	for {
		sit, mine := s.find(who, now)
		if mine {
			return s.begin(who, sit, first)
		}
		<-sit.ready
		if !gaveUp(sit.err) {
			return sit.err
		}
	}
}

// find returns the sitting of who; mine says that it is new and to be begun.
func (s *Sittings) find(who string, now time.Time) (sit *sitting, mine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil {
		s.last = make(map[string]*sitting)
	}
	for name, other := range s.last { // few: who listened within the last minutes
		if now.Sub(other.at) > Sitting {
			delete(s.last, name)
		}
	}
	sit, there := s.last[who]
	if !there {
		sit = &sitting{ready: make(chan struct{})}
		s.last[who] = sit
	}
	sit.at = now
	return sit, !there
}

func (s *Sittings) begin(who string, sit *sitting, first func() error) error {
	sit.err = first()
	if sit.err != nil {
		s.mu.Lock()
		delete(s.last, who)
		s.mu.Unlock()
	}
	close(sit.ready)
	return sit.err
}

// gaveUp reports whether it was the caller's time that was over, or the caller who left:
// what was asked for is not at fault.
func gaveUp(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
