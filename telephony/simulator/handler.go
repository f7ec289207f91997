package simulator

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
)

// bodyLimit bounds a request, in bytes.
const bodyLimit = 1 << 20

// handler serves ARI. Every operation runs with mu held, but for the events.
func (s *Simulator) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ari/events", s.events)
	for pattern, operation := range map[string]http.HandlerFunc{
		"GET /ari/asterisk/info": s.info,
		"GET /ari/asterisk/ping": s.ping,

		"GET /ari/applications/{app}":               s.describeApplication,
		"PUT /ari/applications/{app}/eventFilter":   s.filterEvents,
		"POST /ari/applications/{app}/subscription": s.subscribe,
		"POST /ari/events/user/{name}":              s.userEvent,

		"GET /ari/channels":                     s.listChannels,
		"POST /ari/channels/create":             s.createChannel,
		"GET /ari/channels/{id}":                s.withChannel(s.describeChannel),
		"DELETE /ari/channels/{id}":             s.withChannel(s.hangUpChannel),
		"POST /ari/channels/{id}/dial":          s.withChannel(s.dialChannel),
		"GET /ari/channels/{id}/variable":       s.withChannel(s.getVariable),
		"POST /ari/channels/{id}/variable":      s.withChannel(s.setVariable),
		"POST /ari/channels/{id}/snoop/{snoop}": s.withChannel(s.snoopChannel),
		"POST /ari/channels/{id}/record":        s.withChannel(s.recordChannel),
		"POST /ari/channels/{id}/play/{play}":   s.withChannel(s.playToChannel),

		"GET /ari/bridges":                     s.listBridges,
		"POST /ari/bridges/{id}":               s.createBridge,
		"GET /ari/bridges/{id}":                s.withBridge(s.describeBridge),
		"DELETE /ari/bridges/{id}":             s.withBridge(s.destroyBridge),
		"POST /ari/bridges/{id}/addChannel":    s.withBridge(s.addChannel),
		"POST /ari/bridges/{id}/removeChannel": s.withBridge(s.removeChannel),
		"POST /ari/bridges/{id}/play/{play}":   s.withBridge(s.playToBridge),

		"GET /ari/playbacks/{id}":    s.describePlayback,
		"DELETE /ari/playbacks/{id}": s.stopPlayback,

		"GET /ari/recordings/live/{name}":         s.withLive(s.describeLive),
		"DELETE /ari/recordings/live/{name}":      s.withLive(s.discardLive),
		"POST /ari/recordings/live/{name}/stop":   s.withLive(s.stopLive),
		"POST /ari/recordings/live/{name}/mute":   s.withLive(s.muteLive),
		"DELETE /ari/recordings/live/{name}/mute": s.withLive(s.unmuteLive),
		"GET /ari/recordings/stored":              s.listStored,
		"GET /ari/recordings/stored/{name}":       s.describeStored,
		"DELETE /ari/recordings/stored/{name}":    s.deleteStored,
	} {
		mux.HandleFunc(pattern, s.locked(operation))
	}
	mux.HandleFunc("GET /ari/recordings/stored/{name}/file", s.storedFile)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusNotFound, "The simulator does not have "+r.Method+" "+r.URL.Path)
	})
	return s.harmed(s.authenticated(mux))
}

// connection is what a switch remembers of one connection of HTTP.
type connection struct {
	conflict bool // guarded by mu; an id was met on it that lived
}

type connectionKey struct{}

// remember gives every connection a memory of its own.
func remember(ctx context.Context, _ net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, &connection{})
}

func connectionOf(r *http.Request) *connection {
	c, _ := r.Context().Value(connectionKey{}).(*connection)
	if c == nil {
		c = &connection{}
	}
	return c
}

// locked runs an operation with mu held.
func (s *Simulator) locked(operation http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		operation(w, r)
	}
}

func (s *Simulator) authenticated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		right := subtle.ConstantTimeCompare([]byte(user+"\x00"+password), []byte(s.options.User+"\x00"+s.options.Password))
		if right != 1 {
			w.Header().Set("WWW-Authenticate", `Basic realm="ARI"`)
			refuse(w, http.StatusUnauthorized, "Authentication required")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // who no longer listens has no use for it
}

func refuse(w http.ResponseWriter, status int, message string) {
	reply(w, status, map[string]string{"message": message})
}

// decodeBody reads an optional JSON body, or answers 400.
func decodeBody(w http.ResponseWriter, r *http.Request, into any) bool {
	err := json.NewDecoder(io.LimitReader(r.Body, bodyLimit)).Decode(into)
	if err != nil && !errors.Is(err, io.EOF) {
		refuse(w, http.StatusBadRequest, "Invalid body: "+err.Error())
		return false
	}
	return true
}

// after is what follows a prefix, or "" if there is no such prefix.
func after(s, prefix string) string {
	rest, ok := strings.CutPrefix(s, prefix)
	if !ok {
		return ""
	}
	return rest
}

// info serves GET /asterisk/info.
func (s *Simulator) info(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]any{"system": map[string]string{
		"version": "22.0.0-simulated", "entity_id": "00:00:00:00:00:00",
	}})
}

// ping serves GET /asterisk/ping.
func (s *Simulator) ping(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]string{"asterisk_id": "00:00:00:00:00:00", "ping": "pong", "timestamp": stamp(s.now())})
}
