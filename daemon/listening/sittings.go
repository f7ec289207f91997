package listening

import (
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
// calls it again.
func (s *Sittings) Begin(who string, now time.Time, first func() error) error {
	s.mu.Lock()
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
	s.mu.Unlock()
	if there {
		<-sit.ready
		return sit.err
	}
	sit.err = first()
	if sit.err != nil {
		s.mu.Lock()
		delete(s.last, who)
		s.mu.Unlock()
	}
	close(sit.ready)
	return sit.err
}
