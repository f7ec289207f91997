package simulator

import (
	"net/http"
	"slices"
	"sort"
	"time"
)

// bridge joins channels: each hears the others, and what is played to all.
type bridge struct {
	id      string
	created time.Time
	stays   []*stay     // all there ever were
	plays   []*playback // likewise; one at a time, the others wait
	gone    bool
}

func (b *bridge) present() []string {
	all := []string{}
	for _, st := range b.stays {
		if st.to.IsZero() {
			all = append(all, st.channel.id)
		}
	}
	return all
}

func (b *bridge) model() *bridgeModel {
	return &bridgeModel{
		ID: b.id, Technology: "simple_bridge", Type: "mixing", Class: "stasis", Creator: "Stasis",
		Channels: b.present(), Created: stamp(b.created),
	}
}

// listeners are the applications that hear of a bridge: those of its channels,
// and those that subscribed to it.
func (s *Simulator) listeners(b *bridge) []*application {
	var all []*application
	for _, st := range b.stays {
		if st.to.IsZero() && st.channel.app != nil && !slices.Contains(all, st.channel.app) {
			all = append(all, st.channel.app)
		}
	}
	for _, app := range s.applications {
		if slices.Contains(app.bridges, b.id) && !slices.Contains(all, app) {
			all = append(all, app)
		}
	}
	return all
}

// withBridge finds the bridge of a request, or answers 404.
func (s *Simulator) withBridge(do func(http.ResponseWriter, *http.Request, *bridge)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		b := s.bridges[r.PathValue("id")]
		if b == nil {
			refuse(w, http.StatusNotFound, "Bridge not found")
			return
		}
		do(w, r, b)
	}
}

// listBridges serves GET /bridges.
func (s *Simulator) listBridges(w http.ResponseWriter, _ *http.Request) {
	all := make([]*bridgeModel, 0, len(s.bridges))
	for _, b := range s.bridges {
		all = append(all, b.model())
	}
	sort.Slice(all, func(i, j int) bool { return all[i].ID < all[j].ID })
	reply(w, http.StatusOK, all)
}

// createBridge serves POST /bridges/{id}.
func (s *Simulator) createBridge(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if s.bridges[id] != nil {
		refuse(w, http.StatusConflict, "Bridge with id '"+id+"' already exists")
		return
	}
	b := &bridge{id: id, created: s.now()}
	s.bridges[id] = b
	reply(w, http.StatusOK, b.model())
}

// describeBridge serves GET /bridges/{id}.
func (s *Simulator) describeBridge(w http.ResponseWriter, _ *http.Request, b *bridge) {
	reply(w, http.StatusOK, b.model())
}

// destroyBridge serves DELETE /bridges/{id}: its channels stay in the application.
func (s *Simulator) destroyBridge(w http.ResponseWriter, _ *http.Request, b *bridge) {
	told := s.listeners(b)
	for _, st := range b.stays {
		if st.to.IsZero() {
			s.leaveBridge(st.channel)
		}
	}
	s.endPlays(b)
	b.gone = true
	delete(s.bridges, b.id)
	for _, app := range told {
		s.tell(app, event{Type: "BridgeDestroyed", Bridge: b.model()})
	}
	w.WriteHeader(http.StatusNoContent)
}

// addChannel serves POST /bridges/{id}/addChannel.
func (s *Simulator) addChannel(w http.ResponseWriter, r *http.Request, b *bridge) {
	c := s.channels[r.URL.Query().Get("channel")]
	switch {
	case c == nil:
		refuse(w, http.StatusBadRequest, "Channel not found")
		return
	case c.app == nil || c.ending:
		refuse(w, http.StatusUnprocessableEntity, "Channel not in Stasis application")
		return
	}
	w.WriteHeader(http.StatusNoContent)
	if c.bridge == b {
		return
	}
	s.leaveBridge(c)
	c.bridge, c.stay = b, &stay{bridge: b, channel: c, from: s.now()}
	c.stays = append(c.stays, c.stay)
	b.stays = append(b.stays, c.stay)
	s.tellOf(c, event{Type: "ChannelEnteredBridge", Bridge: b.model()})
}

// removeChannel serves POST /bridges/{id}/removeChannel.
func (s *Simulator) removeChannel(w http.ResponseWriter, r *http.Request, b *bridge) {
	c := s.channels[r.URL.Query().Get("channel")]
	switch {
	case c == nil:
		refuse(w, http.StatusBadRequest, "Channel not found")
		return
	case c.bridge != b:
		refuse(w, http.StatusUnprocessableEntity, "Channel not in this bridge")
		return
	}
	s.leaveBridge(c)
	w.WriteHeader(http.StatusNoContent)
}

// leaveBridge takes a channel out of the bridge it is in, if it is in one.
func (s *Simulator) leaveBridge(c *channel) {
	b := c.bridge
	if b == nil {
		return
	}
	c.stay.to = s.now()
	c.bridge, c.stay = nil, nil
	s.tellOf(c, event{Type: "ChannelLeftBridge", Bridge: b.model()})
}
