package configs_test

import (
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"sambung/configs"
)

func parse(t *testing.T, file string, environ ...string) configs.Config {
	t.Helper()
	config, err := configs.Parse("/etc/sambung/sambung.yaml", []byte(file), append(environmentFor(file), environ...))
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func TestDefaultsHoldWhereNothingIsSaid(t *testing.T) {
	got, want := parse(t, ""), configs.Default()
	if got.Site.Node == "" {
		t.Error("no host name")
	}
	if got.Calendar.Dir != "/etc/sambung/calendar" {
		t.Errorf("calendar.dir = %s", got.Calendar.Dir)
	}
	for _, c := range []struct{ got, want any }{
		{got.Site.Name, want.Site.Name}, {got.Redis, want.Redis}, {got.Spool, want.Spool}, {got.Calls, want.Calls},
		{got.Policy, want.Policy}, {got.Drain, want.Drain}, {got.Lease, want.Lease}, {got.Log, want.Log}, {got.API.Listen, want.API.Listen},
		{got.Switches[0].Application, "sambung"}, {got.Switches[0].DialFormat, configs.DialNational}, {got.Switches[0].MaxCalls, 30},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("got %+v, want %+v", c.got, c.want)
		}
	}
}

func TestTheEnvironmentGoesFirst(t *testing.T) {
	file := "redis: {addrs: ['127.0.0.1:1'], db: 1}\ncalls: {agent_ring: 9s}\n"
	got := parse(t, file,
		"SAMBUNG_REDIS_ADDRS=10.0.0.1:6379, 10.0.0.2:6379,", "SAMBUNG_REDIS_MASTER_NAME=m", "SAMBUNG_REDIS_PASSWORD=pw",
		"SAMBUNG_CALLS_AGENT_RING=20s", "SAMBUNG_SPOOL_MAX_BYTES=512MiB", "SAMBUNG_REDIS_TLS=true",
		"SAMBUNG_SWITCHES_0_TRUNK=telco",
		"SAMBUNG_SWITCHES_1_NAME=b", "SAMBUNG_SWITCHES_1_URL=http://127.0.0.2:8088/ari", "SAMBUNG_SWITCHES_1_USER=u",
		"SAMBUNG_SWITCHES_1_PASSWORD=p2", "SAMBUNG_SWITCHES_1_TRUNK=t",
		"SAMBUNG_API=http://127.0.0.1:1", "SAMBUNG_TOKEN=x", "SAMBUNG_TEST_REDIS=y")
	if want := []string{"10.0.0.1:6379", "10.0.0.2:6379"}; !slices.Equal(got.Redis.Addrs, want) {
		t.Errorf("redis.addrs = %v", got.Redis.Addrs)
	}
	if got.Redis.MasterName != "m" || got.Redis.Password.Reveal() != "pw" || got.Redis.DB != 1 || !got.Redis.TLS {
		t.Errorf("redis = %+v", got.Redis)
	}
	if got.Calls.AgentRing != 20*time.Second || got.Spool.MaxBytes != 512<<20 {
		t.Errorf("calls = %+v, spool = %+v", got.Calls, got.Spool)
	}
	if len(got.Switches) != 2 || got.Switches[0].Trunk != "telco" || got.Switches[1].Password.Reveal() != "p2" || got.Switches[1].MaxCalls != 30 {
		t.Errorf("switches = %+v", got.Switches)
	}
}

func TestMoreThanTenElementsFromTheEnvironment(t *testing.T) {
	var environ []string
	for _, n := range []string{"10", "2", "9", "1", "3", "8", "4", "7", "5", "6", "0"} {
		p := "SAMBUNG_API_TOKENS_" + n
		environ = append(environ, p+"_NAME=t"+n, p+"_ROLE=qa", p+"_TOKEN="+testToken+n)
	}
	got := parse(t, "api: {}", environ...)
	if len(got.API.Tokens) != 11 || got.API.Tokens[10].Name != "t10" {
		t.Errorf("tokens = %+v", got.API.Tokens)
	}
}

func TestRelativePathsBeginAtTheFile(t *testing.T) {
	got := parse(t, "calendar: {dir: cal}\nspool: {dir: ../spool}\nredis: {tls: true, ca_file: /ca.pem}", "SAMBUNG_API_CERT_FILE=c.pem", "SAMBUNG_API_KEY_FILE=k.pem")
	for _, c := range [][2]string{
		{got.Calendar.Dir, "/etc/sambung/cal"}, {got.Spool.Dir, "/etc/spool"}, {got.Redis.CAFile, "/ca.pem"}, {got.API.CertFile, "c.pem"},
	} {
		if c[0] != c[1] {
			t.Errorf("path = %s, want %s", c[0], c[1])
		}
	}
}

func TestTheEnvironmentAloneIsEnough(t *testing.T) {
	got, err := configs.Load("", environmentFor(""))
	if err != nil {
		t.Fatal(err)
	}
	if got.Switches[0].Name != "asterisk-1" || got.Calendar.Dir != filepath.Clean("calendar") {
		t.Errorf("config = %+v", got)
	}
}

func TestASpoolTooSmallForTheLongestCallIsWarnedOf(t *testing.T) {
	for file, want := range map[string]bool{
		"spool: {max_bytes: 64MiB}\n":                             true,
		"spool: {max_bytes: 64MiB}\ncalls: {max_duration: 10m}\n": false,
		"calls: {max_duration: 2h}\n":                             false,
	} {
		config := parse(t, file)
		got := slices.ContainsFunc(config.Warnings(), func(p configs.Problem) bool { return p.Key == "spool.max_bytes" })
		if got != want {
			t.Errorf("%q: warned %t, want %t", file, got, want)
		}
	}
}
