package api

import (
	"net/http"
)

// Telephone is what a browser registers with: SIP over WebSocket (RFC 7118).
type Telephone struct {
	URL      string `json:"url"` // wss://…
	URI      string `json:"uri"` // sip:agent-1@…
	User     string `json:"user"`
	Password string `json:"password"`
	// ICEServers is an RTCConfiguration's iceServers (W3C WebRTC, section 4.2.1).
	ICEServers []ICEServer `json:"ice_servers"`
}

// ICEServer is an RTCIceServer.
type ICEServer struct {
	URLs []string `json:"urls"`
}

// Telephones knows which endpoints are telephones in a browser.
type Telephones interface {
	// Telephone returns that of an endpoint, such as "PJSIP/agent-1"; ok is false when
	// it is a desk phone.
	Telephone(switchName, endpoint string) (t Telephone, ok bool, err error)
}

// browserTelephone answers with the telephone of whoever asks. It is theirs alone.
func (s *server) browserTelephone(w http.ResponseWriter, r *http.Request, t Token) error {
	at, endpoint, err := s.ownTelephone(r, t)
	if err != nil {
		return err
	}
	telephone, ok := Telephone{}, false
	if endpoint != "" {
		if telephone, ok, err = s.Telephones.Telephone(at, endpoint); err != nil {
			return err
		}
	}
	if !ok {
		return failure(http.StatusNotFound, "no_telephone", "you have no telephone in the browser: use the desk phone, or have an admin set one up")
	}
	return respond(w, http.StatusOK, telephone)
}

// ownTelephone is an agent's own, or a user's; empty if there is none.
func (s *server) ownTelephone(r *http.Request, t Token) (switchName, endpoint string, err error) {
	switch {
	case t.Agent != "":
		agent, err := s.Queue.Agent(r.Context(), t.Agent)
		return agent.Switch, agent.Endpoint, err
	case t.session != nil:
		u := t.session.User
		return u.Switch, u.Endpoint, nil
	}
	return "", "", nil
}
