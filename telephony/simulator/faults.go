package simulator

import (
	"net/http"
	"strings"
	"time"
)

// Fault is harm to be done to requests.
type Fault struct {
	// Match is a string in "<method> <path>", such as "-taxpayer/dial".
	Match string
	// Nth matching request is harmed; 0 and 1 are the first. Times is how many
	// in a row; 0 is one.
	Nth, Times int
	// Delay holds the request back; then Before runs, if it is not nil.
	Delay  time.Duration
	Before func()
	// Status, if not 0, is answered in place of carrying the request out.
	Status int
	// LoseRequest closes the connection instead of carrying the request out,
	// LoseReply instead of answering it.
	LoseRequest, LoseReply bool
}

type armed struct {
	Fault
	seen int
	done chan struct{}
}

// Arm sets a fault; the channel is closed once the fault has struck for the
// last time.
func (s *Simulator) Arm(f Fault) <-chan struct{} {
	a := &armed{Fault: f, done: make(chan struct{})}
	a.Nth, a.Times = max(1, f.Nth), max(1, f.Times)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, a)
	return a.done
}

// strike returns the fault that a request sets off, if any, and whether it was
// its last time.
func (s *Simulator) strike(r *http.Request) (f *armed, last bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, a := range s.faults {
		if !strings.Contains(r.Method+" "+r.URL.Path, a.Match) {
			continue
		}
		if a.seen++; a.seen < a.Nth {
			continue
		}
		last = a.seen == a.Nth+a.Times-1
		if last {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
		}
		return a, last
	}
	return nil, false
}

// harmed does the harm that was armed.
func (s *Simulator) harmed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.isDown() {
			hangUpOn(w)
			return
		}
		f, last := s.strike(r)
		if f == nil {
			next.ServeHTTP(w, r)
			return
		}
		if last {
			defer close(f.done)
		}
		time.Sleep(f.Delay) // the harm itself
		if f.Before != nil {
			f.Before()
		}
		switch {
		case f.LoseRequest, s.isDown():
			hangUpOn(w)
		case f.Status != 0:
			refuse(w, f.Status, "A fault of the simulator's")
		case f.LoseReply:
			next.ServeHTTP(&unheard{header: make(http.Header)}, r)
			hangUpOn(w)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func (s *Simulator) isDown() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.down
}

// hangUpOn closes a request's connection without an answer.
func hangUpOn(http.ResponseWriter) { panic(http.ErrAbortHandler) }

// unheard is a reply that nobody gets.
type unheard struct{ header http.Header }

// Header, Write and WriteHeader implement http.ResponseWriter.
func (u *unheard) Header() http.Header         { return u.header }
func (u *unheard) Write(p []byte) (int, error) { return len(p), nil }
func (u *unheard) WriteHeader(int)             {}

// Cut ends every connection of events once. They can be made again.
func (s *Simulator) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cutSockets()
}

// SetDown cuts every connection and refuses new ones until it is called with
// false. Calls go on meanwhile.
func (s *Simulator) SetDown(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
	if down {
		s.cutSockets()
	}
}

// Restart crashes the switch and brings it up again: channels and bridges are
// gone without a word to anybody, applications are forgotten, recordings that
// were being written are cut off. The telephones do not notice.
func (s *Simulator) Restart() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cutSockets()
	now := s.now()
	for _, c := range s.channels {
		s.drop(c.hangsUp...)
		c.ending, c.app = true, nil
	}
	for _, p := range s.playbacks {
		s.drop(p.next)
	}
	for name, t := range s.live {
		s.drop(t.limit)
		t.close(now)
		t.crashed = true
		s.stored[name] = t
	}
	s.forget()
}
