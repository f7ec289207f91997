package main

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"sambung/daemon/api/apitest"
	"sambung/daemon/api/client"
	"sambung/queue"
)

// dossiersFound is what search prints for programs.
type dossiersFound struct {
	Dossiers []client.Dossier
	More     bool
}

func TestRecordingsSearch(t *testing.T) {
	s := apitest.New(t, nil)
	first := string(s.Seal(t, "T-1", "agent-1", time.Minute, []byte("RIFF")))
	second := string(s.Seal(t, "T-2", "agent-2", 5*time.Minute, []byte("RIFF")))
	s.Submit(t, "open", "")
	qa := func(args ...string) result {
		t.Helper()
		return sambung(t, s, apitest.TokenQA, append([]string{"recordings", "search"}, args...)...)
	}
	r := qa().want(t, exitDone, "TICKET", "SEALED", "REVIEW", first, second, "T-1", "agent-2", "delivered", "300", "met", "none")
	if strings.Index(r.stdout, second) > strings.Index(r.stdout, first) || strings.Contains(r.stdout, "open") || strings.Contains(r.stdout, "Rahasia") {
		t.Errorf("want the last sealed first, and no name:\n%s", r.stdout)
	}
	day := apitest.Start.Local().Format(time.DateOnly)
	sambung(t, s, apitest.TokenQA, "recordings", "review", first, "--return", "--remarks", "ulang").want(t, exitDone)
	for _, c := range []struct {
		args string
		want []string
	}{
		{"--ticket T-1", []string{first}},
		{"--agent agent-2", []string{second}},
		{"--day " + day, []string{second, first}},
		{"--from " + day + " --to " + day, []string{second, first}},
		{"--from 2026-11-30", nil},
		{"--to 2026-11-01", nil},
		{"--route answer --outcome delivered", []string{second, first}},
		{"--route opinion_requested", nil},
		{"--outcome refused", nil},
		{"--min-duration 2m", []string{second}},
		{"--max-duration 90s", []string{first}},
		{"--review returned", []string{first}},
		{"--review none", []string{second}},
		{"--phone 081234567890", []string{second, first}},
		{"--phone 081234567891", nil},
		{"--limit 0", []string{second, first}},
	} {
		var found dossiersFound
		qa(append(strings.Fields(c.args), "--json")...).want(t, exitDone).json(t, &found)
		var got []string
		for _, d := range found.Dossiers {
			got = append(got, d.ID)
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) || found.Dossiers == nil || found.More {
			t.Errorf("%s: %v, want %v", c.args, got, c.want)
		}
	}
	for _, args := range []string{"--day today", "--from 23.11.2026", "--from 2026-11-24 --to 2026-11-23", "--day 2026-11-23 --to 2026-11-24", "--min-duration 1.5s", "--max-duration -1s", "--limit -1"} {
		qa(strings.Fields(args)...).want(t, exitUsage)
	}
	qa("--agent", "A!", "--review", "maybe").want(t, exitRefused, "agent: is not an agent's id", "one of none, accepted, returned")
	sambung(t, s, apitest.TokenAgent, "recordings", "search").want(t, exitRefused, "not for the role agent")
}

// TestPagesAreInvisible: more than a page comes as one table, and what a limit cuts off is said.
func TestPagesAreInvisible(t *testing.T) {
	s := apitest.New(t, nil)
	const all = 250
	for n := range all {
		id := s.Submit(t, fmt.Sprintf("T-%d", n), "")
		s.Append(t, id, queue.Entry{Kind: queue.KindCancelled, Details: queue.Details{Reason: "x"}})
		s.Append(t, id, queue.Entry{Kind: queue.KindSealed, Details: queue.Details{SHA256: "m"}})
	}
	search := func(args ...string) (found dossiersFound) {
		t.Helper()
		sambung(t, s, apitest.TokenQA, append([]string{"recordings", "search", "--json"}, args...)...).want(t, exitDone).json(t, &found)
		seen := map[string]bool{}
		for _, d := range found.Dossiers {
			seen[d.ID] = true
		}
		if len(seen) != len(found.Dossiers) {
			t.Errorf("%v: %d rows, %d of them different", args, len(found.Dossiers), len(seen))
		}
		return found
	}
	for limit, want := range map[string]int{"0": all, "1000": all, "250": all, "249": 249, "201": 201, "7": 7} {
		if f := search("--limit", limit); len(f.Dossiers) != want || f.More != (want < all) {
			t.Errorf("limit %s: %d, more %v", limit, len(f.Dossiers), f.More)
		}
	}
	if f := search("--review", "none"); len(f.Dossiers) != all {
		t.Errorf("sifted: %d", len(f.Dossiers))
	}
	r := sambung(t, s, apitest.TokenQA, "recordings", "search", "--limit", "3").want(t, exitDone, "the last 3", "--limit 0")
	if n := strings.Count(r.stdout, "\n"); n != 4 {
		t.Errorf("%d lines:\n%s", n, r.stdout)
	}
}

// TestANumberIsInNoAddressAndNoLog, neither when it is understood nor when it is not.
func TestANumberIsInNoAddressAndNoLog(t *testing.T) {
	s := apitest.New(t, nil)
	id := string(s.Seal(t, "T-1", "agent-1", time.Minute, []byte("RIFF")))
	target, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var addresses []string
	forward := httputil.NewSingleHostReverseProxy(target)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		addresses = append(addresses, r.RequestURI)
		mu.Unlock()
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	around := surroundings{environ: []string{"SAMBUNG_API=" + proxy.URL, "SAMBUNG_TOKEN=" + apitest.TokenQA}}
	in(t, around, "recordings", "search", "--phone", "0812-3456-7890").want(t, exitDone, id)
	around.stdin = strings.NewReader(" 0812-3456-7890\n")
	in(t, around, "recordings", "search", "--phone", "-").want(t, exitDone, id)
	r := in(t, around, "recordings", "search", "--phone", "0812-3456-7890-1234-5678").want(t, exitRefused, "phone: ")
	seen := strings.Join(addresses, "\n") + s.Log.String() + r.stderr
	if len(addresses) != 3 || !strings.Contains(s.Log.String(), "POST /v1/dossiers/search") {
		t.Errorf("%d addresses, log:\n%s", len(addresses), s.Log.String())
	}
	for _, digits := range []string{"34567890", "3456-7890", "1234-5678"} {
		if strings.Contains(seen, digits) {
			t.Errorf("%s shows in\n%s", digits, seen)
		}
	}
}

func TestRecordingsExport(t *testing.T) {
	s := apitest.New(t, nil)
	s.Seal(t, "T-1", "agent-1", time.Minute, []byte("RIFF"))
	day := apitest.Start.Local().Format(time.DateOnly)
	qa := func(args ...string) result {
		t.Helper()
		return sambung(t, s, apitest.TokenQA, append([]string{"recordings", "export", "--from", day}, args...)...)
	}
	t.Chdir(t.TempDir())
	r := qa("--to", day).want(t, exitDone, "\ufeffid;ticket;", ";T-1;answer;closed;agent-1;delivered;")
	if strings.Contains(r.stdout, "Rahasia") || r.stderr != "" {
		t.Errorf("%s%s", r.stdout, r.stderr)
	}
	qa("--to", day, "-o", "november.csv").want(t, exitDone, "november.csv: ", " bytes")
	if data, err := os.ReadFile("november.csv"); err != nil || string(data) != r.stdout {
		t.Errorf("%q, %v; want %q", data, err, r.stdout)
	}
	var saved map[string]any
	qa("--to", day, "-o", "november.csv", "--json").want(t, exitDone).json(t, &saved)
	if want := map[string]any{"file": "november.csv", "bytes": float64(len(r.stdout))}; !maps.Equal(saved, want) {
		t.Errorf("%v, want %v", saved, want)
	}
	var one client.Dossier
	qa("--to", day, "--format", "jsonl").want(t, exitDone).json(t, &one)
	if one.Ticket != "T-1" || one.Deadline.IsZero() || one.ReceivedAt.IsZero() {
		t.Errorf("%+v", one)
	}
	qa().want(t, exitUsage, "to")
	qa("--to", "").want(t, exitUsage)
	qa("--to", "2026-11-01").want(t, exitUsage, "before --from")
	qa("--to", "2028-11-23", "-o", "years.csv").want(t, exitRefused, "export a year at a time")
	qa("--to", day, "--format", "xls", "-o", "x.xls").want(t, exitRefused, "csv or jsonl")
	sambung(t, s, apitest.TokenSupervisor, "recordings", "export", "--from", day, "--to", day).want(t, exitRefused, "not for the role supervisor")
	onlyFile(t, "november.csv")
}

// onlyFile makes sure that nothing else lies in the working directory.
func onlyFile(t *testing.T, name string) {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil || len(entries) != 1 || entries[0].Name() != name {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestAnExportThatIsCutIsNoFile: neither one that breaks off nor one that stands still.
func TestAnExportThatIsCutIsNoFile(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("old.csv", []byte("as it was"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, end := range map[string]func(r *http.Request){
		"breaks off":   func(*http.Request) { panic(http.ErrAbortHandler) },
		"stands still": func(r *http.Request) { <-r.Context().Done() },
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write(bytes.Repeat([]byte("row\n"), 3000))
			_ = http.NewResponseController(w).Flush()
			end(r)
		}))
		around := surroundings{environ: []string{"SAMBUNG_API=" + server.URL}}
		in(t, around, "recordings", "export", "--from", "2026-11-01", "--to", "2026-11-30", "-o", "old.csv", "--timeout", "500ms").want(t, exitFailed, "copying the export")
		server.Close()
		onlyFile(t, "old.csv")
		if data, err := os.ReadFile("old.csv"); err != nil || string(data) != "as it was" {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
}

func TestRecordingsLink(t *testing.T) {
	s := apitest.New(t, nil)
	id := string(s.Seal(t, "T-1", "agent-1", time.Minute, []byte("RIFF")))
	open := string(s.Submit(t, "T-2", ""))
	s.Talk(t, queue.ID(open), "agent-2")
	s.WrapUp(t, queue.ID(open))
	s.Archived(t, queue.ID(open), 1, []byte("RIFF"))
	qa := func(args ...string) result {
		t.Helper()
		return sambung(t, s, apitest.TokenQA, append([]string{"recordings", "link"}, args...)...)
	}
	r := qa(id, "1", "--reason", "rapat kalibrasi").want(t, exitDone, "good until ")
	if !strings.HasPrefix(r.stdout, "https://archive.example/recordings/") || strings.Count(r.stdout, "\n") != 1 {
		t.Errorf("want the address alone: %q", r.stdout)
	}
	var link struct {
		URL       string
		ExpiresAt time.Time `json:"expires_at"`
	}
	qa(id, "1", "--reason", "rapat kalibrasi", "--json").want(t, exitDone).json(t, &link)
	if link.URL == "" || !link.ExpiresAt.Equal(s.Now().Add(time.Minute)) {
		t.Errorf("%+v", link)
	}
	sambung(t, s, apitest.TokenQA, "recordings", "custody", id).want(t, exitDone, "linked", "rapat kalibrasi")
	qa(id, "1").want(t, exitUsage, "reason")
	qa(id, "one", "--reason", "x").want(t, exitUsage, "number of an attempt")
	qa(id, "1", "--reason", " ").want(t, exitRefused, "reason: is missing")
	qa(id, "2", "--reason", "x").want(t, exitNotFound, "no recording of that attempt")
	qa(open, "1", "--reason", "x").want(t, exitRefused, "not sealed")
}
