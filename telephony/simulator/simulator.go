package simulator

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options say what is simulated. The zero value of each field is a default.
type Options struct {
	Listen         string // address; 127.0.0.1 with a free port
	User, Password string // of ARI; "sambung" and "sambung"
	// Sounds has what "sound:<name>" plays as <name>.wav, 8 kHz mono; without it
	// every sound fails.
	Sounds fs.FS
	// Ended bounds how many calls that are over each telephone remembers; 0: all.
	Ended int
	Now   func() time.Time // time.Now
	Log   *slog.Logger     // nothing is logged
}

// Simulator is a running switch. Its methods may be called from any goroutine.
type Simulator struct {
	options  Options
	listener net.Listener
	server   *http.Server
	sounds   library
	ctx      context.Context // of all that runs
	stop     context.CancelFunc
	running  sync.WaitGroup // agenda, server, sockets, people who hear something

	mu           sync.Mutex // guards everything below, and what hangs on it
	agenda       agenda
	agents       map[string]*Telephone // by endpoint
	trunks       map[string]*Telephone // likewise
	applications map[string]*application
	channels     map[string]*channel
	bridges      map[string]*bridge
	playbacks    map[string]*playback
	live         map[string]*recording // being written
	stored       map[string]*recording // finished
	named        int                   // channels so far
	faults       []*armed
	down         bool
	closed       bool
}

// Start makes a switch without telephones and serves it until Close.
func Start(o Options) (*Simulator, error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.User == "" {
		o.User, o.Password = "sambung", "sambung"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, err
	}
	s := &Simulator{
		options: o, listener: listener, sounds: library{files: o.Sounds},
		agenda: newAgenda(), agents: make(map[string]*Telephone), trunks: make(map[string]*Telephone),
	}
	s.forget()
	s.server = &http.Server{Handler: s.handler(), ConnContext: remember, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug)}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.running.Go(func() { s.keepAgenda(s.ctx) })
	s.running.Go(func() {
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			o.Log.Error("the simulated switch is no longer served", "error", err)
		}
	})
	return s, nil
}

// forget empties the switch, as a restart does. The caller holds mu, or is the
// only one.
func (s *Simulator) forget() {
	s.applications = make(map[string]*application)
	s.channels = make(map[string]*channel)
	s.bridges = make(map[string]*bridge)
	s.playbacks = make(map[string]*playback)
	s.live = make(map[string]*recording)
	if s.stored == nil { // the disk is spared
		s.stored = make(map[string]*recording)
	}
}

// URL is the address of the ARI, such as http://127.0.0.1:12345/ari.
func (s *Simulator) URL() string { return "http://" + s.listener.Addr().String() + "/ari" }

// User and Password are those that the ARI asks for.
func (s *Simulator) User() string     { return s.options.User }
func (s *Simulator) Password() string { return s.options.Password }

// Close ends the switch and returns when nothing of it runs any more.
func (s *Simulator) Close() {
	s.stop()
	_ = s.server.Close()
	s.mu.Lock()
	s.closed = true
	s.cutSockets()
	s.mu.Unlock()
	s.running.Wait()
}

func (s *Simulator) now() time.Time { return s.options.Now() }
