package simulator

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// application is a Stasis application: known from its first connection on.
type application struct {
	name    string
	allowed []string // types of events; all if nil
	socket  *socket  // nil while nobody listens: what happens then is lost
	bridges []string // subscribed to, beside those its channels are in
}

// socket is one connection of an application's events.
type socket struct {
	conn *websocket.Conn // set before write; it alone writes

	mu      sync.Mutex
	waiting [][]byte // mu; events to be written
	ended   bool     // mu
	more    chan struct{}
}

const (
	// socketBacklog is how many events may wait for a slow reader before it is
	// cut off, as Asterisk does.
	socketBacklog = 100_000
	writeLimit    = 5 * time.Second
)

// events serves the WebSocket (GET /events?app=<name>).
func (s *Simulator) events(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("app")
	if name == "" {
		refuse(w, http.StatusBadRequest, "Missing parameter 'app'")
		return
	}
	// As at Asterisk, the application is known before the handshake is answered:
	// whoever reads that answer may speak of it at once.
	sock := &socket{more: make(chan struct{}, 1)}
	if !s.attach(name, sock) {
		hangUpOn(w)
	}
	defer s.detach(name, sock)
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	sock.conn = conn
	ctx := conn.CloseRead(context.WithoutCancel(r.Context())) // also answers pings
	sock.write(ctx)
}

// attach makes a socket the application's; the one before is told that it is not.
func (s *Simulator) attach(name string, sock *socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.down {
		return false
	}
	app := s.applications[name]
	if app == nil {
		app = &application{name: name}
		s.applications[name] = app
	}
	if app.socket != nil {
		s.tell(app, event{Type: "ApplicationReplaced"})
	}
	app.socket = sock
	return true
}

func (s *Simulator) detach(name string, sock *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if app := s.applications[name]; app != nil && app.socket == sock {
		app.socket = nil
	}
}

// tell sends an event to an application, nil included. The caller holds mu.
func (s *Simulator) tell(app *application, e event) {
	if app == nil || app.socket == nil {
		return
	}
	if app.allowed != nil && !slices.Contains(app.allowed, e.Type) {
		return
	}
	e.Timestamp, e.Application = stamp(s.now()), app.name
	frame, err := json.Marshal(e)
	if err != nil {
		s.options.Log.Error("an event cannot be written", "type", e.Type, "error", err)
		return
	}
	app.socket.send(frame)
}

// send never blocks; a reader that is too slow is cut off.
func (k *socket) send(frame []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.waiting = append(k.waiting, frame); len(k.waiting) > socketBacklog {
		k.ended = true
	}
	k.wake()
}

// cut ends the connection; what waits is lost.
func (k *socket) cut() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ended = true
	k.wake()
}

// wake is called with the mutex held.
func (k *socket) wake() {
	select {
	case k.more <- struct{}{}:
	default: // told already
	}
}

// take returns what waits, and whether the connection goes on.
func (k *socket) take() ([][]byte, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	waiting := k.waiting
	k.waiting = nil
	return waiting, !k.ended
}

// write sends what waits until the connection ends.
func (k *socket) write(ctx context.Context) {
	for {
		frames, goesOn := k.take()
		if !goesOn {
			return
		}
		for _, frame := range frames {
			limited, cancel := context.WithTimeout(ctx, writeLimit)
			err := k.conn.Write(limited, websocket.MessageText, frame)
			cancel()
			if err != nil {
				return
			}
		}
		select {
		case <-k.more:
		case <-ctx.Done():
			return
		}
	}
}

// cutSockets ends every connection of events. The caller holds mu.
func (s *Simulator) cutSockets() {
	for _, app := range s.applications {
		if app.socket != nil {
			app.socket.cut()
			app.socket = nil
		}
	}
}

// describeApplication serves GET /applications/{app}.
func (s *Simulator) describeApplication(w http.ResponseWriter, r *http.Request) {
	if app := s.application(w, r.PathValue("app")); app != nil {
		reply(w, http.StatusOK, s.applicationModel(app))
	}
}

// application finds an application, or answers 404.
func (s *Simulator) application(w http.ResponseWriter, name string) *application {
	app := s.applications[name]
	if app == nil {
		refuse(w, http.StatusNotFound, "Application not found")
	}
	return app
}

func (s *Simulator) applicationModel(app *application) applicationModel {
	m := applicationModel{Name: app.name, Channels: []string{}, Bridges: slices.Clone(app.bridges)}
	for id, c := range s.channels {
		if c.app != app {
			continue
		}
		m.Channels = append(m.Channels, id)
		if c.bridge != nil && !slices.Contains(m.Bridges, c.bridge.id) {
			m.Bridges = append(m.Bridges, c.bridge.id)
		}
	}
	slices.Sort(m.Channels)
	slices.Sort(m.Bridges)
	return m
}

// filterEvents serves PUT /applications/{app}/eventFilter.
func (s *Simulator) filterEvents(w http.ResponseWriter, r *http.Request) {
	app := s.application(w, r.PathValue("app"))
	if app == nil {
		return
	}
	var filter struct {
		Allowed []struct {
			Type string `json:"type"`
		} `json:"allowed"`
	}
	if err := json.NewDecoder(r.Body).Decode(&filter); err != nil {
		refuse(w, http.StatusBadRequest, "Invalid filter: "+err.Error())
		return
	}
	app.allowed = nil
	for _, t := range filter.Allowed {
		app.allowed = append(app.allowed, t.Type)
	}
	reply(w, http.StatusOK, s.applicationModel(app))
}

// subscribe serves POST /applications/{app}/subscription for bridges and channels.
func (s *Simulator) subscribe(w http.ResponseWriter, r *http.Request) {
	app := s.application(w, r.PathValue("app"))
	if app == nil {
		return
	}
	source := r.URL.Query().Get("eventSource")
	if c := s.channels[after(source, "channel:")]; c != nil {
		c.watchers = append(c.watchers, app)
	} else if b := s.bridges[after(source, "bridge:")]; b != nil {
		app.bridges = append(app.bridges, b.id)
	} else {
		refuse(w, http.StatusUnprocessableEntity, "Event source does not exist")
		return
	}
	reply(w, http.StatusOK, s.applicationModel(app))
}

// userEvent serves POST /events/user/{name}.
func (s *Simulator) userEvent(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	app := s.applications[query.Get("application")]
	if app == nil {
		refuse(w, http.StatusNotFound, "Application not found")
		return
	}
	var body struct {
		Variables map[string]string `json:"variables"`
	}
	if !decodeBody(w, r, &body) {
		return
	}
	e := event{Type: "ChannelUserevent", Name: r.PathValue("name"), UserEvent: map[string]string{"eventname": r.PathValue("name")}}
	for name, value := range body.Variables {
		e.UserEvent[name] = value
	}
	if source := query.Get("source"); source != "" {
		c := s.channels[after(source, "channel:")]
		if c == nil {
			refuse(w, http.StatusUnprocessableEntity, "Event source was not found")
			return
		}
		e.Channel = c.model()
	}
	s.tell(app, e)
	w.WriteHeader(http.StatusNoContent)
}
