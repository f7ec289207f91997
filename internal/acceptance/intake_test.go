package acceptance_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"sambung/internal/faultproxy"
)

// fields are a submission: the body over HTTP, an entry of the intake stream.
type fields map[string]string

// submission is one that is in order.
func submission(ticket string) fields {
	return fields{
		"ticket": ticket, "route": "answer", "taxpayer": "Budi Santoso Rahasia", "npwp": "09.123.456.7-891.000",
		"phone": "0812-1111-2222", "message": "Pesan rahasia untuk Wajib Pajak",
	}
}

func (f fields) with(key, value string) fields {
	f = maps.Clone(f)
	f[key] = value
	return f
}

// json spells the fields as bytes, as a client would that does not mend them.
func (f fields) json() []byte {
	var b bytes.Buffer
	for i, key := range slices.Sorted(maps.Keys(f)) {
		fmt.Fprintf(&b, `%s"%s":"%s"`, []string{"{", ","}[min(i, 1)], key, f[key])
	}
	return append(b.Bytes(), '}')
}

// problem is what is wrong with one field, as every door says it.
type problem struct{ Field, Problem, Remedy string }

// badInput is a submission with one fault, and in which words it is refused.
type badInput struct {
	name            string
	key, value      string
	problem, remedy string // parts of what is said of the key
	// Where it is the body as a whole that HTTP refuses: status and words.
	status                  int
	bodyProblem, bodyRemedy string
}

func badInputs() []badInput {
	const subscriber = "taxpayer's own mobile or fixed-line number"
	return []badInput{
		{name: "0062", key: "phone", value: "006281211112222", problem: "begins with 0062", remedy: "+62"},
		{name: "emergency number", key: "phone", value: "112", problem: "emergency", remedy: subscriber},
		{name: "emergency number behind an area code", key: "phone", value: "021112", problem: "emergency", remedy: subscriber},
		{name: "premium rate", key: "phone", value: "08091234567", problem: "premium", remedy: subscriber},
		{name: "foreign", key: "phone", value: "+15005550006", problem: "foreign", remedy: "Indonesian number"},
		{name: "letters", key: "phone", value: "0812ABCD5678", problem: "letters", remedy: "digits"},
		{name: "address", key: "phone", value: "081234@evil", problem: "characters", remedy: "digits"},
		{name: "two endpoints", key: "phone", value: "081211112222&PJSIP/agent-1", problem: "characters", remedy: "digits"},
		{name: "empty phone", key: "phone", value: "", problem: "empty", remedy: "08xx"},
		{name: "unknown route", key: "route", value: "letter", problem: "unknown", remedy: "opinion_unrequested"},
		{name: "mistyped route", key: "route", value: "anwser", problem: "unknown", remedy: "did you mean answer?"},
		{name: "received in the future", key: "received_at", value: "2099-01-05T10:00:00+07:00", problem: "in the future", remedy: "leave it out"},
		{name: "message of 1 MB", key: "message", value: strings.Repeat("rahasia ", 1<<17), problem: "longer than 4000 characters", remedy: "shorten",
			status: http.StatusRequestEntityTooLarge, bodyProblem: "longer than 65536 bytes", bodyRemedy: "shorten"},
		{name: "wrong UTF-8", key: "message", value: "Pesan rahasia \xff", problem: "not valid UTF-8", remedy: "encode",
			status: http.StatusBadRequest, bodyProblem: "not valid UTF-8", bodyRemedy: "encode"},
		{name: "NPWP of 14 digits", key: "npwp", value: "09123456789100", problem: "14 digits", remedy: "15 or 16"},
		{name: "unknown agent", key: "agent", value: "agent-99", problem: "not known", remedy: "name an agent"},
		{name: "follows nothing", key: "follows", value: "01KBQ3V0G5QZ8M4T7Y2W9E6R1X", problem: "another route", remedy: "leave it out"},
		{name: "unknown key", key: "tikcet", value: "T", problem: "unknown key", remedy: "did you mean ticket?"},
	}
}

// TestIntake drives every bad input through both doors of a running daemon: each
// is refused with field, problem and remedy, and leaves nothing behind.
func TestIntake(t *testing.T) {
	s := newSite(t, 0)
	proxy := faultproxy.Start(t, s.redis.Addr)
	s.config.Redis.Addrs = []string{proxy.Addr}
	log := &syncBuffer{}
	app, stop := s.runDaemon(slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	s.waitOwned("node-a")
	d := &door{site: s, queue: s.ledger(), raw: redis.NewClient(&redis.Options{Addr: s.redis.Addr}), proxy: proxy, url: "http://" + app.Addr()}
	t.Cleanup(func() { _ = d.raw.Close() })
	eventually(t, 20*time.Second, "the daemon has noted what it notes by itself", func() bool {
		n, err := d.raw.Exists(t.Context(), d.key("compared")).Result()
		return err == nil && n == 1
	})

	for _, sub := range []struct {
		name string
		test func(*testing.T, *door)
	}{
		{"HTTP/bad", badOverHTTP}, {"HTTP/ticket", ticketOverHTTP}, {"HTTP/key", keyOverHTTP}, {"HTTP/at once", atOnceOverHTTP},
		{"stream/bad", badByStream}, {"stream/ticket", ticketByStream}, {"stream/delivered twice", twiceByStream},
	} {
		t.Run(sub.name, func(t *testing.T) {
			view := *d
			view.site = s.in(t)
			sub.test(t, &view)
		})
	}
	metrics := s.get(d.url + "/metrics")
	stop()
	if len(d.invites()) > 0 {
		t.Error("somebody was rung")
	}
	d.nothingSaid("the log", log.String())
	d.nothingSaid("the metrics", metrics)
	if !strings.Contains(log.String(), "was refused") {
		t.Error("the log tells of no refusal: nothing was looked at")
	}
}

func badOverHTTP(t *testing.T, d *door) {
	before, keys := d.tickets(), d.keys()
	for _, bad := range badInputs() {
		t.Run(bad.name, func(t *testing.T) {
			d := &door{site: d.in(t), url: d.url}
			a := d.post(submission("BAD").with(bad.key, bad.value).json(), "key-"+bad.key)
			d.nothingSaid("the answer", a.body)
			status, field, what, remedy := http.StatusBadRequest, bad.key, bad.problem, bad.remedy
			if bad.status != 0 {
				status, field, what, remedy = bad.status, "body", bad.bodyProblem, bad.bodyRemedy
			}
			d.judge(a.fields, field, what, remedy)
			if a.status != status || a.id != "" {
				t.Errorf("status %d with id %q, want %d without", a.status, a.id, status)
			}
		})
	}
	d.added(before)
	if after := d.keys(); !slices.Equal(after, keys) {
		t.Errorf("something is left in Redis: %v, before %v", after, keys)
	}
}

// ticketOverHTTP: one open follow-up for each ticket, unless another is asked for.
func ticketOverHTTP(t *testing.T, d *door) {
	before := d.tickets()
	first := d.accepted(submission("TWICE-1"), "")
	a := d.post(submission("TWICE-1").with("phone", "081211113333").json(), "")
	if a.status != http.StatusConflict || a.code != "ticket_open" || a.existing != first.id {
		t.Errorf("%d %s, existing %q; want 409 ticket_open and %s", a.status, a.code, a.existing, first.id)
	}
	d.judge(a.fields, "ticket", "open follow-up", "allow_duplicate")
	d.nothingSaid("the answer", a.body)
	d.added(before, "TWICE-1")
	second := d.accepted(submission("TWICE-1").with("allow_duplicate", "true"), "")
	if second.id == first.id {
		t.Error("the second one is the first")
	}
	d.added(before, "TWICE-1", "TWICE-1")
}

// keyOverHTTP: a repeated Idempotency-Key has the same answer and adds nothing.
func keyOverHTTP(t *testing.T, d *door) {
	before := d.tickets()
	first := d.accepted(submission("KEY-1"), "k-1")
	again := d.accepted(submission("KEY-1"), "k-1")
	if again.body != first.body || first.replayed || !again.replayed {
		t.Errorf("answered (replayed %v)\n%s\nthen (replayed %v)\n%s", first.replayed, first.body, again.replayed, again.body)
	}
	other := d.post(submission("KEY-2").json(), "k-1")
	if other.status != http.StatusUnprocessableEntity || other.code != "key_reused" {
		t.Errorf("another request under the key: %d %s", other.status, other.code)
	}
	d.judge(other.fields, "Idempotency-Key", "another request", "new one")
	d.added(before, "KEY-1")
}

// atOnceOverHTTP: the same request many times at once is one follow-up.
func atOnceOverHTTP(t *testing.T, d *door) {
	before := d.tickets()
	answers := make([]answer, 8)
	var posting sync.WaitGroup
	for i := range answers {
		posting.Go(func() {
			var err error
			if answers[i], err = d.submit(submission("ONCE-1").json(), "k-2"); err != nil {
				t.Error(err)
			}
		})
	}
	posting.Wait()
	fresh := 0
	for _, a := range answers {
		if a.status != http.StatusCreated || a.id != answers[0].id {
			t.Errorf("%d %s", a.status, a.body)
		}
		if !a.replayed {
			fresh++
		}
	}
	if fresh != 1 {
		t.Errorf("%d of %d answers claim to have enqueued", fresh, len(answers))
	}
	d.added(before, "ONCE-1")
}
