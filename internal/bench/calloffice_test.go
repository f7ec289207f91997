package bench_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// talkTime is how long a taxpayer stays on the line.
const talkTime = 200 * time.Millisecond

// callOffice is an Asterisk with telephones whose people answer at once and are
// heard, or no recording of them could be verified, and the two that make calls
// through it.
type callOffice struct {
	ledger  *ledger
	daemon  *child
	bare    *child
	watch   *watcher
	invited sync.Map // by number or agent: when the last INVITE came
	phones  int
}

func openCallOffice(tb testing.TB, s size) *callOffice {
	tb.Helper()
	o := &callOffice{phones: s.atOnce}
	carrier := o.phone(tb, "carrier", func(in softphone.Invite) string { return in.Called }, softphone.Answer().Playing(tone.Sine(600, -12)).HangingUp(talkTime))
	asterisk := realservers.Asterisk(tb, realservers.AsteriskOptions{Agents: s.atOnce, Trunk: carrier.Addr().String()})
	endpoints := o.plugIn(tb, asterisk)
	redis, minio := realservers.Redis(tb), realservers.MinIO(tb)
	pbx := switchSpec{
		Name: switchName, URL: asterisk.ARIURL, User: asterisk.User, Password: asterisk.Password, Trunk: asterisk.Trunk, Calls: s.atOnce,
	}
	o.ledger = &ledger{Queue: openQueue(tb, redis.Addr)}
	for i, endpoint := range endpoints {
		a := queue.Agent{ID: agentID(i), Endpoint: endpoint, Switch: switchName, Since: time.Now()}
		if err := o.ledger.PutAgent(tb.Context(), a); err != nil {
			tb.Fatal(err)
		}
	}
	o.bare, _ = run(tb, "bare", bareSpec{Switch: pbx, Agents: endpoints})
	var api string
	o.daemon, api = startDaemon(tb, redis, minio, pbx)
	o.watch = watch(tb, o.ledger.Queue, api)
	return o
}

// phone plugs a telephone in that answers everybody, and notes who rang.
func (o *callOffice) phone(tb testing.TB, user string, whom func(softphone.Invite) string, does softphone.Behaviour) *softphone.Phone {
	tb.Helper()
	p, err := softphone.Listen(softphone.Config{User: user, MaxKept: time.Millisecond, Behave: func(in softphone.Invite) softphone.Behaviour {
		o.invited.Store(whom(in), in.At)
		return does
	}})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = p.Close() })
	return p
}

// plugIn registers the agents' telephones and returns their endpoints.
func (o *callOffice) plugIn(tb testing.TB, asterisk *realservers.AsteriskServer) []string {
	tb.Helper()
	var endpoints []string
	for i, a := range asterisk.Agents {
		p := o.phone(tb, a.User, func(softphone.Invite) string { return string(agentID(i)) }, softphone.Answer().Playing(tone.Sine(440, -12)))
		ctx, cancel := context.WithTimeout(tb.Context(), 10*time.Second)
		err := p.Register(ctx, softphone.Account{Registrar: asterisk.SIPAddr, User: a.User, Password: a.Password})
		cancel()
		if err != nil {
			tb.Fatal(err)
		}
		endpoints = append(endpoints, "PJSIP/"+a.Endpoint)
	}
	return endpoints
}

func (o *callOffice) setAgents(tb testing.TB, n int, p queue.Presence) {
	tb.Helper()
	for i := range n {
		if _, err := o.ledger.SetPresence(tb.Context(), agentID(i), p, "", time.Now()); err != nil {
			tb.Fatal(err)
		}
	}
}
