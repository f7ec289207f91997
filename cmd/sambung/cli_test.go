package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"sambung/daemon/api/apitest"
)

// result is what a run of the command left.
type result struct {
	code           int
	stdout, stderr string
}

// sambung runs the command against the site's API under a token.
func sambung(t *testing.T, s *apitest.Site, token string, args ...string) result {
	t.Helper()
	return in(t, surroundings{environ: []string{"SAMBUNG_API=" + s.URL, "SAMBUNG_TOKEN=" + token}}, args...)
}

func in(t *testing.T, around surroundings, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	around.stdout, around.stderr = &stdout, &stderr
	if around.stdin == nil {
		around.stdin = strings.NewReader("")
	}
	code := run(t.Context(), args, around)
	return result{code, stdout.String(), stderr.String()}
}

// want checks the exit code and that the texts are printed.
func (r result) want(t *testing.T, code int, texts ...string) result {
	t.Helper()
	if r.code != code {
		t.Errorf("exit code %d, want %d\n%s%s", r.code, code, r.stdout, r.stderr)
	}
	for _, text := range texts {
		if !strings.Contains(r.stdout+r.stderr, text) {
			t.Errorf("%q is not in\n%s%s", text, r.stdout, r.stderr)
		}
	}
	return r
}

func (r result) json(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.stdout), v); err != nil {
		t.Fatalf("%v in %s (%s)", err, r.stdout, r.stderr)
	}
}

func TestEveryCommandExplainsItself(t *testing.T) {
	var visit func(*cobra.Command)
	visit = func(cmd *cobra.Command) {
		if cmd.Short == "" || cmd.Example == "" || !strings.Contains(cmd.Example, cmd.CommandPath()) {
			t.Errorf("%s lacks a description, or an example that shows it", cmd.CommandPath())
		}
		for _, child := range cmd.Commands() {
			visit(child)
		}
	}
	root := (&cli{}).root()
	visit(root)
	for _, brought := range []string{"help", "completion"} { // by the library, later than ours
		if cmd, _, err := root.Find([]string{brought}); err != nil || cmd == root {
			t.Errorf("%s was not looked at: %v", brought, err)
		}
	}
}

func TestUsageIsExitCode2(t *testing.T) {
	s := apitest.New(t, nil)
	for _, args := range [][]string{
		{"nonsense"}, {"list", "--nonsense"}, {"show"}, {"show", "a", "b"}, {"assign", "x"}, {"cancel", "x"}, {"outcome", "x"},
		{"agent", "nonsense"}, {"agent", "add", "x"}, {"list", "--limit", "many"}, {"edit", "01KBQ3V0G5QZ8M4T7Y2W9E6R1X"},
		{"outcome", "x", "--code", "callback", "--callback-at", "tomorrow"}, {"phone", "--reject", "200"}, {"phone", "--reject", "486", "--ring-out"},
	} {
		sambung(t, s, apitest.TokenAdmin, args...).want(t, exitUsage, "sambung: ", "--help")
	}
	if n := len(s.Writes(t)); n != 0 {
		t.Errorf("%d writes", n)
	}
}

func TestExitCodes(t *testing.T) {
	s := apitest.New(t, nil)
	id := string(s.Submit(t, "A", ""))
	sambung(t, s, apitest.TokenAdmin, "show", id).want(t, exitDone)
	sambung(t, s, apitest.TokenAdmin, "show", "01KBQ3V0G5QZ8M4T7Y2W9E6R1X").want(t, exitNotFound, "there is no such follow-up")
	sambung(t, s, apitest.TokenAdmin, "show", "../../metrics").want(t, exitNotFound)
	sambung(t, s, apitest.TokenAdmin, "requeue", id).want(t, exitRefused, "possible while the follow-up is handed_back")
	sambung(t, s, apitest.TokenQA, "cancel", id, "--reason", "x").want(t, exitRefused, "not for the role qa")
	sambung(t, s, "wrong", "list").want(t, exitFailed, "no valid token", "SAMBUNG_TOKEN")
	in(t, surroundings{environ: []string{"SAMBUNG_API=http://127.0.0.1:1"}}, "list").want(t, exitFailed, "asking the daemon")
	in(t, surroundings{environ: []string{"SAMBUNG_API=127.0.0.1:8717"}}, "list").want(t, exitFailed, "write it as http://127.0.0.1:8717")
	in(t, surroundings{}, "version").want(t, exitDone, "sambung ")
}

func TestTheTokenComesFromAFileToo(t *testing.T) {
	s := apitest.New(t, nil)
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(apitest.TokenQA+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in(t, surroundings{}, "agent", "list", "--api", s.URL, "--token-file", file).want(t, exitDone, "AGENT")
	in(t, surroundings{}, "agent", "list", "--api", s.URL, "--token-file", file+"x").want(t, exitFailed, "reading the token")
}

func TestErrorsAreJSONForPrograms(t *testing.T) {
	s := apitest.New(t, nil)
	r := sambung(t, s, apitest.TokenAdmin, "enqueue", "--ticket", "A", "--route", "answer", "--taxpayer", "B", "--phone", "112", "--message", "m", "--json").want(t, exitRefused)
	var body struct {
		Error struct {
			Code   string
			Fields []struct{ Field, Problem, Remedy string }
		}
	}
	if err := json.Unmarshal([]byte(r.stderr), &body); err != nil || body.Error.Code != "invalid" || body.Error.Fields[0].Field != "phone" {
		t.Errorf("%v: %s", err, r.stderr)
	}
	for _, c := range []struct {
		args []string
		exit int
		code string
	}{
		{[]string{"list", "--api", "http://127.0.0.1:1", "--json"}, exitFailed, "failed"},
		{[]string{"enqueue", "--json", "--ticket"}, exitUsage, "usage"},
	} {
		r := sambung(t, s, apitest.TokenAdmin, c.args...).want(t, c.exit)
		var body struct {
			Error struct{ Code, Message string }
		}
		if err := json.Unmarshal([]byte(r.stderr), &body); err != nil || body.Error.Code != c.code || body.Error.Message == "" {
			t.Errorf("%v: %v: %s", c.args, err, r.stderr)
		}
	}
}

func TestColoursAreForTerminalsThatWantThem(t *testing.T) {
	s := apitest.New(t, nil)
	id := s.Submit(t, "A", "")
	s.Talk(t, id, "agent-1")
	s.WrapUp(t, id)
	s.Unconfirmed(t, id)
	base := []string{"SAMBUNG_API=" + s.URL, "SAMBUNG_TOKEN=" + apitest.TokenAdmin}
	for _, c := range []struct {
		around surroundings
		want   bool
	}{
		{surroundings{environ: base, terminal: true}, true},
		{surroundings{environ: base}, false},
		{surroundings{environ: append([]string{"NO_COLOR=1"}, base...), terminal: true}, false},
		{surroundings{environ: append([]string{"TERM=dumb"}, base...), terminal: true}, false},
	} {
		r := in(t, c.around, "list").want(t, exitDone, "handed_back")
		if got := strings.Contains(r.stdout, "\x1b["); got != c.want {
			t.Errorf("colours %v, want %v: %q", got, c.want, r.stdout)
		}
	}
}

func TestNoTextSteersTheTerminal(t *testing.T) {
	if got := clean("a\x1b[31mb\x07\u009bc\nd"); got != "a[31mbc\nd" {
		t.Errorf("clean = %q", got)
	}
}

// What people write may have lines; none of them looks like a row.
func TestNoTextLooksLikeARow(t *testing.T) {
	s := apitest.New(t, nil)
	id := string(s.Submit(t, "A", ""))
	sup := func(args ...string) result { return sambung(t, s, apitest.TokenSupervisor, args...) }
	sup("cancel", id, "--reason", "ditarik\n9   forged").want(t, exitDone)
	history := sup("history", id).want(t, exitDone, "ditarik", "forged").stdout
	sup("agent", "add", "agent-1", "--endpoint", "PJSIP/agent-1", "--switch", apitest.Switch, "--specialisation", "PPh\nforged").want(t, exitDone)
	agents := sup("agent", "pause", "agent-1", "--reason", "istirahat\nforged   ready").want(t, exitDone, "PPh forged").stdout
	for line := range strings.Lines(history + agents) {
		if cells := strings.Fields(line); line[0] != ' ' && (cells[0] == "9" || cells[0] == "forged") {
			t.Errorf("a row that nobody wrote: %q", line)
		}
	}
	if column := strings.Index(strings.SplitN(history, "\n", 2)[0], "KETERANGAN"); !strings.Contains(history, "\n"+strings.Repeat(" ", column)+"9   forged\n") {
		t.Errorf("the second line is not below the first, at %d:\n%s", column, history)
	}
}

func TestAnInterruptedCommandEnds(t *testing.T) {
	s := apitest.New(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out bytes.Buffer
	if code := run(ctx, []string{"list", "--api", s.URL}, surroundings{stdin: &out, stdout: &out, stderr: &out}); code != exitFailed {
		t.Errorf("exit code %d: %s", code, out.String())
	}
}
