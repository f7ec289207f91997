package daemon

import (
	"os"
	"path/filepath"
	"testing"

	"sambung/configs"
)

func TestWhichEndpointsAreInBrowsers(t *testing.T) {
	dir := t.TempDir()
	for name, mode := range map[string]os.FileMode{"agent-1": 0o600, "agent-2": 0o644} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("rahasia"), mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(dir), "outside"), []byte("rahasia"), 0o600); err != nil {
		t.Fatal(err)
	}
	list := telephones{{Name: "a", Browser: configs.Browser{URL: "wss://a/ws", Domain: "a", SecretsDir: dir}}, {Name: "b"}}
	for _, c := range []struct {
		at, endpoint string
		ok, fault    bool
	}{
		{"a", "PJSIP/agent-1", true, false}, {"a", "PJSIP/agent-2", false, true}, {"a", "PJSIP/agent-3", false, false}, {"b", "PJSIP/agent-1", false, false},
		{"c", "PJSIP/agent-1", false, false}, {"a", "PJSIP/../outside", false, false}, {"a", "PJSIP/", false, false}, {"a", "agent-1", false, false},
	} {
		got, ok, err := list.Telephone(c.at, c.endpoint)
		if ok != c.ok || (err != nil) != c.fault || (got.Password != "") != c.ok {
			t.Errorf("%s at %s: %+v, %v, %v", c.endpoint, c.at, got, ok, err)
		}
	}
	if all := list.addresses(); len(all) != 1 || all[0] != "wss://a/ws" {
		t.Errorf("addresses = %v", all)
	}
}
