package api

import "net/http"

// route is one line of the table that says who may do what.
type route struct {
	pattern string // of http.ServeMux
	roles   []Role // nil: everybody, without a token
	handle  func(w http.ResponseWriter, r *http.Request, t Token) error
	stream  bool     // the answer takes as long as it takes
	query   []string // the parameters it knows; another is refused
}

var (
	everyone = []Role{RoleAgent, RoleSupervisor, RoleQA, RoleAdmin}
	manage   = []Role{RoleSupervisor, RoleAdmin}            // decide about follow-ups and agents
	work     = []Role{RoleAgent, RoleSupervisor, RoleAdmin} // act in a call or on its outcome
	govern   = []Role{RoleAdmin}                            // say who gets in
	judge    = []Role{RoleQA, RoleAdmin}                    // review sealed dossiers, hold them
	listen   = []Role{RoleSupervisor, RoleQA, RoleAdmin}    // see all follow-ups, hear recordings
)

// routes is the whole interface. openapi.yaml describes the same.
func (s *server) routes() []route {
	return []route{
		{pattern: "POST /v1/follow-ups", roles: manage, handle: s.enqueue, query: []string{"dry_run"}},
		{pattern: "POST /v1/imports", roles: manage, handle: s.imports, stream: true, query: []string{"dry_run", "skip_bad"}},
		{pattern: "GET /v1/follow-ups", roles: everyone, handle: s.list, query: []string{"state", "agent", "ticket", "deadline_before", "limit"}},
		{pattern: "POST /v1/follow-ups/search", roles: listen, handle: s.search},
		{pattern: "GET /v1/follow-ups/{id}", roles: everyone, handle: s.show},
		{pattern: "GET /v1/follow-ups/{id}/history", roles: everyone, handle: s.history},
		{pattern: "POST /v1/follow-ups/{id}/assign", roles: manage, handle: s.assign},
		{pattern: "POST /v1/follow-ups/{id}/cancel", roles: manage, handle: s.cancel},
		{pattern: "POST /v1/follow-ups/{id}/requeue", roles: manage, handle: s.requeue},
		{pattern: "POST /v1/follow-ups/{id}/edit", roles: manage, handle: s.edit},
		{pattern: "POST /v1/follow-ups/{id}/outcome", roles: work, handle: s.outcome},
		{pattern: "POST /v1/follow-ups/{id}/manual", roles: manage, handle: s.manual, stream: true},
		{pattern: "POST /v1/follow-ups/{id}/commands", roles: work, handle: s.command},
		{pattern: "POST /v1/follow-ups/{id}/monitor", roles: manage, handle: s.monitor, stream: true},
		{pattern: "DELETE /v1/follow-ups/{id}/monitor", roles: manage, handle: s.stopMonitor},
		{pattern: "GET /v1/follow-ups/{id}/recordings", roles: listen, handle: s.recordings},
		{pattern: "GET /v1/follow-ups/{id}/recordings/{attempt}", roles: listen, handle: s.recording, stream: true},
		{pattern: "GET /v1/follow-ups/{id}/recordings/{attempt}/waveform", roles: listen, handle: s.waveform, query: []string{"points"}},
		{pattern: "POST /v1/follow-ups/{id}/recordings/{attempt}/link", roles: listen, handle: s.link},
		{pattern: "POST /v1/follow-ups/{id}/verify", roles: listen, handle: s.verify, stream: true},
		{pattern: "POST /v1/dossiers/search", roles: listen, handle: s.searchDossiers},
		{pattern: "POST /v1/export", roles: judge, handle: s.exportDossiers, stream: true},
		{pattern: "GET /v1/follow-ups/{id}/custody", roles: listen, handle: s.custodyChain},
		{pattern: "POST /v1/follow-ups/{id}/review", roles: judge, handle: s.review},
		{pattern: "GET /v1/board", roles: manage, handle: s.board},
		{pattern: "POST /v1/follow-ups/{id}/hold", roles: judge, handle: s.hold},
		{pattern: "GET /v1/agents", roles: everyone, handle: s.agents},
		{pattern: "PUT /v1/agents/{id}", roles: manage, handle: s.putAgent},
		{pattern: "DELETE /v1/agents/{id}", roles: manage, handle: s.removeAgent},
		{pattern: "POST /v1/agents/{id}/presence", roles: work, handle: s.presence},
		{pattern: "GET /v1/events", roles: everyone, handle: s.events, stream: true},
		{pattern: "POST /v1/session", handle: s.signIn},
		{pattern: "GET /v1/session", roles: everyone, handle: s.showSession},
		{pattern: "DELETE /v1/session", roles: everyone, handle: s.signOut},
		{pattern: "POST /v1/session/password", roles: everyone, handle: s.changePassword},
		{pattern: "GET /v1/users", roles: govern, handle: s.users},
		{pattern: "PUT /v1/users/{name}", roles: govern, handle: s.putUser},
		{pattern: "DELETE /v1/users/{name}", roles: govern, handle: s.removeUser},
		{pattern: "GET /v1/telephone", roles: work, handle: s.browserTelephone},
		{pattern: "GET /v1/calendar", roles: everyone, handle: s.calendar},
		{pattern: "GET /v1/system", roles: manage, handle: s.system},
		{pattern: "GET /healthz", handle: s.healthz},
		{pattern: "GET /readyz", handle: s.readyz},
		{pattern: "GET /metrics", handle: s.prometheus},
		{pattern: "GET /openapi.yaml", handle: s.openapi},
	}
}

// restricted reports whether a token reaches only what is its agent's.
func (t Token) restricted() bool { return t.Role == RoleAgent }
