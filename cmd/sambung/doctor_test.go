package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sambung/daemon/doctor"
)

func TestDoctorFindsNothingThere(t *testing.T) {
	t.Parallel()
	around := surroundings{environ: []string{
		"SAMBUNG_REDIS_ADDRS=127.0.0.1:1", "SAMBUNG_S3_ENDPOINT=127.0.0.1:1", "SAMBUNG_S3_SECURE=false",
		"SAMBUNG_S3_ACCESS_KEY=key", "SAMBUNG_S3_SECRET_KEY=the-secret-key", "SAMBUNG_SPOOL_DIR=" + t.TempDir(),
		"SAMBUNG_SWITCHES_0_NAME=pbx1", "SAMBUNG_SWITCHES_0_URL=http://127.0.0.1:1/ari", "SAMBUNG_SWITCHES_0_USER=u",
		"SAMBUNG_SWITCHES_0_PASSWORD=the-ari-password", "SAMBUNG_SWITCHES_0_TRUNK=trunk", "SAMBUNG_CALENDAR_ALWAYS_OPEN=true",
		"SAMBUNG_API_TOKENS_0_NAME=a", "SAMBUNG_API_TOKENS_0_ROLE=admin", "SAMBUNG_API_TOKENS_0_TOKEN=0123456789012345678901234567890123",
	}}
	r := in(t, around, "doctor").want(t, exitFailed, "fault    redis ", "-> start it (systemctl start redis-server), or correct redis.addrs",
		"fault    s3 ", "fault    switch pbx1 ", "not examined: the trunk", "sambung: 3 faults to mend, ")
	if text := r.stdout + r.stderr; strings.Contains(text, "the-secret-key") || strings.Contains(text, "the-ari-password") || strings.Contains(text, "\x1b") {
		t.Errorf("a secret, or a colour: %s", text)
	}
	var told struct {
		Faults   int
		Findings []doctor.Finding
	}
	in(t, around, "doctor", "--json").want(t, exitFailed).json(t, &told)
	if told.Faults != 3 || doctor.Count(told.Findings, doctor.Fault) != 3 {
		t.Errorf("%+v", told)
	}
}

func TestDoctorRefusesAConfiguration(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sambung.yaml")
	if err := os.WriteFile(path, []byte("redis:\n  adrs: [x]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in(t, surroundings{}, "doctor", "--config", path).want(t, exitFailed, "fault    configuration  "+path+":2:3: redis.adrs: unknown key", "did you mean addrs")
	in(t, surroundings{}, "doctor", "--config", path+".not").want(t, exitFailed, "no such file")
	in(t, surroundings{}, "doctor", "more").want(t, exitUsage)
}

func TestDoctorTells(t *testing.T) {
	t.Parallel()
	well := []doctor.Finding{
		{Subject: "redis", Severity: doctor.OK, What: "it answers", Detail: "not shown"},
		{Subject: "switch pbx1", Severity: doctor.Warning, What: "it is \x1b[31mslow", Remedy: "wait\nor not", Detail: "3s"},
	}
	for _, c := range []struct {
		around   surroundings
		findings []doctor.Finding
		want     string
		fails    bool
	}{
		{surroundings{}, well, "" +
			"ok       redis        it answers\n" +
			"warning  switch pbx1  it is [31mslow\n" +
			"                      3s\n" +
			"                      -> wait\n" +
			"                         or not\n", false},
		{surroundings{terminal: true}, []doctor.Finding{{Subject: "s3", Severity: doctor.Fault, What: "w", Remedy: "r"}}, red + "fault  " + noColor + "  s3  w\n             -> r\n", true},
		{surroundings{terminal: true, environ: []string{"NO_COLOR=1"}}, well[:1], "ok       redis  it answers\n", false},
	} {
		var out bytes.Buffer
		c.around.stdout = &out
		if err := (&cli{surroundings: c.around}).tell(c.findings); (err != nil) != c.fails || out.String() != c.want {
			t.Errorf("%v\n%q, want\n%q", err, out.String(), c.want)
		}
	}
}
