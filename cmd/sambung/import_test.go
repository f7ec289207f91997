package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"sambung/daemon/api/apitest"
	"sambung/daemon/importing"
)

// rows is a file of three follow-ups; the second is bad if phone is.
func rows(t *testing.T, phone string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rows.csv")
	text := "ticket;route;taxpayer;phone;message\r\n" +
		"IMP-1;answer;Budi Rahasia;081234567890;halo\r\n" +
		"IMP-2;answer;Ani Rahasia;" + phone + ";halo\r\n" +
		"IMP-3;answer;Citra Rahasia;081234567892;halo\r\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func listed(t *testing.T, s *apitest.Site) int {
	t.Helper()
	var found map[string][]any
	sambung(t, s, apitest.TokenQA, "list", "--json").want(t, exitDone).json(t, &found)
	return len(found["follow_ups"])
}

func TestImport(t *testing.T) {
	s := apitest.New(t, nil)
	good := rows(t, "081234567891")
	sambung(t, s, apitest.TokenSupervisor, "import", good, "--dry-run").want(t, exitDone, "IMP-1", "3 good; nothing was sent")
	if n := listed(t, s); n != 0 {
		t.Errorf("a dry run enqueued %d", n)
	}
	sambung(t, s, apitest.TokenSupervisor, "import", good).want(t, exitDone, "3 enqueued, 0 there already")
	sambung(t, s, apitest.TokenSupervisor, "import", good).want(t, exitDone, "0 enqueued, 3 there already")
	var outcome importOutcome
	sambung(t, s, apitest.TokenSupervisor, "import", good, "--json").want(t, exitDone).json(t, &outcome)
	if n := listed(t, s); n != 3 || outcome.Already != 3 || outcome.Rows != 3 {
		t.Errorf("%d follow-ups after three runs; %+v", n, outcome)
	}
}

func TestImportRefuses(t *testing.T) {
	s := apitest.New(t, nil)
	bad, report := rows(t, "112"), filepath.Join(t.TempDir(), "report.json")
	r := sambung(t, s, apitest.TokenSupervisor, "import", bad, "--report", report).
		want(t, exitRefused, "line 3, column 26: phone", "1 bad; nothing was sent")
	if strings.Contains(r.stdout+r.stderr, "Rahasia") {
		t.Errorf("personal data in the report:\n%s%s", r.stdout, r.stderr)
	}
	if n := listed(t, s); n != 0 {
		t.Errorf("a refused file enqueued %d", n)
	}
	text, err := os.ReadFile(report)
	var written importing.Report
	if err == nil {
		err = json.Unmarshal(text, &written)
	}
	if err != nil || written.Bad != 1 || written.Faults[0].Line != 3 {
		t.Errorf("%s, %v", text, err)
	}
	sambung(t, s, apitest.TokenSupervisor, "import", bad, "--skip-bad").want(t, exitDone, "2 enqueued, 0 there already, 1 bad and skipped")
	sambung(t, s, apitest.TokenSupervisor, "import", filepath.Join(t.TempDir(), "none.csv")).want(t, exitFailed, "no such file")
	unknown := rows(t, "1")
	if err := os.WriteFile(unknown, []byte("tiket;phone\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	sambung(t, s, apitest.TokenSupervisor, "import", unknown).want(t, exitRefused, "tiket", "ticket")
	sambung(t, s, apitest.TokenQA, "import", rows(t, "081234567891")).want(t, exitRefused)
}

// TestImportShowsItsProgress: to people, on the terminal's side.
func TestImportShowsItsProgress(t *testing.T) {
	s := apitest.New(t, nil)
	around := surroundings{environ: []string{"SAMBUNG_API=" + s.URL, "SAMBUNG_TOKEN=" + apitest.TokenSupervisor}, terminal: true}
	r := in(t, around, "import", rows(t, "081234567891")).want(t, exitDone, "3 enqueued")
	if !strings.Contains(r.stderr, "/3, ") || strings.Contains(r.stdout, "\r") {
		t.Errorf("no bar: %q", r.stderr)
	}
	around.terminal = false
	if r := in(t, around, "import", rows(t, "081234567891")).want(t, exitDone, "3 there already"); r.stderr != "" {
		t.Errorf("a bar for nobody: %q", r.stderr)
	}
}

// TestImportFromStandardInput reads it twice all the same.
func TestImportFromStandardInput(t *testing.T) {
	s := apitest.New(t, nil)
	around := surroundings{
		environ: []string{"SAMBUNG_API=" + s.URL, "SAMBUNG_TOKEN=" + apitest.TokenSupervisor},
		stdin:   strings.NewReader(`{"ticket":"IMP-9","route":"answer","taxpayer":"Budi","phone":"081234567890","message":"x"}`),
	}
	in(t, around, "import", "-").want(t, exitDone, "1 enqueued")
}

// What is cut off half-way has failed, also where the daemon had refused a row before: exit
// code 4 would say that all others are in.
func TestAnInterruptedImportHasFailed(t *testing.T) {
	var asked atomic.Int32
	others := make(chan struct{})
	daemon := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch n := asked.Add(1); {
		case n == 1:
			w.WriteHeader(http.StatusUnprocessableEntity)
			fmt.Fprint(w, `{"error":{"code":"invalid","message":"refused","fields":[{"field":"agent","problem":"is not known","remedy":"name another"}]}}`)
			return
		case n == 9: // who was refused sends the next: the other seven wait
			close(others)
		}
		<-others
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprint(w, `{"error":{"code":"ledger","message":"the ledger is away"}}`)
	}))
	defer daemon.Close()
	text := "ticket,route,taxpayer,phone,message\n"
	for n := range 20 {
		text += fmt.Sprintf("IMP-%d,answer,Budi,081234567890,halo\n", n)
	}
	around := surroundings{environ: []string{"SAMBUNG_API=" + daemon.URL, "SAMBUNG_TOKEN=t"}, stdin: strings.NewReader(text)}
	in(t, around, "import", "-").want(t, exitFailed, "1 refused", "agent: is not known", "the ledger is away")
}

// A proxy, or whatever else answers at the address, judges neither a row nor a request.
func TestWhatIsNoDaemonRefusesNothing(t *testing.T) {
	for _, status := range []int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusRequestEntityTooLarge, http.StatusBadGateway} {
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", status) }))
		t.Cleanup(proxy.Close)
		around := surroundings{environ: []string{"SAMBUNG_API=" + proxy.URL, "SAMBUNG_TOKEN=t"}}
		in(t, around, "list").want(t, exitFailed, "what answered is not a daemon")
		in(t, around, "import", rows(t, "081234567891")).want(t, exitFailed, "0 refused", "what answered is not a daemon")
	}
}
