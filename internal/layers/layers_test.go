// Package layers_test enforces the shape of docs/architecture.md: three pillars
// that know nothing of each other, and one roof where they meet.
package layers_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "sambung/"

var pillars = []string{"queue", "telephony", "storage"}

// exceptions are imports from a command into a pillar: tools that speak to a
// telephone or a server themselves.
var exceptions = map[string][]string{
	"cmd/sambung": {"telephony/softphone"},
}

type pkg struct {
	ImportPath   string
	Standard     bool
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func list(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Standard,Imports,TestImports,XTestImports", module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var pkgs []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

// within reports whether path is the folder or below it.
func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

func pillarOf(path string) string {
	for _, p := range pillars {
		if within(path, p) {
			return p
		}
	}
	return ""
}

// violation says what is wrong with from importing to; empty if nothing is.
func violation(from, to string) string {
	if !strings.HasPrefix(to, module) {
		if pillarOf(from) == from && strings.Contains(strings.SplitN(to, "/", 2)[0], ".") {
			return "the root of a pillar imports the standard library alone"
		}
		return ""
	}
	to = strings.TrimPrefix(to, module)
	switch pillar := pillarOf(from); {
	case pillar == from:
		return "the root of a pillar imports nothing of ours"
	case pillar != "" && !within(to, pillar):
		return "a pillar imports only its own"
	case within(from, "configs") && pillarOf(to) != to:
		return "configs imports at most the roots of the pillars"
	case within(from, "cmd") && pillarOf(to) != "" && pillarOf(to) != to && !allowed(from, to):
		return "a command reaches the adapters through daemon"
	case !within(from, "internal") && within(to, "internal"):
		return "internal packages serve tests alone"
	}
	return ""
}

func allowed(from, to string) bool {
	for _, ok := range exceptions[from] {
		if within(to, ok) {
			return true
		}
	}
	return false
}

func TestLayers(t *testing.T) {
	pkgs := list(t)
	if len(pkgs) < 8 {
		t.Fatalf("go list found %d packages only", len(pkgs))
	}
	for _, p := range pkgs {
		from := strings.TrimPrefix(p.ImportPath, module)
		for _, to := range p.Imports {
			if why := violation(from, to); why != "" {
				t.Errorf("%s imports %s: %s", from, to, why)
			}
		}
	}
}

// TestLayersCanFail shows that the rules refuse what they are there to refuse.
func TestLayersCanFail(t *testing.T) {
	for _, bad := range [][2]string{
		{"queue", "github.com/redis/go-redis/v9"},
		{"queue", "sambung/queue/workhours"},
		{"queue/redisqueue", "sambung/telephony"},
		{"telephony/asterisk", "sambung/queue"},
		{"storage/s3", "sambung/daemon"},
		{"cmd/sambung", "sambung/queue/redisqueue"},
		{"configs", "sambung/telephony/ari"},
		{"daemon/dispatch", "sambung/internal/realservers"},
	} {
		if violation(bad[0], bad[1]) == "" {
			t.Errorf("%s importing %s was not refused", bad[0], bad[1])
		}
	}
	for _, good := range [][2]string{
		{"queue", "encoding/json"},
		{"queue/redisqueue", "sambung/queue"},
		{"daemon", "sambung/telephony/asterisk"},
		{"cmd/sambung", "sambung/telephony/softphone"},
		{"daemon/dispatch", "sambung/telephony"},
	} {
		if why := violation(good[0], good[1]); why != "" {
			t.Errorf("%s importing %s was refused: %s", good[0], good[1], why)
		}
	}
}
