package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"sambung/daemon/api/apitest"
)

// report is the answer to an import.
type report struct {
	Rows, Bad, Enqueued, Already, Skipped int
	Faults, Refused                       []struct {
		Line, Column          int
		Field, Reason, Remedy string
	}
	Preview []struct {
		Line       int
		Ticket     string
		Already    bool
		TicketOpen bool `json:"ticket_open"`
	}
}

func upload(t *testing.T, s *apitest.Site, query, media string, body io.Reader) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+"/v1/imports"+query, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", media)
	r.Header.Set("Authorization", "Bearer "+apitest.TokenSupervisor)
	response, err := s.Server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, data}
}

const columns = "ticket;route;taxpayer;phone;message;agent\r\n"

// TestAnImportIsMended: a file with faults is refused whole, told where, mended,
// looked at, and taken; sent again it adds nothing.
func TestAnImportIsMended(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	before := len(s.Writes(t))
	bad := columns + "A-1;answer;Budi Rahasia;081234567890;halo;agent-1\r\nA-2;telepathy;Ani Rahasia;112;halo;\r\nA-3;answer;Ani;0215250208;halo;agent-9\r\n"
	a := upload(t, s, "", "text/csv", strings.NewReader(bad))
	a.refused(t, 422, "bad_rows")
	var failed struct {
		Error struct{ Import report }
	}
	if err := json.Unmarshal(a.body, &failed); err != nil {
		t.Fatal(err)
	}
	r := failed.Error.Import
	if r.Rows != 3 || r.Bad != 2 || len(r.Faults) != 3 || r.Faults[0].Line != 3 || r.Faults[0].Column == 0 || r.Faults[2].Field != "agent" || r.Faults[2].Remedy == "" {
		t.Errorf("%+v", r)
	}
	if strings.Contains(string(a.body), "Rahasia") || strings.Contains(s.Log.String(), "Rahasia") {
		t.Error("a refusal, or the log, repeats the rows")
	}

	good := strings.NewReplacer("telepathy", "answer", "112", "081298765432", "agent-9", "agent-2").Replace(bad)
	upload(t, s, "?dry_run=true", "text/csv", strings.NewReader(good)).into(t, 200, &r)
	if r.Rows != 3 || r.Bad != 0 || len(r.Preview) != 3 || r.Preview[1].Ticket != "A-2" || r.Preview[0].Already || r.Preview[0].TicketOpen {
		t.Errorf("%+v", r)
	}
	if n := len(s.Writes(t)); n != before {
		t.Fatalf("%d writes before anything was to be enqueued", n-before)
	}
	r = report{}
	upload(t, s, "", "text/csv", strings.NewReader(good)).into(t, 200, &r)
	if r.Enqueued != 3 || r.Already != 0 || len(s.Writes(t)) != before+3 {
		t.Errorf("%+v", r)
	}
	upload(t, s, "", "text/csv", strings.NewReader(good)).into(t, 200, &r)
	if r.Enqueued != 0 || r.Already != 3 || len(s.Writes(t)) != before+3 {
		t.Errorf("again: %+v", r)
	}
}

// TestARowOfAnOpenTicket is passed over when the open follow-up tells the same, and
// refused when its message would reach nobody.
func TestARowOfAnOpenTicket(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	const first = "A-1;answer;Budi;081234567890;halo;\r\n"
	upload(t, s, "", "text/csv", strings.NewReader(columns+first)).into(t, 200, new(report))
	before := len(s.Writes(t))
	same := strings.Replace(first, ";\r", ";agent-1\r", 1) // has a key of its own
	file := columns + same + "A-1;answer;Budi;081234567890;bukan halo;\r\nA-2;answer;Ani;0215250208;halo;\r\nA-2;answer;Ani;0215250209;halo;\r\n"
	var r report
	upload(t, s, "?dry_run=true", "text/csv", strings.NewReader(file)).into(t, 200, &r)
	if p := r.Preview; len(p) != 4 || !p[0].Already || p[0].TicketOpen || p[1].Already || !p[1].TicketOpen || p[2].Already || p[2].TicketOpen {
		t.Errorf("%+v", p)
	}
	upload(t, s, "", "text/csv", strings.NewReader(file)).into(t, 200, &r)
	if r.Enqueued != 1 || r.Already != 1 || len(r.Refused) != 2 || len(s.Writes(t)) != before+1 {
		t.Fatalf("%+v", r)
	}
	for _, fault := range r.Refused {
		if fault.Line < 3 || fault.Column == 0 || fault.Field != "ticket" || fault.Reason == "" || fault.Remedy == "" {
			t.Errorf("%+v", fault)
		}
	}
}

func TestAnImportPassesOverBadRowsWhenTold(t *testing.T) {
	s := apitest.New(t, nil)
	lines := `{"ticket":"J-1","route":"answer","taxpayer":"Budi","phone":"081234567890","message":"x"}` + "\n{nonsense\n"
	var r report
	upload(t, s, "?skip_bad=true", "application/x-ndjson", strings.NewReader(lines)).into(t, 200, &r)
	if r.Rows != 2 || r.Bad != 1 || r.Skipped != 1 || r.Enqueued != 1 || r.Faults[0].Line != 2 {
		t.Errorf("%+v", r)
	}
}

func TestImportsThatAreNone(t *testing.T) {
	s := apitest.New(t, nil)
	upload(t, s, "", "application/json", strings.NewReader("{}")).refused(t, 415, "media_type")
	upload(t, s, "?dry_run=perhaps", "text/csv", strings.NewReader(columns)).refused(t, 400, "invalid", "dry_run")
	upload(t, s, "?phone=1", "text/csv", strings.NewReader(columns)).refused(t, 400, "invalid", "phone")
	upload(t, s, "", "text/csv", strings.NewReader("tiket;telepon\n")).refused(t, 400, "invalid", "body")
	upload(t, s, "", "text/csv", strings.NewReader("")).refused(t, 400, "invalid", "body")
	endless := io.MultiReader(strings.NewReader(columns), io.LimitReader(zeros{}, 40<<20))
	upload(t, s, "", "text/csv", endless).refused(t, 413, "too_large", "body")
	if n := len(s.Writes(t)); n != 0 {
		t.Errorf("%d writes", n)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestAManyRowedImport is taken within its bounds.
func TestAManyRowedImport(t *testing.T) {
	s := apitest.New(t, nil)
	var file strings.Builder
	file.WriteString(columns)
	for n := range 2000 {
		fmt.Fprintf(&file, "M-%d;answer;Nama;0812%08d;pesan;\n", n, 10_000_000+n)
	}
	var r report
	upload(t, s, "", "text/csv", strings.NewReader(file.String())).into(t, 200, &r)
	if r.Enqueued != 2000 {
		t.Errorf("%+v", r)
	}
}

// TestASubmissionIsRehearsed: the faults of enqueuing, and nothing is written.
func TestASubmissionIsRehearsed(t *testing.T) {
	s := apitest.New(t, nil)
	path := "/v1/follow-ups?dry_run=true"
	var r struct {
		Deadline    string
		AwaitsAgent bool `json:"awaits_agent"`
	}
	call(t, s, apitest.TokenSupervisor, "POST", path, good).into(t, 200, &r)
	if r.Deadline != "2026-11-23T03:00:00Z" || r.AwaitsAgent {
		t.Errorf("%+v", r)
	}
	call(t, s, apitest.TokenSupervisor, "POST", path, strings.Replace(good, `"answer"`, `"opinion_unrequested","directorate":"pp1"`, 1)).into(t, 200, &r)
	if !r.AwaitsAgent {
		t.Errorf("%+v", r)
	}
	call(t, s, apitest.TokenSupervisor, "POST", path, strings.Replace(good, "0812-3456-7890", "112", 1)).refused(t, 400, "invalid", "phone")
	call(t, s, apitest.TokenSupervisor, "POST", path, with("agent", `"agent-9"`)).refused(t, 400, "invalid", "agent")
	if n := len(s.Writes(t)); n != 0 {
		t.Fatalf("%d writes", n)
	}
	call(t, s, apitest.TokenSupervisor, "POST", "/v1/follow-ups", good).state(t, 201)
	call(t, s, apitest.TokenSupervisor, "POST", path, good).refused(t, 409, "ticket_open", "ticket")
	call(t, s, apitest.TokenSupervisor, "POST", path, with("allow_duplicate", `"true"`)).into(t, 200, &r)
}
