package api_test

import (
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"sambung/daemon/api/apitest"
	"sambung/queue"
	"sambung/storage/dossier"
)

// sound is a WAV file of two tracks: the left one is loud in the first half, the
// right one half as loud in the second.
func sound(seconds int) []byte {
	const rate = 8000
	n := seconds * rate
	file := append([]byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x02\x00\x40\x1f\x00\x00\x00\x7d\x00\x00\x04\x00\x10\x00data"), make([]byte, 4+4*n)...)
	binary.LittleEndian.PutUint32(file[4:], uint32(len(file)-8))
	binary.LittleEndian.PutUint32(file[40:], uint32(4*n))
	for i := range n {
		loud := int16(16384 * math.Sin(float64(i)/3))
		left, right := loud, int16(0)
		if i >= n/2 {
			left, right = 0, loud/2
		}
		binary.LittleEndian.PutUint16(file[44+4*i:], uint16(left))
		binary.LittleEndian.PutUint16(file[46+4*i:], uint16(right))
	}
	return file
}

type found struct {
	Dossiers []struct {
		ID      queue.ID
		Agent   queue.AgentID
		Seconds int
		Review  string
		Met     bool `json:"met_deadline"`
	}
	Next string
}

func TestDossiersAreFound(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	search := func(body string) (f found) {
		t.Helper()
		call(t, s, apitest.TokenQA, "POST", "/v1/dossiers/search", body).into(t, 200, &f)
		return f
	}
	var ids []queue.ID
	for n := range 7 {
		ids = append(ids, s.Seal(t, fmt.Sprintf("T-%d", n), []queue.AgentID{"agent-1", "agent-2"}[n%2], time.Duration(n+1)*time.Minute, []byte("RIFF")))
	}
	s.Submit(t, "open", "")
	if f := search(`{}`); len(f.Dossiers) != 7 || f.Next != "" || f.Dossiers[0].ID != ids[6] || f.Dossiers[0].Seconds != 420 || !f.Dossiers[0].Met {
		t.Errorf("all: %+v", f)
	}
	var pages []queue.ID
	for cursor := ""; ; {
		f := search(fmt.Sprintf(`{"limit":2,"min_seconds":120,"cursor":%q}`, cursor))
		for _, d := range f.Dossiers {
			pages = append(pages, d.ID)
		}
		if cursor = f.Next; cursor == "" {
			break
		}
	}
	if fmt.Sprint(pages) != fmt.Sprint([]queue.ID{ids[6], ids[5], ids[4], ids[3], ids[2], ids[1]}) {
		t.Errorf("pages: %v", pages)
	}
	if f := search(`{"agent":"agent-2","max_seconds":240}`); len(f.Dossiers) != 2 || f.Dossiers[0].Agent != "agent-2" {
		t.Errorf("of an agent: %+v", f)
	}
	if f := search(`{"ticket":"T-3","phone":"0812 3456 7890"}`); len(f.Dossiers) != 1 || f.Dossiers[0].ID != ids[3] {
		t.Errorf("of a ticket: %+v", f)
	}
	if f := search(`{"outcome":"refused"}`); len(f.Dossiers) != 0 {
		t.Errorf("refused: %+v", f)
	}
	call(t, s, apitest.TokenQA, "POST", "/v1/follow-ups/"+string(ids[2])+"/review", `{"verdict":"returned","remarks":"ulang"}`)
	call(t, s, apitest.TokenQA, "POST", "/v1/follow-ups/"+string(ids[3])+"/review", `{"verdict":"accepted"}`)
	if f := search(`{"review":"returned"}`); len(f.Dossiers) != 1 || f.Dossiers[0].ID != ids[2] || f.Dossiers[0].Review != "returned" {
		t.Errorf("returned: %+v", f)
	}
	if f := search(`{"review":"none","limit":200}`); len(f.Dossiers) != 5 {
		t.Errorf("worklist: %+v", f)
	}
	call(t, s, apitest.TokenQA, "POST", "/v1/dossiers/search", `{"agent":"A!","outcome":"x","route":"y","min_seconds":-1,"limit":201,"review":"z","phone":"1"}`).
		refused(t, 400, "invalid", "agent", "outcome", "route", "min_seconds", "limit", "review", "phone")
	call(t, s, apitest.TokenQA, "POST", "/v1/dossiers/search", `{"cursor":"nonsense"}`).refused(t, 400, "invalid", "cursor")
}

// TestAPlayerOpensOnce: pieces and the waveform together are one link of a
// listener's sitting; another listener, or a later sitting, is another.
func TestAPlayerOpensOnce(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	audio := sound(4)
	id := s.Seal(t, "A", "agent-1", time.Minute, audio)
	path := "/v1/follow-ups/" + string(id) + "/recordings/1"
	piece := func(token, of string) answer { return call(t, s, token, "GET", path, "", "Range", of) }

	var pieces sync.WaitGroup
	for n := range 20 {
		pieces.Go(func() {
			from := n * 1000
			a := piece(apitest.TokenQA, fmt.Sprintf("bytes=%d-%d", from, from+999))
			if a.status != http.StatusPartialContent || string(a.body) != string(audio[from:from+1000]) || a.header.Get("Content-Range") != fmt.Sprintf("bytes %d-%d/%d", from, from+999, len(audio)) {
				t.Errorf("piece %d: %d, %d bytes, %v", n, a.status, len(a.body), a.header)
			}
		})
	}
	pieces.Wait()
	if a := piece(apitest.TokenQA, "bytes=99999999-"); a.status != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("beyond the end: %d", a.status)
	}
	var drawn struct {
		Seconds         float64
		Agent, Taxpayer []float64
	}
	call(t, s, apitest.TokenQA, "GET", path+"/waveform?points=4", "").into(t, 200, &drawn)
	if drawn.Seconds != 4 || len(drawn.Agent) != 4 || drawn.Agent[0] < 0.49 || drawn.Agent[3] != 0 || drawn.Taxpayer[0] != 0 || math.Abs(drawn.Taxpayer[3]-0.25) > 0.01 {
		t.Errorf("%+v", drawn)
	}
	links := func() (all []dossier.CustodyLink) {
		t.Helper()
		var list struct{ Custody []dossier.CustodyLink }
		call(t, s, apitest.TokenQA, "GET", "/v1/follow-ups/"+string(id)+"/custody", "").into(t, 200, &list)
		return list.Custody
	}
	if n := len(links()); n != 1 {
		t.Fatalf("%d links of one sitting", n)
	}
	piece(apitest.TokenSupervisor, "bytes=0-")
	s.Advance(16 * time.Minute)
	piece(apitest.TokenQA, "bytes=0-")
	if all := links(); len(all) != 3 || all[1].Actor != "user:co-supervisor" || all[2].Actor != "user:quality" || all[2].Act != dossier.Opened {
		t.Errorf("%+v", all)
	}
	call(t, s, apitest.TokenQA, "GET", path+"/waveform?points=0", "").refused(t, 400, "invalid", "points")
}

// TestAPieceOfAChangedRecordingIsNotServed: a player is no way past the hash.
func TestAPieceOfAChangedRecordingIsNotServed(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	id := s.Seal(t, "A", "agent-1", time.Minute, sound(1))
	changed := sound(1)
	changed[len(changed)-1] ^= 1
	s.Archive.Put("recordings/2026/11/23/"+string(id)+"/1.wav", changed)
	path := "/v1/follow-ups/" + string(id) + "/recordings/1"
	call(t, s, apitest.TokenQA, "GET", path, "", "Range", "bytes=0-9").refused(t, 500, "internal")
	call(t, s, apitest.TokenQA, "GET", path+"/waveform", "").refused(t, 500, "internal")
}

// TestALinkLeavesATrace before it leaves.
func TestALinkLeavesATrace(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	id := s.Seal(t, "A", "agent-1", time.Minute, sound(1))
	path := "/v1/follow-ups/" + string(id) + "/recordings/1/link"
	call(t, s, apitest.TokenQA, "POST", path, `{"reason":" "}`).refused(t, 400, "invalid", "reason")
	var l struct {
		URL       string
		ExpiresAt time.Time `json:"expires_at"`
	}
	call(t, s, apitest.TokenQA, "POST", path, `{"reason":"rapat kalibrasi"}`).into(t, 201, &l)
	if !strings.Contains(l.URL, "seconds=60") || !l.ExpiresAt.Equal(s.Now().Add(time.Minute)) {
		t.Errorf("%+v", l)
	}
	if a := call(t, s, apitest.TokenQA, "GET", "/v1/follow-ups/"+string(id)+"/custody", ""); strings.Count(string(a.body), `"linked"`) != 1 || !strings.Contains(string(a.body), "rapat kalibrasi") {
		t.Errorf("%s", a.body)
	}
	open := s.Submit(t, "B", "")
	s.Talk(t, open, "agent-2")
	s.WrapUp(t, open)
	s.Archived(t, open, 1, sound(1))
	call(t, s, apitest.TokenQA, "POST", "/v1/follow-ups/"+string(open)+"/recordings/1/link", `{"reason":"x"}`).refused(t, 409, "not_sealed")
	call(t, s, apitest.TokenQA, "POST", "/v1/follow-ups/"+string(open)+"/verify", "").refused(t, 409, "not_sealed")
	call(t, s, apitest.TokenQA, "POST", "/v1/follow-ups/"+string(id)+"/verify", "").refused(t, 409, "not_sealed") // the archive has no manifest
}

func TestAnExportOpensInASpreadsheet(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	for n := range 250 { // more than a page
		id := s.Submit(t, fmt.Sprintf("T-%d", n), "")
		s.Append(t, id, queue.Entry{Kind: queue.KindCancelled, Details: queue.Details{Reason: "x"}})
		s.Append(t, id, queue.Entry{Kind: queue.KindSealed, Details: queue.Details{SHA256: "m"}})
	}
	s.Advance(time.Second)
	period := `"from":"2026-11-23T00:00:00+07:00","to":"2026-11-24T00:00:00+07:00"`
	a := call(t, s, apitest.TokenQA, "POST", "/v1/export", `{`+period+`,"format":"csv"}`)
	text, marked := strings.CutPrefix(string(a.body), "\ufeff")
	if a.status != 200 || !marked || a.header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Fatalf("%d, %v, %.200s", a.status, a.header, a.body)
	}
	rows := csv.NewReader(strings.NewReader(text))
	rows.Comma = ';'
	all, err := rows.ReadAll()
	if err != nil || len(all) != 251 || all[1][1] != "T-249" || all[1][9] != "2026-11-23 09:00:00" {
		t.Errorf("%d rows, %v, %v", len(all), all[1], err)
	}
	a = call(t, s, apitest.TokenQA, "POST", "/v1/export", `{`+period+`,"format":"jsonl"}`)
	if n := strings.Count(string(a.body), "\n"); n != 250 || strings.Contains(string(a.body), "Rahasia") {
		t.Errorf("%d lines", n)
	}
	call(t, s, apitest.TokenQA, "POST", "/v1/export", `{"from":"2026-11-24T00:00:00Z","to":"2026-11-23T00:00:00Z","format":"xls"}`).refused(t, 400, "invalid", "format", "to")
}
