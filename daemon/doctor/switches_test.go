package doctor_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sambung/configs"
	"sambung/daemon/doctor"
	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/telephony/ari"
)

// brokenSwitches are faults of the switch, its trunk and the telephones.
func brokenSwitches() []broken {
	return []broken{
		{"wrong ARI password", func(_ *testing.T, _ *installation, c *configs.Config, _ *doctor.Options) {
			c.Switches[0].Password = configs.NewSecret("another-password")
		}, "switch pbx1", "refuses the user or the password", "[sambung] in ari.conf"},
		{"read-only ARI user", readOnly, "switch pbx1", "its ARI user reader may only read", "read_only = no in [reader] of ari.conf"},
		{"no recording folder", func(t *testing.T, i *installation, _ *configs.Config, _ *doctor.Options) {
			must(t, os.RemoveAll(i.asterisk.RecordingDir))
			t.Cleanup(func() { must(t, os.MkdirAll(i.asterisk.RecordingDir, 0o755)) })
		}, "switch pbx1", "recording folder is missing", "install -d -o asterisk -g asterisk -m 750 /var/spool/asterisk/recording"},
		{"a prompt missing", func(t *testing.T, i *installation, _ *configs.Config, _ *doctor.Options) {
			prompt := filepath.Join(i.asterisk.RecordingDir, "../../data/sounds/sambung/id/outcome-menu.wav")
			must(t, os.Rename(prompt, prompt+".away"))
			t.Cleanup(func() { must(t, os.Rename(prompt+".away", prompt)) })
		}, "switch pbx1", "prompts are missing: sambung/id/outcome-menu", "copy configs/asterisk/sounds/sambung"},
		{"no ARI at the address", func(_ *testing.T, _ *installation, c *configs.Config, _ *doctor.Options) {
			c.Switches[0].URL += "/wrong"
		}, "switch pbx1", "there is no ARI at", "correct the url"},
		{"agent unregistered", func(t *testing.T, i *installation, _ *configs.Config, _ *doctor.Options) {
			i.hire(t, "agent-2", "pbx1")
			i.dismiss(t, "agent-2")
		}, "agent agent-2", "the telephone is not registered", "register it at the switch as agent-2"},
		{"agent of no switch", func(t *testing.T, i *installation, _ *configs.Config, _ *doctor.Options) {
			i.hire(t, "agent-3", "pbx9")
			i.dismiss(t, "agent-3")
		}, "agent agent-3", "no switch pbx9", "sambung agent add agent-3"},
		{"a switch taken out too early", takenOut, "switch pbx9", "what waits at it is never sealed (follow-ups: 1)", "put it back into switches"},
		{"no such trunk", func(_ *testing.T, _ *installation, c *configs.Config, _ *doctor.Options) {
			c.Switches[0].Trunk = "carrier"
		}, "trunk pbx1", "no endpoint carrier", "add [carrier] to pjsip_trunk.conf"},
	}
}

// takenOut is a ledger whose only call went over a switch that nobody knows any more.
func takenOut(t *testing.T, _ *installation, c *configs.Config, _ *doctor.Options) {
	c.Redis.Addrs = []string{realservers.Redis(t).Addr}
	q, ctx := openQueue(t, *c), t.Context()
	agent := queue.Agent{ID: "agent-1", Endpoint: "PJSIP/agent-1", Switch: "pbx9"}
	must(t, q.PutAgent(ctx, agent))
	_, err := q.SetPresence(ctx, agent.ID, queue.PresenceReady, "", time.Now())
	must(t, err)
	now := time.Now()
	_, _, err = q.Enqueue(ctx, queue.Enqueue{FollowUp: queue.FollowUp{
		ID: "01JSTRANDED000000000000001", Ticket: "T-1", Route: queue.RouteAnswer, Taxpayer: queue.Taxpayer{Phone: "+628111111111"},
		ReceivedAt: now, EnteredAt: now, Deadline: now.Add(time.Hour),
	}})
	must(t, err)
	lease, err := q.Acquire(ctx, "pbx9", "gone", time.Minute)
	must(t, err)
	_, err = q.Claim(ctx, queue.Claim{Agent: agent.ID, Lease: lease, Now: now})
	must(t, err)
	must(t, q.Surrender(ctx, lease))
	agent.Switch = "pbx1"
	must(t, q.PutAgent(ctx, agent))
}

// readOnly has the doctor log in as a user who may not change anything.
func readOnly(t *testing.T, i *installation, c *configs.Config, _ *doctor.Options) {
	path := i.etc("ari.conf")
	before, err := os.ReadFile(path)
	must(t, err)
	after := fmt.Sprintf("%s\n[reader]\ntype = user\nread_only = yes\npassword = the-readers-password\n", before)
	must(t, os.WriteFile(path, []byte(after), 0o600))
	i.asterisk.CLI("module reload res_ari.so")
	c.Switches[0].User, c.Switches[0].Password = "reader", configs.NewSecret("the-readers-password")
}

// trunkDown is the last fault: for a while after a carrier has come back,
// Asterisk calls it offline again when an old question's time is up.
func trunkDown() broken {
	return broken{"trunk down", func(t *testing.T, i *installation, _ *configs.Config, _ *doctor.Options) {
		must(t, i.carrier.Close())
		i.awaitTrunk(t, ari.EndpointOffline)
	}, "trunk pbx1", "the carrier does not answer", "pjsip show endpoint trunk"}
}
