package configs_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sambung/configs"
	"sambung/queue"
)

// install writes the example as an operator would, with a secret in every file it names.
func install(t *testing.T, edit func(string) string) (configs.Config, error) {
	t.Helper()
	data, err := os.ReadFile("sambung.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "secrets"), 0o700); err != nil {
		t.Fatal(err)
	}
	for i, m := range regexp.MustCompile(`_file: (secrets/\S+)`).FindAllStringSubmatch(string(data), -1) {
		if err := os.WriteFile(filepath.Join(dir, m[1]), []byte(testToken+strconv.Itoa(i)+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "sambung.yaml")
	if err := os.WriteFile(path, []byte(edit(string(data))), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := configs.Load(path, nil)
	if err == nil {
		config.Calendar.Dir, _ = filepath.Rel(dir, config.Calendar.Dir)
		config.Redis.PasswordFile, config.S3.AccessKeyFile, config.S3.SecretKeyFile, config.Switches[0].PasswordFile = "", "", "", ""
		for i := range config.API.Tokens {
			config.API.Tokens[i].File = ""
		}
	}
	return config, err
}

var commentedDefault = regexp.MustCompile(`(?m)^( *)#([a-z])`)

func TestTheExampleLoads(t *testing.T) {
	config, err := install(t, func(s string) string { return s })
	if err != nil {
		t.Fatal(err)
	}
	if config.Site.Name != "klip" || config.Switches[0].Name != "asterisk-1" || len(config.API.Tokens) != 4 || config.Calendar.Dir != "calendar" {
		t.Errorf("config = %+v", config)
	}
	if w := config.Warnings(); len(w) != 0 {
		t.Errorf("warnings: %v", w)
	}
}

// What the example shows as a default is one: with every # removed, nothing changes.
func TestTheExamplesDefaultsAreTheDefaults(t *testing.T) {
	plain, err := install(t, func(s string) string { return s })
	if err != nil {
		t.Fatal(err)
	}
	spelt, err := install(t, func(s string) string { return commentedDefault.ReplaceAllString(s, "$1$2") })
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(plain, spelt) {
		t.Errorf("with the defaults spelt out: %+v\nwithout: %+v", spelt, plain)
	}
}

func TestTheExampleShowsEveryKey(t *testing.T) {
	data, err := os.ReadFile("sambung.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	eachKey(reflect.TypeFor[configs.Config](), func(key string) {
		if !regexp.MustCompile(`(?m)^[ -]*#?` + key + `:`).Match(data) {
			t.Errorf("%s is not in the example", key)
		}
	})
}

func eachKey(t reflect.Type, visit func(key string)) {
	for f := range t.Fields() {
		key := f.Tag.Get("yaml")
		if key == "-" {
			continue
		}
		visit(key)
		inner := f.Type
		if inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct {
			eachKey(inner, visit)
		}
	}
}

// The policy is the queue's: the same fields, the same defaults.
func TestThePolicyIsTheQueues(t *testing.T) {
	if got, want := queue.Policy(configs.Default().Policy), queue.DefaultPolicy(); got != want {
		t.Errorf("policy = %+v, want %+v", got, want)
	}
	bad, _ := os.ReadFile("testdata/bad/policy.yaml")
	if err := (queue.Policy{}).Validate(); err == nil || !strings.Contains(string(bad), "policy.time_limit") {
		t.Errorf("the empty policy is accepted: %v", err)
	}
}
