package doctor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"sambung/queue"
	"sambung/telephony/ari"
)

// askedAtOnce bounds the telephones that are asked at the same time.
const askedAtOnce = 16

func (x *examination) examineAgents(ctx context.Context) []Finding {
	agents := x.agents.wait()
	s := &sheet{subject: "agents"}
	switch {
	case agents == nil:
		s.skipped("the agents' telephones", "redis")
		return s.findings
	case len(*agents) == 0:
		s.warn("the ledger knows no agent: nobody can be given a follow-up", "add them: sambung agent add agent-1 --endpoint PJSIP/agent-1 --switch NAME")
		return s.findings
	}
	sorted := slices.SortedFunc(slices.Values(*agents), func(a, b queue.Agent) int { return cmp.Compare(a.ID, b.ID) })
	r, free := &round{}, make(chan struct{}, askedAtOnce)
	for _, a := range sorted {
		r.run(func() []Finding {
			free <- struct{}{}
			defer func() { <-free }()
			return x.examineAgent(ctx, a)
		})
	}
	return r.wait()
}

func (x *examination) examineAgent(ctx context.Context, a queue.Agent) []Finding {
	s := &sheet{subject: "agent " + string(a.ID)}
	i := slices.IndexFunc(x.lines, func(l *line) bool { return l.config.Name == a.Switch })
	if i < 0 {
		s.fault("the configuration has no switch "+a.Switch, fmt.Sprintf("sambung agent add %s --endpoint %s --switch NAME, with a name of the section switches", a.ID, a.Endpoint))
		return s.findings
	}
	client := x.lines[i].client.wait()
	if client == nil {
		s.skipped("the telephone", x.lines[i].name())
		return s.findings
	}
	ctx, cancel := x.within(ctx)
	defer cancel()
	name := strings.TrimPrefix(a.Endpoint, "PJSIP/")
	k := telephone(a, name)
	r, err := reachOf(ctx, client, name)
	switch {
	case ari.IsNotFound(err):
		s.add(k.severity, "the switch has no endpoint "+name, fmt.Sprintf("add [%s] to pjsip_agents.conf (asterisk -rx 'pjsip reload'), or correct it: sambung agent add %s --endpoint PJSIP/NAME --switch %s", name, a.ID, a.Switch), err)
	case err != nil:
		s.fault("the switch does not tell of endpoint "+name, "load res_ari_endpoints.so and res_ari_asterisk.so", err)
	default:
		s.tell(r, k)
	}
	return s.findings
}

// telephone is an agent's. That of somebody who takes no calls now may be
// unplugged.
func telephone(a queue.Agent, name string) words {
	k := words{
		noContact: "the telephone is not registered", away: "the telephone does not answer",
		remedy: fmt.Sprintf("plug it in and register it at the switch as %s, with the password in pjsip_agents.conf", name),
		look:   fmt.Sprintf("asterisk -rx 'pjsip show endpoint %s'", name), severity: Fault,
	}
	if a.Presence == queue.PresenceOffline {
		k.severity = Warning
		k.noContact += "; the agent is offline"
	}
	return k
}
