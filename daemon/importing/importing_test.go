package importing_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"sambung/daemon/api/client"
	"sambung/daemon/importing"
	"sambung/queue"
)

var now = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

const header = "ticket,route,taxpayer,phone,message\n"

func check(t *testing.T, file string) (importing.Report, error) {
	t.Helper()
	return importing.Check(strings.NewReader(file), now, nil)
}

// TestForms: the same rows in every form a spreadsheet or a program writes.
func TestForms(t *testing.T) {
	for name, file := range map[string]string{
		"commas":      header + "T-1,answer,Budi,081234567890,halo\nT-2,answer,Ani,0215250208,y\n",
		"semicolons":  strings.ReplaceAll(header, ",", ";") + "T-1;answer;\"Budi, S.E.\";081234567890;halo\r\nT-2;answer;Ani;0215250208;x\r\n",
		"BOM":         "\xef\xbb\xbf" + header + "T-1,answer,Budi,081234567890,halo\nT-2,answer,Ani,0215250208,x",
		"other order": "PHONE, ticket ,route,taxpayer,message\n081234567890,T-1,answer,Budi,x\n0215250208,T-2,answer,Ani,y\n",
		"line breaks": header + "T-1,answer,Budi,081234567890,\"satu\ndua\"\nT-2,answer,Ani,0215250208,x\n",
		"JSON lines":  `{"ticket":"T-1","route":"answer","taxpayer":"Budi","phone":"081234567890","message":"x"}` + "\n\n" + `{"ticket":"T-2","route":"answer","taxpayer":"Ani","phone":"0215250208","message":"y"}`,
	} {
		if r, err := check(t, file); err != nil || r.Rows != 2 || r.Bad != 0 {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// TestFaults are told by place, and repeat nothing of the row.
func TestFaults(t *testing.T) {
	r, err := check(t, header+
		"T-1,answer,Budi,081234567890,halo\n"+
		"T-2,telepathy,Budi,081234567890,halo\n"+
		"T-3,answer,Budi,112,\"dua\nbaris\"\n"+
		"T-4,answer\n"+
		"T-5,answer,Budi,081234@evil,halo\n")
	if err != nil || r.Rows != 5 || r.Bad != 4 {
		t.Fatalf("%+v, %v", r, err)
	}
	want := []importing.Fault{{Line: 3, Column: 5, Field: "route"}, {Line: 4, Column: 17, Field: "phone"}, {Line: 6, Field: "body"}, {Line: 7, Column: 17, Field: "phone"}}
	for i, f := range r.Faults {
		if i >= len(want) || f.Line != want[i].Line || f.Column != want[i].Column || f.Field != want[i].Field || f.Reason == "" || f.Remedy == "" {
			t.Errorf("fault %d: %s", i, f)
		}
		if text := f.String(); strings.Contains(text, "Budi") || strings.Contains(text, "evil") {
			t.Errorf("a fault repeats the row: %s", text)
		}
	}
	r, err = check(t, `{"ticket":"T-1","route":"answer","taxpayer":"Budi","phone":"081234567890","message":"x"}`+"\n{nonsense\n"+`{"fon":"1"}`)
	if err != nil || r.Rows != 3 || r.Bad != 2 || r.Faults[0].Line != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestFilesThatAreNone(t *testing.T) {
	for name, file := range map[string]string{
		"empty":         "",
		"blank":         "\n \n",
		"no header":     "T-1,answer,Budi,081234567890,halo\n",
		"unknown":       "ticket,rute,phone\n",
		"twice":         "ticket,phone,ticket\n",
		"quote":         header + "T-1,answer,\"Budi,081234567890,halo\n",
		"endless line":  `{"ticket":"` + strings.Repeat("x", 3<<20),
		"binary":        "\x00\x01\x02,\n",
		"stray quote":   header + "T-1,answer,Bu\"di,0812,x\n",
		"header quotes": "\"ticket,route\n",
	} {
		_, err := check(t, file)
		var bad *importing.FileError
		if !errors.As(err, &bad) || bad.Remedy == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := check(t, "ticket,rute,phone\n"); err == nil || !strings.Contains(err.Error(), "route") {
		t.Errorf("a mistyped column: %v, want a suggestion", err)
	}
}

// desk stands in for the daemon: it remembers keys and open tickets.
type desk struct {
	mu      sync.Mutex
	keys    map[string]bool
	tickets map[string]bool
	fail    func(n int) error
	n       int
}

func (d *desk) Enqueue(_ context.Context, s client.Submission, key string) (queue.State, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n++
	if d.fail != nil {
		if err := d.fail(d.n); err != nil {
			return queue.State{}, false, err
		}
	}
	if d.keys[key] {
		return queue.State{}, true, nil
	}
	if d.tickets[s.Ticket] {
		return queue.State{}, false, &client.Error{Status: 409, Existing: "01J"}
	}
	d.keys[key], d.tickets[s.Ticket] = true, true
	return queue.State{}, false, nil
}

func newDesk() *desk { return &desk{keys: make(map[string]bool), tickets: make(map[string]bool)} }

// file is a file of n rows, made while it is read; bad are the lines that are.
type file struct {
	n, at int
	bad   map[int]bool
	text  bytes.Buffer
}

func (f *file) Read(p []byte) (int, error) {
	for f.text.Len() < len(p) && f.at <= f.n {
		switch {
		case f.at == 0:
			f.text.WriteString(header)
		case f.bad[f.at+1]:
			fmt.Fprintf(&f.text, "T-%d,answer,Nama %d,112,pesan\n", f.at, f.at)
		default:
			fmt.Fprintf(&f.text, "T-%d,answer,Nama %d,0812%08d,%s\n", f.at, f.at, 10_000_000+f.at, strings.Repeat("pesan ", 40))
		}
		f.at++
	}
	if f.text.Len() == 0 {
		return 0, io.EOF
	}
	return f.text.Read(p)
}

// TestBulkRows: 100,000 rows, three of them bad, in memory that does not grow
// with the rows; sent again, nothing is added.
func TestBulkRows(t *testing.T) {
	const rows = 100_000
	bad := map[int]bool{17: true, 50_000: true, rows: true}
	open := func() io.Reader { return &file{n: rows, bad: bad} }
	heap := watchHeap(t, 20_000)
	report, err := importing.Check(open(), now, func(importing.Row) { heap.row() })
	if err != nil || report.Rows != rows || report.Bad != len(bad) || len(report.Faults) != len(bad) {
		t.Fatalf("%d rows, %d bad, %v", report.Rows, report.Bad, err)
	}
	heap.judge()
	for _, f := range report.Faults {
		if !bad[f.Line] || f.Field != "phone" || f.Column == 0 || f.Reason == "" || f.Remedy == "" {
			t.Errorf("%s", f)
		}
	}
	heap = watchHeap(t, 20_000)
	got, err := importing.Send(t.Context(), open(), now, forgetful{}, heap.row)
	if err != nil || got.Enqueued != rows-len(bad) || got.Skipped != len(bad) {
		t.Errorf("%+v, %v", got, err)
	}
	heap.judge()
	const sent = 5000
	d := newDesk()
	for _, want := range []importing.Result{{Enqueued: sent - 1, Skipped: 1}, {Already: sent - 1, Skipped: 1}} {
		done := 0
		got, err := importing.Send(t.Context(), &file{n: sent, bad: bad}, now, d, func() { done++ })
		if err != nil || got.Enqueued != want.Enqueued || got.Already != want.Already || got.Skipped != want.Skipped || done != sent {
			t.Errorf("%+v after %d rows, %v; want %+v", got, done, err, want)
		}
	}
}

// forgetful takes everything and remembers nothing.
type forgetful struct{}

func (forgetful) Enqueue(context.Context, client.Submission, string) (queue.State, bool, error) {
	return queue.State{}, false, nil
}

// heap watches what the heap grows to.
type heap struct {
	t            *testing.T
	every, rows  int
	before, most uint64
}

func watchHeap(t *testing.T, every int) *heap {
	return &heap{t: t, every: every, before: heapNow()}
}

func heapNow() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// row looks at the heap now and then.
func (h *heap) row() {
	if h.rows++; h.rows%h.every == 0 {
		h.most = max(h.most, heapNow())
	}
}

func (h *heap) judge() {
	h.t.Helper()
	if h.most == 0 {
		h.t.Fatal("the heap was never looked at")
	}
	if grown := int64(h.most) - int64(h.before); grown > 4<<20 {
		h.t.Errorf("the heap grew by %d KiB with the rows", grown>>10)
	}
}

// TestInterrupted: what stopped in the middle goes on where it was.
func TestInterrupted(t *testing.T) {
	d := newDesk()
	away := errors.New("the daemon is away")
	d.fail = func(n int) error {
		if n > 300 {
			return away
		}
		return nil
	}
	first, err := importing.Send(t.Context(), &file{n: 1000}, now, d, func() {})
	if !errors.Is(err, away) || first.Enqueued != 300 {
		t.Fatalf("%+v, %v", first, err)
	}
	d.fail = nil
	second, err := importing.Send(t.Context(), &file{n: 1000}, now, d, func() {})
	if err != nil || second.Enqueued != 700 || second.Already != 300 {
		t.Errorf("%+v, %v", second, err)
	}
}

// TestRefusedByTheDaemon: what only it can know is told by place, too.
func TestRefusedByTheDaemon(t *testing.T) {
	d := newDesk()
	d.fail = func(n int) error {
		if n == 2 {
			return &client.Error{Status: 422, Fields: []client.Field{{Field: "phone", Problem: "is barred", Remedy: "ask"}}}
		}
		return nil
	}
	got, err := importing.Send(t.Context(), &file{n: 3}, now, d, func() {})
	if err != nil || got.Enqueued != 2 || len(got.Refused) != 1 || got.Refused[0].Column == 0 || got.Refused[0].Line < 2 {
		t.Errorf("%+v, %v", got, err)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(header + "T-1,answer,Budi,081234567890,halo\n")
	f.Add(`{"ticket":"T-1"}`)
	f.Add("\xef\xbb\xbfticket;phone\n\"a\";b")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := importing.Check(strings.NewReader(text), now, nil)
		if r.Bad > r.Rows || (r.Bad > 0) != (len(r.Faults) > 0) {
			t.Errorf("%+v, %v", r, err)
		}
		for _, fault := range r.Faults {
			if fault.Line < 1 || fault.Reason == "" || fault.Remedy == "" {
				t.Errorf("%+v", fault)
			}
		}
	})
}
