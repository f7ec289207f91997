package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"sambung/configs"
	"sambung/storage"
	"sambung/telephony/ari"
	"sambung/telephony/sipping"
)

// What an endpoint's state and its answers together mean.
func TestTellOfAnEndpoint(t *testing.T) {
	answered := func(status int) contact { return contact{status: status} }
	silent := contact{err: fmt.Errorf("no answer: %w", context.DeadlineExceeded)}
	browser := contact{err: sipping.ErrAddress}
	for name, c := range map[string]struct {
		state     string
		qualified bool
		contacts  []contact
		want      Severity
		what      string
	}{
		"answers":                          {ari.EndpointOnline, true, []contact{answered(200)}, OK, "answers"},
		"one of two answers":               {ari.EndpointOnline, false, []contact{silent, answered(200)}, OK, "answers"},
		"nobody registered":                {ari.EndpointOffline, true, nil, Fault, "no contact"},
		"away, the switch knows":           {ari.EndpointOffline, true, []contact{silent}, Fault, "away"},
		"away from the switch alone":       {ari.EndpointOffline, true, []contact{answered(200)}, Fault, "away"},
		"away, and the switch never asks":  {ari.EndpointOnline, false, []contact{silent}, Fault, "away"},
		"admits the switch alone":          {ari.EndpointOnline, true, []contact{silent}, Warning, "not this machine"},
		"in a browser":                     {ari.EndpointOnline, true, []contact{browser}, OK, "answers"},
		"in a browser, switch never asks":  {ari.EndpointOnline, false, []contact{browser}, OK, "answers"},
		"busy":                             {ari.EndpointOnline, true, []contact{answered(486)}, Warning, "486"},
		"refuses us":                       {ari.EndpointOnline, true, []contact{answered(403)}, Warning, "403"},
		"does not know OPTIONS":            {ari.EndpointOnline, true, []contact{answered(501)}, Warning, "501"},
		"out of service":                   {ari.EndpointOnline, true, []contact{answered(503)}, Fault, "503"},
		"out of service, another is there": {ari.EndpointOnline, true, []contact{answered(503), answered(200)}, OK, "answers"},
	} {
		s := &sheet{subject: "trunk"}
		s.tell(reach{c.state, c.qualified, c.contacts}, words{noContact: "no contact", away: "away", remedy: "mend", look: "look", severity: Fault})
		if f := s.findings[0]; len(s.findings) != 1 || f.Severity != c.want || !strings.Contains(f.What, c.what) || (f.Severity != OK) != (f.Remedy != "") {
			t.Errorf("%s: %+v", name, s.findings)
		}
		justCome := c.state == ari.EndpointOffline && len(c.contacts) == 1 && c.contacts[0].status == 200
		if got := strings.Contains(s.findings[0].Remedy, "ask again in a minute: the switch"); got != justCome {
			t.Errorf("%s: %q", name, s.findings[0].Remedy)
		}
	}
}

func TestClocks(t *testing.T) {
	for name, c := range map[string]struct {
		ahead map[string]time.Duration
		want  []string
	}{
		"none":            {nil, []string{"warning not examined: the clocks"}},
		"well":            {map[string]time.Duration{"redis": time.Second, "s3": -time.Second}, []string{"ok this machine's agrees with those of redis, s3"}},
		"one a little":    {map[string]time.Duration{"redis": 0, "s3": 5 * time.Second}, []string{"warning the clock of s3 is 5s ahead of this machine's"}},
		"one by much":     {map[string]time.Duration{"redis": 0, "s3": -time.Minute}, []string{"fault the clock of s3 is 1m0s behind this machine's"}},
		"ours":            {map[string]time.Duration{"redis": time.Minute, "s3": time.Minute}, []string{"fault this machine's clock is 1m0s behind those of redis, s3"}},
		"each its own":    {map[string]time.Duration{"redis": time.Minute, "s3": -3 * time.Second}, []string{"fault the clock of redis is 1m0s ahead of", "warning the clock of s3 is 3s behind"}},
		"the only server": {map[string]time.Duration{"redis": time.Minute}, []string{"fault the clock of redis is 1m0s ahead of"}},
	} {
		k := &clocks{}
		for of, d := range c.ahead {
			k.skews = append(k.skews, skew{of: of, ahead: d, give: time.Millisecond})
		}
		findings := k.findings()
		if len(findings) != len(c.want) {
			t.Errorf("%s: %+v", name, findings)
			continue
		}
		for i, f := range findings {
			if !strings.HasPrefix(string(f.Severity)+" "+f.What, c.want[i]) {
				t.Errorf("%s: %+v, want %s", name, f, c.want[i])
			}
		}
	}
}

// A slow answer is no skew, and a server that does not answer is passed over.
func TestClocksAreReadFairly(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	k := &clocks{}
	k.read(t.Context(), "slow", func() time.Time { now = now.Add(10 * time.Second); return now },
		func(context.Context) (time.Time, error) { return now.Add(9 * time.Second), nil }, time.Millisecond)
	k.read(t.Context(), "away", time.Now, func(context.Context) (time.Time, error) { return time.Time{}, errors.New("away") }, time.Second)
	if f := k.findings(); len(f) != 1 || f[0].Severity != OK {
		t.Errorf("%+v", f)
	}
}

func TestVersions(t *testing.T) {
	for version, want := range map[string]Severity{
		"22.10.1+dfsg+~cs6": OK, "20.9.3": Warning, "certified/20.7-cert2": Warning, "23.0.0": Warning, "18.24.1": Fault, "16": Fault, "GIT-master": Warning, "": Warning,
	} {
		s := &sheet{}
		if asteriskVersion(s, version); s.findings[0].Severity != want {
			t.Errorf("%q: %+v", version, s.findings)
		}
	}
}

func TestSecretsAreHidden(t *testing.T) {
	c := configs.Config{Switches: []configs.Switch{{Password: configs.NewSecret("correct-horse")}}}
	c.S3.SecretKey = configs.NewSecret("spool") // too short to tell from a word
	findings := []Finding{{What: "spool", Detail: "the server said correct-horse", Remedy: "not correct-horse"}}
	hide(c, findings)
	if want := (Finding{What: "spool", Detail: "the server said [secret]", Remedy: "not [secret]"}); findings[0] != want {
		t.Errorf("%+v", findings[0])
	}
}

func TestObjectLock(t *testing.T) {
	for name, c := range map[string]struct {
		can  storage.Capabilities
		days int
		want Severity
		what string
	}{
		"all of it":    {storage.Capabilities{ObjectLock: true, LegalHold: true}, 3650, OK, "retained for 3650 days"},
		"no retention": {storage.Capabilities{ObjectLock: true, LegalHold: true}, 0, OK, "s3.retention_days: 0"},
		"no hold":      {storage.Capabilities{ObjectLock: true}, 0, Warning, "legal holds"},
		"no lock":      {storage.Capabilities{}, 0, Warning, "by its hashes alone"},
	} {
		s := &sheet{}
		s3ObjectLock(s, c.can, c.days)
		if len(s.findings) != 1 || s.findings[0].Severity != c.want || !strings.Contains(s.findings[0].What, c.what) {
			t.Errorf("%s: %+v", name, s.findings)
		}
	}
}

func TestSpool(t *testing.T) {
	x := &examination{limit: 5 * time.Second}
	dir := t.TempDir()
	for name, c := range map[string]struct {
		dir  string
		most configs.Bytes
		want Severity
		what string
	}{
		"well":              {dir, 1 << 20, OK, "are free"},
		"not there yet":     {dir + "/a/b", 1 << 20, OK, "the daemon makes it"},
		"a disk too small":  {dir, 1 << 60, Fault, "are free for the"},
		"not to be written": {"/proc/self", 1 << 20, Fault, "cannot be written"},
		"no folder":         {"/proc/self/stat", 1 << 20, Fault, "cannot be looked at"},
	} {
		x.config.Spool = configs.Spool{Dir: c.dir, MaxBytes: c.most}
		found := false
		for _, f := range x.examineSpool(t.Context()) {
			found = found || f.Severity == c.want && strings.Contains(f.What, c.what)
		}
		if !found {
			t.Errorf("%s: %+v", name, x.examineSpool(t.Context()))
		}
	}
}

func TestCalendarYears(t *testing.T) {
	at := func(text string) func() time.Time {
		return func() time.Time {
			when, err := time.Parse(time.DateOnly, text)
			if err != nil {
				t.Fatal(err)
			}
			return when.Add(3 * time.Hour)
		}
	}
	for day, want := range map[string]string{
		"2026-06-01": "ok the holidays of 2026 are there",
		"2027-06-01": "warning the holidays of 2027 are tentative",
		"2027-10-31": "warning the holidays of 2027 are tentative",
		"2027-11-01": "warning the holidays of 2028 are missing",
		"2028-01-01": "fault the holidays of 2028 are missing",
	} {
		x := &examination{now: at(day), config: configs.Config{Calendar: configs.Calendar{Dir: "testdata/calendar"}}}
		findings := x.examineCalendar()
		last := findings[len(findings)-1]
		if !strings.HasPrefix(string(last.Severity)+" "+last.What, want) {
			t.Errorf("%s: %+v, want %s", day, findings, want)
		}
	}
	x := &examination{now: at("2026-06-01"), config: configs.Config{Calendar: configs.Calendar{Dir: "testdata"}}}
	if f := x.examineCalendar(); f[0].Severity != Fault || f[0].What != "office.yaml: the file is missing" || f[0].Remedy == "" {
		t.Errorf("%+v", f)
	}
}
