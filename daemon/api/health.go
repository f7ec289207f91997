package api

import (
	_ "embed"
	"net/http"
)

//go:embed openapi.yaml
var openAPI []byte

// health is the answer of /healthz and /readyz.
type health struct {
	Status string `json:"status"`           // ok, not_ready
	Reason string `json:"reason,omitempty"` // what is amiss, and how to mend it
	*Surroundings
}

// Surroundings is what a daemon needs for its work, though not in every moment:
// calls go on while the archive is away, and a standby serves no switch.
type Surroundings struct {
	Archive  string            `json:"archive"`  // reached, or why not
	Switches map[string]string `json:"switches"` // by name: whether this daemon serves them
}

// healthz says that the process answers.
func (s *server) healthz(w http.ResponseWriter, _ *http.Request, _ Token) error {
	return respond(w, http.StatusOK, health{Status: "ok"})
}

// readyz says whether the daemon can do its work now.
func (s *server) readyz(w http.ResponseWriter, r *http.Request, _ Token) error {
	seen := s.Surroundings()
	if err := s.Ready(r.Context()); err != nil {
		return respond(w, http.StatusServiceUnavailable, health{Status: "not_ready", Reason: err.Error(), Surroundings: &seen})
	}
	return respond(w, http.StatusOK, health{Status: "ok", Surroundings: &seen})
}

func (s *server) prometheus(w http.ResponseWriter, r *http.Request, _ Token) error {
	s.scrape.ServeHTTP(w, r)
	return nil
}

func (s *server) openapi(w http.ResponseWriter, _ *http.Request, _ Token) error {
	w.Header().Set("Content-Type", "application/yaml")
	_, err := w.Write(openAPI)
	return err
}
