package doctor_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sambung/configs"
	"sambung/daemon/doctor"
	"sambung/queue"
	"sambung/telephony/ari"
)

// broken is an installation with one fault.
type broken struct {
	name string
	// harm breaks it, and has it mended when its test ends.
	harm func(t *testing.T, i *installation, c *configs.Config, o *doctor.Options)
	// The one fault: its subject, and words of what is wrong and of the remedy.
	subject, what, remedy string
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	i := install(t)
	t.Run("healthy", func(t *testing.T) { healthy(t, i) })
	for _, b := range append(brokenServers(), brokenSwitches()...) {
		t.Run(b.name, func(t *testing.T) { b.run(t, i) })
	}
	t.Run("what is not wrong yet", func(t *testing.T) { notWrongYet(t, i) })
	t.Run("healthy again", func(t *testing.T) { healthy(t, i) })
	b := trunkDown()
	t.Run(b.name, func(t *testing.T) { b.run(t, i) })
}

// run breaks the installation, examines it, and has it mended.
func (b broken) run(t *testing.T, i *installation) {
	c, o := i.config, doctor.Options{}
	c.Switches = slices.Clone(i.config.Switches)
	b.harm(t, i, &c, &o)
	b.judge(t, examine(t, c, o))
}

// judge wants the fault named, with its remedy, and no other one.
func (b broken) judge(t *testing.T, findings []doctor.Finding) {
	t.Helper()
	named := false
	for _, f := range findings {
		if f.Severity != doctor.Fault {
			continue
		}
		if f.Subject == b.subject && strings.Contains(f.What, b.what) && strings.Contains(f.Remedy, b.remedy) {
			named = true
			continue
		}
		t.Errorf("a fault of %s that is none: %s", f.Subject, f.What)
	}
	if !named {
		t.Errorf("no fault of %s with %q and the remedy %q", b.subject, b.what, b.remedy)
	}
}

// notWrongYet: no bucket where the daemon is to make one, and it is not made
// here; an agent who takes no calls, and whose telephone is unplugged.
func notWrongYet(t *testing.T, i *installation) {
	must(t, i.queue.PutAgent(t.Context(), queue.Agent{ID: "agent-2", Endpoint: "PJSIP/agent-2", Switch: "pbx1", Presence: queue.PresenceOffline, Since: time.Now()}))
	i.dismiss(t, "agent-2")
	c := i.config
	c.S3.Bucket, c.S3.CreateBucket = "not-made-yet", true
	for range 2 {
		warned := make(map[string]string)
		for _, f := range examine(t, c, doctor.Options{}) {
			if f.Severity == doctor.Fault {
				t.Errorf("%s: %s", f.Subject, f.What)
			}
			if f.Severity == doctor.Warning {
				warned[f.Subject] += f.What
			}
		}
		if !strings.Contains(warned["s3"], "the bucket is not there yet") || !strings.Contains(warned["agent agent-2"], "not registered; the agent is offline") {
			t.Errorf("%v", warned)
		}
	}
}

// healthy examines an installation that is well while a daemon's stream is open.
func healthy(t *testing.T, i *installation) {
	stream := ari.NewStream(i.ari(t), func(string) string { return "" }, nil, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = stream.Run(ctx) })
	defer running.Wait()
	defer cancel()
	must(t, stream.WaitUp(ctx))

	well, said := make(map[string]bool), ""
	for _, f := range examine(t, i.config, doctor.Options{}) {
		well[f.Subject] = well[f.Subject] || f.Severity == doctor.OK
		said += f.What + "\n"
		if f.Severity == doctor.Fault || strings.Contains(f.What, "not examined") {
			t.Errorf("%s: %s", f.Subject, f.What)
		}
	}
	for _, subject := range []string{"configuration", "redis", "s3", "switch pbx1", "trunk pbx1", "agent agent-1", "calendar", "clock", "spool"} {
		if !well[subject] {
			t.Errorf("nothing is said to be well of %s", subject)
		}
	}
	if !strings.Contains(said, "links to recordings work at http://localhost:") {
		t.Error("nothing is said of links")
	}
	i.untouched(t, stream)
}

// untouched makes sure that the doctor rang nobody and left nothing.
func (i *installation) untouched(t *testing.T, stream *ari.Stream) {
	t.Helper()
	if s := stream.State(); s.Err != nil || !s.Up || s.Connections != 1 {
		t.Errorf("the daemon's stream: %+v", s)
	}
	if n := i.rung.Load(); n != 0 {
		t.Errorf("%d telephones were rung", n)
	}
	eventually(t, "channels and bridges are gone", func() bool { return len(i.list(t, "/channels"))+len(i.list(t, "/bridges")) == 0 })
	if left := i.list(t, "/recordings/stored"); len(left) != 0 {
		t.Errorf("recordings are left: %v", left)
	}
	// Asterisk may keep an empty application until the next one comes or goes.
	for _, a := range i.list(t, "/applications") {
		if held := fmt.Sprint(a["channel_ids"], a["bridge_ids"], a["endpoint_ids"]); held != "[] [] []" {
			t.Errorf("application %s holds %s", a["name"], held)
		}
	}
	if n := len(i.list(t, "/applications")); n > 2 {
		t.Errorf("%d applications are left, want the daemon's and at most the last one of the doctor's", n)
	}
}

// A configuration that is refused is told in the loader's words.
func TestARefusedConfiguration(t *testing.T) {
	t.Parallel()
	_, err := configs.Parse("site.yaml", []byte("redis:\n  adrs: [x]\n"), nil)
	findings := doctor.Refused(err)
	var all []string
	for _, f := range findings {
		if f.Subject != "configuration" || f.Remedy == "" {
			t.Errorf("%+v", f)
		}
		all = append(all, f.What)
	}
	if text := strings.Join(all, "\n"); !strings.Contains(text, "site.yaml:2:3: redis.adrs: unknown key") || doctor.Count(findings, doctor.Fault) < 2 {
		t.Errorf("%s", text)
	}
	_, err = configs.Load("/nonexistent/sambung.yaml", nil)
	if f := doctor.Refused(err); f[0].Severity != doctor.Fault || !strings.Contains(f[0].What, "/nonexistent/sambung.yaml") {
		t.Errorf("%+v", f)
	}
}

// With nothing there at all the examination ends, and says what depends on what.
func TestNothingIsThere(t *testing.T) {
	t.Parallel()
	c := configs.Default()
	c.Site.Name, c.Redis.Addrs, c.Spool.Dir = "test", []string{"127.0.0.1:1"}, t.TempDir()
	c.S3 = configs.S3{Endpoint: "127.0.0.1:1", Bucket: "archive", AccessKey: configs.NewSecret("key"), SecretKey: configs.NewSecret("long-secret-key")}
	c.Switches = []configs.Switch{{Name: "pbx1", URL: "http://127.0.0.1:1/ari", Application: "a", User: "u", Password: configs.NewSecret("long-password"), Trunk: "trunk", MaxCalls: 1}}
	c.Calendar.Dir = calendar(t, time.Now().Year(), time.Now().Year()+1)
	faults := make(map[string]bool)
	for _, f := range examine(t, c, doctor.Options{Timeout: 5 * time.Second}) {
		if f.Severity == doctor.Fault {
			faults[f.Subject] = true
		}
		if skipped := f.Subject == "trunk pbx1" || f.Subject == "agents" || f.Subject == "clock"; skipped && (f.Severity != doctor.Warning || !strings.Contains(f.Detail, "depends on")) {
			t.Errorf("%+v", f)
		}
	}
	if len(faults) != 3 || !faults["redis"] || !faults["s3"] || !faults["switch pbx1"] {
		t.Errorf("faults of %v", faults)
	}
}
