package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sambung/daemon/api/apitest"
	"sambung/queue"
)

func enqueue(t *testing.T, s *apitest.Site, args ...string) result {
	t.Helper()
	all := append([]string{"enqueue", "--ticket", "ESK-1", "--route", "answer", "--taxpayer", "Budi Rahasia", "--phone", "0812-3456-7890", "--message", "Disetujui."}, args...)
	return sambung(t, s, apitest.TokenSupervisor, all...)
}

func TestEnqueueShowListHistory(t *testing.T) {
	s := apitest.New(t, nil)
	var state queue.State
	enqueue(t, s, "--json").want(t, exitDone).json(t, &state)
	id := string(state.FollowUp.ID)
	sambung(t, s, apitest.TokenQA, "show", id).want(t, exitDone, id, "Budi Rahasia", "+6281234567890", "queued")
	sambung(t, s, apitest.TokenQA, "history", id).want(t, exitDone, "Tindak lanjut eskalasi informasi diterima", "user:co-supervisor")
	list := sambung(t, s, apitest.TokenQA, "list").want(t, exitDone, "ID", "TICKET", id, "ESK-1", "queued")
	if strings.Contains(list.stdout, "Rahasia") || strings.Contains(list.stdout, "3456") {
		t.Errorf("the list shows personal data:\n%s", list.stdout)
	}
	for _, args := range [][]string{{"--phone", "+62 812-3456-7890"}, {"--ticket", "ESK-1"}, {"--state", "queued,talking"}, {"--limit", "1"}} {
		sambung(t, s, apitest.TokenQA, append([]string{"list"}, args...)...).want(t, exitDone, id)
	}
	for _, args := range [][]string{{"--phone", "081234567891"}, {"--ticket", "ESK-2"}, {"--state", "closed"}, {"--agent", "agent-1"}} {
		r := sambung(t, s, apitest.TokenQA, append([]string{"list", "--json"}, args...)...).want(t, exitDone)
		var found map[string][]queue.State
		r.json(t, &found)
		if list, ok := found["follow_ups"]; !ok || list == nil || len(list) != 0 {
			t.Errorf("%v: %s", args, r.stdout)
		}
	}
}

// Without a word on states, what has ended is not listed: the oldest come first, and
// after a thousand nothing else would be.
func TestListIsOfWhatIsOpen(t *testing.T) {
	s := apitest.New(t, nil)
	var ended, open queue.State
	enqueue(t, s, "--json").want(t, exitDone).json(t, &ended)
	sambung(t, s, apitest.TokenSupervisor, "cancel", string(ended.FollowUp.ID), "--reason", "test").want(t, exitDone)
	enqueue(t, s, "--json").want(t, exitDone).json(t, &open)
	list := sambung(t, s, apitest.TokenQA, "list").want(t, exitDone, string(open.FollowUp.ID))
	if strings.Contains(list.stdout, string(ended.FollowUp.ID)) {
		t.Errorf("what has ended is listed:\n%s", list.stdout)
	}
	for _, args := range [][]string{{"--ticket", "ESK-1"}, {"--phone", "081234567890"}, {"--state", "cancelled"}} {
		sambung(t, s, apitest.TokenQA, append([]string{"list"}, args...)...).want(t, exitDone, string(ended.FollowUp.ID))
	}
}

func TestEnqueueRefusals(t *testing.T) {
	s := apitest.New(t, nil)
	enqueue(t, s, "--npwp", "12345678901234", "--received", "2026-11-23T12:00:00+07:00").
		want(t, exitRefused, "\n  npwp: has 14 digits; write all 15 or 16 digits", "\n  received_at: in the future; ")
	first := enqueue(t, s, "--key", "k").want(t, exitDone, "enqueued: queued, deadline ")
	id, _, _ := strings.Cut(first.stdout, " ")
	enqueue(t, s, "--key", "k").want(t, exitDone, id, "was enqueued before")
	enqueue(t, s, "--key", "k", "--npwp", "123456789012345").want(t, exitRefused, "use a new one")
	enqueue(t, s).want(t, exitRefused, "already has an open follow-up, "+id)
	enqueue(t, s, "--allow-duplicate").want(t, exitDone)
}

func TestTheMessageComesFromStandardInput(t *testing.T) {
	s := apitest.New(t, nil)
	around := surroundings{environ: []string{"SAMBUNG_API=" + s.URL, "SAMBUNG_TOKEN=" + apitest.TokenAdmin}, stdin: strings.NewReader("Baris satu\nBaris dua\n")}
	in(t, around, "enqueue", "--ticket", "A", "--route", "answer", "--taxpayer", "B", "--phone", "081234567890", "--message", "-").want(t, exitDone)
	var d queue.Details
	for _, a := range s.Writes(t) {
		d, _ = a.Decode()
	}
	if d.FollowUp.Message != "Baris satu\nBaris dua" {
		t.Errorf("message = %q", d.FollowUp.Message)
	}
}

func TestAgentsAndDecisions(t *testing.T) {
	s := apitest.New(t, nil)
	sup := func(args ...string) result { t.Helper(); return sambung(t, s, apitest.TokenSupervisor, args...) }
	sup("agent", "add", "agent-1", "--endpoint", "PJSIP/agent-1", "--switch", "asterisk-1", "--specialisation", "PPN").want(t, exitDone, "PJSIP/agent-1", "offline")
	sup("agent", "add", "agent-2", "--endpoint", "Local/x@y", "--switch", "asterisk-9").want(t, exitRefused, "endpoint: ", "switch: ")
	sup("agent", "ready", "agent-1").want(t, exitDone, "ready")
	sup("agent", "pause", "agent-1", "--reason", "istirahat").want(t, exitDone, "paused", "istirahat")
	sup("agent", "offline", "agent-1").want(t, exitDone, "offline")
	sup("agent", "ready", "agent-9").want(t, exitNotFound)
	sup("agent", "list").want(t, exitDone, "AGENT", "agent-1")

	id := string(s.Submit(t, "A", ""))
	sup("assign", id, "--agent", "agent-9").want(t, exitRefused, "agent: is not known")
	sup("assign", id, "--agent", "agent-1").want(t, exitDone, "designated", "agent-1")
	sup("edit", id, "--phone", "021-5250208", "--extension", "12").want(t, exitDone, "+62215250208")
	sup("edit", id, "--extension", "").want(t, exitDone, "+62215250208")
	sup("edit", id, "--phone", "112").want(t, exitRefused, "phone: ")
	sup("cancel", id, "--reason", "ditarik").want(t, exitDone, "cancelled", "ditarik")
	sup("agent", "remove", "agent-1").want(t, exitDone, "removed")
	var list map[string][]queue.Agent
	sup("agent", "list", "--json").want(t, exitDone).json(t, &list)
	if list["agents"] == nil || len(list["agents"]) != 0 {
		t.Errorf("agents = %v", list)
	}
}

func TestOutcomeAndRequeue(t *testing.T) {
	s := apitest.New(t, nil)
	id := s.Submit(t, "A", "")
	s.Talk(t, id, "agent-1")
	s.WrapUp(t, id)
	s.Unconfirmed(t, id)
	sup := func(args ...string) result { t.Helper(); return sambung(t, s, apitest.TokenSupervisor, args...) }
	sup("outcome", string(id), "--code", "happy").want(t, exitRefused, "code: ", "delivered")
	sup("outcome", string(id), "--code", "callback", "--callback-at", "2026-11-28T09:00:00+07:00").want(t, exitRefused, "callback_at: is outside office hours; the office opens next at 2026-11-30T08:00:00+07:00")
	sup("requeue", string(id), "--reason", "coba lagi").want(t, exitDone, "queued")
	s.Talk(t, id, "agent-1")
	sup("outcome", string(id), "--code", "delivered", "--note", "sudah paham").want(t, exitDone, "talking", "delivered")
	sup("history", string(id)).want(t, exitDone, "Hasil penyampaian dikonfirmasi", "sudah paham")
}

func TestRecordingsGet(t *testing.T) {
	s := apitest.New(t, nil)
	id := s.Submit(t, "A", "")
	qa := func(args ...string) result { t.Helper(); return sambung(t, s, apitest.TokenQA, args...) }
	qa("recordings", "get", string(id)).want(t, exitNotFound, "no archived recording")
	s.Talk(t, id, "agent-1")
	s.WrapUp(t, id)
	sound := bytes.Repeat([]byte("RIFF"), 50_000)
	s.Archived(t, id, 1, sound)
	qa("recordings", "list", string(id)).want(t, exitDone, "verified", "200000")
	t.Chdir(t.TempDir())
	qa("recordings", "get", string(id)).want(t, exitDone, string(id)+"-1.wav: 200000 bytes, verified")
	if got, err := os.ReadFile(string(id) + "-1.wav"); err != nil || !bytes.Equal(got, sound) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	people := surroundings{environ: []string{"SAMBUNG_API=" + s.URL, "SAMBUNG_TOKEN=" + apitest.TokenQA}, terminal: true}
	if r := in(t, people, "recordings", "get", string(id)).want(t, exitDone); !strings.Contains(r.stderr, "kB") {
		t.Errorf("no progress is shown: %q", r.stderr)
	}
	if r := qa("recordings", "get", string(id), "--attempt", "1", "-o", "-").want(t, exitDone); r.stdout != string(sound) {
		t.Errorf("%d bytes on standard output", len(r.stdout))
	}
	var saved map[string]any
	qa("recordings", "get", string(id), "--json").want(t, exitDone).json(t, &saved)
	if want := map[string]any{"file": string(id) + "-1.wav", "bytes": 200000., "attempt": 1.}; !maps.Equal(saved, want) {
		t.Errorf("%v, want %v", saved, want)
	}
	qa("recordings", "get", string(id), "--attempt", "2", "-o", "two.wav").want(t, exitNotFound)
	s.Archive.Put("recordings/2026/11/23/"+string(id)+"/1.wav", []byte("RIFF tampered"))
	qa("recordings", "get", string(id), "-o", "bad.wav").want(t, exitFailed, "request ")
	left, err := filepath.Glob("*")
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if hidden, _ := filepath.Glob(".sambung*"); len(hidden) != 0 {
		t.Errorf("left behind: %v", hidden)
	}
}

// TestCompletion: the shell offers what a flag takes.
func TestCompletion(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"enqueue --route ", "opinion_unrequested"},
		{"enqueue --directorate ", "pp2"},
		{"list --state ", "handed_back"},
		{"outcome ID --code ", "needs_escalation"},
		{"recordings search --outcome ", "wrong_person"},
		{"recordings search --review ", "returned"},
		{"recordings export --format ", "jsonl"},
		{"recordings l", "link"},
		{"rec", "recordings"},
	} {
		words := strings.Split(c.args, " ")
		in(t, surroundings{}, append([]string{"__complete"}, words...)...).want(t, exitDone, c.want)
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		in(t, surroundings{}, "completion", shell).want(t, exitDone, "sambung")
	}
}
