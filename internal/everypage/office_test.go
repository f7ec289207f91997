package everypage_test

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"sambung/daemon/api"
	"sambung/daemon/api/apitest"
	"sambung/daemon/api/client"
	"sambung/daemon/board"
	"sambung/daemon/console"
	"sambung/queue"
)

// office is a tax office in the middle of a morning, with its pages. Its people and
// taxpayers are made up.
type office struct {
	*apitest.Site
	t   testing.TB
	url string // of the pages
	// demonstration is the same office as the pages of a demonstration.
	demonstration string
	api           *client.Client

	talking, handedBack, unassigned, dossier, returned queue.ID
}

// open opens the office: agent-1 talks, agent-2 is ready, agent-3 has to say how a
// talk ended, agent-4 is at lunch, agent-5 has gone home, and agent-6 hears the
// taxpayer's telephone ring.
func open(t testing.TB) *office {
	t.Helper()
	o := &office{t: t}
	exchange := registrar(t)
	o.Site = apitest.New(t, func(d *api.Deps) {
		d.Telephones = apitest.Telephones{"PJSIP/agent-2": {
			URL: exchange, URI: "sip:agent-2@127.0.0.1", User: "agent-2", Password: "rahasia", ICEServers: []api.ICEServer{},
		}}
		d.Inspector = inspector{}
		// A wall is kept for a second, and read again later than that after a change: by a
		// clock that only the test moves, one that was read too early would stay for good.
		wall, now, opened := d.Board.(*board.Keeper), d.Now, time.Now()
		wall.Now = func() time.Time { return now().Add(time.Since(opened)) }
	})
	o.url = o.serve(console.New, exchange)
	o.demonstration = o.serve(console.NewDemonstration, exchange)
	var err error
	if o.api, err = client.New(o.URL, apitest.TokenAdmin, nil); err != nil {
		t.Fatal(err)
	}
	o.staff()
	o.live()
	o.morning()
	return o
}

// serve serves pages, and returns their address.
func (o *office) serve(read func(fs.FS) (http.Handler, error), exchange string) string {
	o.t.Helper()
	pages, err := read(console.Embedded())
	o.do(err)
	silent := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // the headset of a demonstration in which nobody calls
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	server := httptest.NewServer(console.Door{API: o.Server.Config.Handler, Pages: pages, Demonstration: silent, Telephones: []string{exchange}}.Handler())
	o.t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL
}

// do ends the test for what could not be done.
func (o *office) do(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// staff are the people who sign in, and the agents' telephones.
func (o *office) staff() {
	o.t.Helper()
	ctx := context.Background()
	for _, id := range []string{"agent-1", "agent-2", "agent-3", "agent-4", "agent-5", "agent-6"} {
		_, err := o.api.PutAgent(ctx, id, client.Agent{Endpoint: "PJSIP/" + id, Switch: apitest.Switch})
		o.do(err)
		_, err = o.api.SetPresence(ctx, id, queue.PresenceReady, "")
		o.do(err)
	}
	for name, u := range map[string]client.User{
		"budi": {Role: queue.RoleAgent, Agent: "agent-1"}, "sari": {Role: queue.RoleAgent, Agent: "agent-2"}, "joko": {Role: queue.RoleAgent, Agent: "agent-3"},
		"wati": {Role: queue.RoleAgent, Agent: "agent-6"},
		"dewi": {Role: queue.RoleSupervisor, Endpoint: "PJSIP/spv-1", Switch: apitest.Switch}, "rina": {Role: queue.RoleQA}, "agus": {Role: queue.RoleAdmin},
	} {
		u.Password = apitest.Password
		_, err := o.api.PutUser(ctx, name, u)
		o.do(err)
	}
}

// enqueue hands one in; change alters it first.
func (o *office) enqueue(ticket, taxpayer string, change func(*client.Submission)) queue.ID {
	o.t.Helper()
	s := client.Submission{
		Ticket: ticket, Route: string(queue.RouteAnswer), Taxpayer: taxpayer, Phone: "+628120000" + ticket[len(ticket)-4:],
		Message: "Permohonan Anda tentang pengaturan kembali masa pajak telah disetujui. Surat keputusan dapat diunduh mulai hari ini; " +
			"bila ada angka yang tidak sesuai, sampaikan keberatan paling lambat tiga bulan sejak tanggal surat.",
	}
	if change != nil {
		change(&s)
	}
	state, _, err := o.api.Enqueue(context.Background(), s, "")
	o.do(err)
	return state.FollowUp.ID
}

// morning is what is going on.
func (o *office) morning() {
	o.t.Helper()
	ctx := context.Background()
	forAgent := func(agent string) func(*client.Submission) {
		return func(s *client.Submission) { s.Agent = agent }
	}
	o.handedBack = o.unconfirmed("ESK-2001", "Made Contoh", "agent-4")
	o.enqueue("ESK-2002", "PT Cahaya Rekaan", nil)
	o.enqueue("ESK-2003", "Putri Contoh", forAgent("agent-5")) // who has gone home
	o.Advance(42 * time.Minute)
	o.unassigned = o.enqueue("ESK-2004", "CV Tirta Rekaan", func(s *client.Submission) {
		s.Route, s.Directorate = string(queue.RouteOpinionUnrequested), string(queue.DirectoratePP1)
	})
	o.enqueue("ESK-2005", "Ketut Contoh", forAgent("agent-2"))
	o.enqueue("ESK-2006", "Rahmat Contoh", nil)
	asked := o.enqueue("ESK-2007", "Lestari Contoh", nil)
	_, err := o.api.SetPresence(ctx, "agent-4", queue.PresencePaused, "istirahat")
	o.do(err)
	_, err = o.api.SetPresence(ctx, "agent-5", queue.PresenceOffline, "")
	o.do(err)
	o.Advance(3 * time.Minute)
	o.talking = o.enqueue("ESK-2008", "Nyoman Contoh", nil)
	o.Talk(o.t, o.talking, "agent-1")
	o.Talk(o.t, asked, "agent-3")
	o.Advance(time.Minute)
	o.WrapUp(o.t, asked)
	o.dial(o.enqueue("ESK-2009", "PT Bahari Rekaan", nil), "agent-6")
}

// inspector finds an office of one daemon and two switches, one of which is down.
type inspector struct{}

// System implements api.Inspector.
func (inspector) System(context.Context) api.System {
	return api.System{
		Version: "1.0", Node: "sambung-1", Dialling: api.Part{OK: true}, Redis: api.Part{Version: "7.4", OK: true}, Archive: api.Part{OK: true},
		Switches: []api.SwitchState{
			{Name: apitest.Switch, Owned: true, Owner: "sambung-1", Reachable: true}, {Name: "asterisk-2", Owner: "sambung-2", Why: "connection refused"},
		},
		Counts: map[queue.Status]int{queue.StatusQueued: 4, queue.StatusTalking: 1, queue.StatusHandedBack: 1},
		Spool:  api.SpoolState{Bytes: 12 << 20, Limit: 20 << 30, Files: 3}, EvidencePending: 3, AwaitingBucket: 2,
	}
}
