package doctor

import (
	"context"
	"fmt"

	"sambung/telephony/ari"
)

func (x *examination) examineTrunk(ctx context.Context, l *line) []Finding {
	s := &sheet{subject: "trunk " + l.config.Name}
	client := l.client.wait()
	if client == nil {
		s.skipped("the trunk", l.name())
		return s.findings
	}
	ctx, cancel := x.within(ctx)
	defer cancel()
	name := l.config.Trunk
	r, err := reachOf(ctx, client, name)
	switch {
	case ari.IsNotFound(err):
		s.fault("the switch has no endpoint "+name, fmt.Sprintf("add [%s] to pjsip_trunk.conf (asterisk -rx 'pjsip reload'), or correct trunk in the configuration", name), err)
	case err != nil:
		s.fault("the switch does not tell of endpoint "+name, "load res_ari_endpoints.so and res_ari_asterisk.so", err)
	default:
		s.tell(r, words{
			noContact: "endpoint " + name + " has no contact: no call can be made", away: "the carrier does not answer: no call can be made",
			remedy: fmt.Sprintf("see that contact in the aor of [%s] (pjsip_trunk.conf) is the carrier's address, that the network leads there, and ask the carrier", name),
			look:   fmt.Sprintf("asterisk -rx 'pjsip show endpoint %s'", name), severity: Fault,
		})
	}
	return s.findings
}
