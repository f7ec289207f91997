package intake_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"sambung/queue"
	"sambung/queue/intake"
	"sambung/queue/phonenumber"
	"sambung/queue/workhours"
)

// Wednesday, 15:30 in Jakarta, before collective leave and Christmas.
var now = time.Date(2026, 12, 23, 8, 30, 0, 0, time.UTC)

func rules(t testing.TB) intake.Rules {
	t.Helper()
	calendar, err := workhours.LoadDir("../../configs/calendar")
	if err != nil {
		t.Fatal(err)
	}
	return intake.Rules{Calendar: calendar, TimeLimit: time.Hour}
}

func good() intake.Submission {
	return intake.Submission{Ticket: "ESK-2026/001", Route: "opinion_unrequested", Directorate: "pp1", Taxpayer: "Siti Rahayu",
		NPWP: "01.234.567.8-901.000", Phone: "0812-3456-7890", Extension: "12", Message: "Baris satu\nbaris dua\tselesai",
		ReceivedAt: "2026-12-23T15:29:30+07:00", Agent: "agent-1", Follows: "01jdzz00000000000000000000", AllowDuplicate: "true"}
}

func TestValidateAccepts(t *testing.T) {
	r := rules(t)
	s := good()
	got, err := r.Validate(s, now)
	if err != nil {
		t.Fatal(err)
	}
	want := queue.Enqueue{AllowDuplicate: true, Fingerprint: s.Fingerprint(), FollowUp: queue.FollowUp{
		Ticket: "ESK-2026/001", Route: queue.RouteOpinionUnrequested, Directorate: queue.DirectoratePP1,
		Taxpayer: queue.Taxpayer{Name: "Siti Rahayu", NPWP: "012345678901000", Phone: "+6281234567890", Extension: "12"},
		Message:  "Baris satu\nbaris dua\tselesai", Follows: "01JDZZ00000000000000000000", Agent: "agent-1",
		ReceivedAt: time.Date(2026, 12, 23, 8, 29, 30, 0, time.UTC), EnteredAt: now,
		Deadline: time.Date(2026, 12, 28, 1, 29, 30, 0, time.UTC), Calendar: r.Calendar.Version()}}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestValidateAcceptsTheLeast(t *testing.T) {
	s := intake.Submission{Ticket: " T1 ", Route: "answer", Taxpayer: "\tBudi\r\n", Phone: "(021) 525 0208", Message: "Satu\r\ndua"}
	got, err := rules(t).Validate(s, now.In(time.FixedZone("", 3600)))
	if err != nil {
		t.Fatal(err)
	}
	f := got.FollowUp
	if f.Ticket != "T1" || f.Taxpayer.Name != "Budi" || f.Message != "Satu\ndua" || f.ReceivedAt != now || f.EnteredAt != now ||
		f.Deadline != time.Date(2026, 12, 28, 1, 30, 0, 0, time.UTC) || got.AllowDuplicate {
		t.Errorf("got %+v", got)
	}
}

func TestValidateAcceptsEdges(t *testing.T) {
	for name, edit := range map[string]func(*intake.Submission){
		"longest ticket":      func(s *intake.Submission) { s.Ticket = strings.Repeat("a", 64) },
		"every ticket sign":   func(s *intake.Submission) { s.Ticket = "aZ09._-/x" },
		"longest name":        func(s *intake.Submission) { s.Taxpayer = strings.Repeat("é", 200) },
		"longest message":     func(s *intake.Submission) { s.Message = strings.Repeat("é", 4000) },
		"16 digits of NPWP":   func(s *intake.Submission) { s.NPWP = "3171 0123 4567 0001" },
		"no NPWP":             func(s *intake.Submission) { s.NPWP = "" },
		"longest agent":       func(s *intake.Submission) { s.Agent = strings.Repeat("a", 32) },
		"longest extension":   func(s *intake.Submission) { s.Extension = "001234" },
		"follows nothing":     func(s *intake.Submission) { s.Follows = "" },
		"a year ago, almost":  func(s *intake.Submission) { s.ReceivedAt = "2026-01-02T08:00:00Z" },
		"with fractions":      func(s *intake.Submission) { s.ReceivedAt = "2026-12-23T08:29:30.123Z" },
		"clock slightly fast": func(s *intake.Submission) { s.ReceivedAt = "2026-12-23T08:31:00Z" },
	} {
		s := good()
		edit(&s)
		e, err := rules(t).Validate(s, now)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if e.FollowUp.ReceivedAt.After(now) {
			t.Errorf("%s: received after it was entered", name)
		}
	}
}

func TestValidateRefuses(t *testing.T) {
	tests := []struct {
		name                   string
		edit                   func(*intake.Submission)
		field, problem, remedy string
	}{
		{"no ticket", func(s *intake.Submission) { s.Ticket = " " }, "ticket", "missing", "ticket number"},
		{"long ticket", func(s *intake.Submission) { s.Ticket = strings.Repeat("a", 65) }, "ticket", "too long", "up to 64"},
		{"ticket with a space", func(s *intake.Submission) { s.Ticket = "A 1" }, "ticket", "other characters", "letters, digits"},
		{"ticket with an umlaut", func(s *intake.Submission) { s.Ticket = "Ä1" }, "ticket", "other characters", "letters, digits"},
		{"ticket that climbs", func(s *intake.Submission) { s.Ticket = "a/../b" }, "ticket", "dots alone", "a/b"},
		{"ticket of a slash", func(s *intake.Submission) { s.Ticket = "/" }, "ticket", "empty part", "a/b"},
		{"no route", func(s *intake.Submission) { s.Route = "" }, "route", "missing", "known: answer, opinion_requested, opinion_unrequested"},
		{"unknown route", func(s *intake.Submission) { s.Route = "opinion_requsted" }, "route", "unknown", "did you mean opinion_requested?"},
		{"route in capitals", func(s *intake.Submission) { s.Route = "ANSWER" }, "route", "unknown", "did you mean answer?"},
		{"route far from any", func(s *intake.Submission) { s.Route = strings.Repeat("zz", 5000) }, "route", "unknown", "known: answer"},
		{"opinion of nobody", func(s *intake.Submission) { s.Directorate = "" }, "directorate", "missing", "pp1 or pp2"},
		{"answer with directorate", func(s *intake.Submission) { s.Route, s.Follows = "answer", "" }, "directorate", "which has none", "leave it out"},
		{"unknown directorate", func(s *intake.Submission) { s.Directorate = "PP-2" }, "directorate", "unknown", "did you mean pp2?"},
		{"no name", func(s *intake.Submission) { s.Taxpayer = "" }, "taxpayer", "missing", "name"},
		{"long name", func(s *intake.Submission) { s.Taxpayer = strings.Repeat("é", 201) }, "taxpayer", "longer than 200 characters", "shorten"},
		{"name of two lines", func(s *intake.Submission) { s.Taxpayer = "Siti\nRahayu" }, "taxpayer", "control characters", "one line"},
		{"name with NUL", func(s *intake.Submission) { s.Taxpayer = "Siti\x00" }, "taxpayer", "control characters", "plain text"},
		{"name written backwards", func(s *intake.Submission) { s.Taxpayer = "Siti\u202eRahayu" }, "taxpayer", "control characters", "plain text"},
		{"name in Latin-1", func(s *intake.Submission) { s.Taxpayer = "Andr\xe9" }, "taxpayer", "UTF-8", "encode"},
		{"damaged name", func(s *intake.Submission) { s.Taxpayer = "Andr\ufffd" }, "taxpayer", "damaged", "encode"},
		{"NPWP of 14 digits", func(s *intake.Submission) { s.NPWP = "01.234.567.8-901.00" }, "npwp", "has 14 digits", "15 or 16"},
		{"NPWP of 17 digits", func(s *intake.Submission) { s.NPWP = "01234567890123456" }, "npwp", "has 17 digits", "15 or 16"},
		{"NPWP of signs", func(s *intake.Submission) { s.NPWP = ".-." }, "npwp", "has 0 digits", "15 or 16"},
		{"NPWP with letters", func(s *intake.Submission) { s.NPWP = "01234567890100O" }, "npwp", "other characters", "digits"},
		{"phone 0062", func(s *intake.Submission) { s.Phone = "0062 812 3456 7890" }, "phone", "begins with 0062", "write +62 or 0"},
		{"phone 112", func(s *intake.Submission) { s.Phone = "112" }, "phone", "emergency", "taxpayer's own"},
		{"phone 0809", func(s *intake.Submission) { s.Phone = "0809 123 4567" }, "phone", "premium", "taxpayer's own"},
		{"phone of a call centre", func(s *intake.Submission) { s.Phone = "021 1500200" }, "phone", "call-centre", "taxpayer's own"},
		{"foreign phone", func(s *intake.Submission) { s.Phone = "+65 8123 4567" }, "phone", "foreign", "Indonesian"},
		{"phone with letters", func(s *intake.Submission) { s.Phone = "0812 FLOWERS" }, "phone", "letters", "digits, spaces"},
		{"phone with a host", func(s *intake.Submission) { s.Phone = "081234@evil" }, "phone", "characters", "digits, spaces"},
		{"no phone", func(s *intake.Submission) { s.Phone = "" }, "phone", "empty", "08xx"},
		{"long extension", func(s *intake.Submission) { s.Extension = "1234567" }, "extension", "up to 6 digits", "leave it out"},
		{"extension of keys", func(s *intake.Submission) { s.Extension = "1#2" }, "extension", "up to 6 digits", "leave it out"},
		{"no message", func(s *intake.Submission) { s.Message = "\n \t" }, "message", "missing", "deliver"},
		{"long message", func(s *intake.Submission) { s.Message = strings.Repeat("é", 4001) }, "message", "longer than 4000 characters", "shorten"},
		{"message of 1 MB", func(s *intake.Submission) { s.Message = strings.Repeat("x", 1<<20) }, "message", "longer than 4000 characters", "shorten"},
		{"message with escapes", func(s *intake.Submission) { s.Message = "a\x1b[31m" }, "message", "control characters", "line breaks and tabs may stay"},
		{"message in wrong UTF-8", func(s *intake.Submission) { s.Message = "a\xff" }, "message", "UTF-8", "encode"},
		{"received in words", func(s *intake.Submission) { s.ReceivedAt = "kemarin" }, "received_at", "RFC 3339", "2026-11-23T10:15:00+07:00"},
		{"received without zone", func(s *intake.Submission) { s.ReceivedAt = "2026-12-23T08:00:00" }, "received_at", "RFC 3339", "+07:00"},
		{"received in the future", func(s *intake.Submission) { s.ReceivedAt = "2026-12-23T08:31:01Z" }, "received_at", "in the future", "zone"},
		{"received long ago", func(s *intake.Submission) { s.ReceivedAt = "2025-12-23T08:29:59Z" }, "received_at", "more than a year ago", "year"},
		{"received in a year without holidays", func(s *intake.Submission) { s.ReceivedAt = "2025-12-31T08:00:00Z" }, "received_at", "no holidays of 2025", "operator"},
		{"agent in capitals", func(s *intake.Submission) { s.Agent = "Agent-1" }, "agent", "not an agent id", "a-z"},
		{"long agent", func(s *intake.Submission) { s.Agent = strings.Repeat("a", 33) }, "agent", "not an agent id", "up to 32"},
		{"follows a ticket", func(s *intake.Submission) { s.Follows = "ESK-2026/000" }, "follows", "not the id", "26 characters"},
		{"follows more than 128 bits", func(s *intake.Submission) { s.Follows = "8" + strings.Repeat("0", 25) }, "follows", "not the id", "26 characters"},
		{"follows with I, L, O, U", func(s *intake.Submission) { s.Follows = "0" + strings.Repeat("I", 25) }, "follows", "not the id", "26 characters"},
		{"follows on another route", func(s *intake.Submission) { s.Route = "opinion_requested" }, "follows", "another route", "leave it out"},
		{"duplicate, perhaps", func(s *intake.Submission) { s.AllowDuplicate = "yes" }, "allow_duplicate", "neither true nor false", "write true"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := good()
			tt.edit(&s)
			got, err := rules(t).Validate(s, now)
			if got != (queue.Enqueue{}) {
				t.Errorf("refused, and yet: %+v", got)
			}
			wantOnly(t, err, tt.field, tt.problem, tt.remedy)
		})
	}
}

// wantOnly checks that err refuses one field and says what is wrong with it and what would be right.
func wantOnly(t *testing.T, err error, field, problem, remedy string) {
	t.Helper()
	var refusal *intake.Refusal
	if !errors.As(err, &refusal) || len(refusal.Fields) != 1 {
		t.Fatalf("got %v, want a refusal of %s alone", err, field)
	}
	if f := refusal.Fields[0]; f.Field != field || !strings.Contains(f.Problem, problem) || !strings.Contains(f.Remedy, remedy) {
		t.Errorf("got %+v, want %s with %q and %q", f, field, problem, remedy)
	}
}

func TestForeignPhonesByRule(t *testing.T) {
	r := rules(t)
	r.Phones = phonenumber.Options{AllowForeign: true}
	s := good()
	s.Phone = "+65 8123 4567"
	if e, err := r.Validate(s, now); err != nil || e.FollowUp.Taxpayer.Phone != "+6581234567" {
		t.Errorf("got %q, %v", e.FollowUp.Taxpayer.Phone, err)
	}
}

// A missing current year is the operator's fault, not the submitter's.
func TestMissingCurrentYearIsNoRefusal(t *testing.T) {
	s := good()
	s.ReceivedAt = ""
	_, err := rules(t).Validate(s, time.Date(2030, 5, 1, 3, 0, 0, 0, time.UTC))
	var refusal *intake.Refusal
	var missing *workhours.MissingYearError
	if errors.As(err, &refusal) || !errors.As(err, &missing) {
		t.Errorf("got %v, want the calendar's error", err)
	}
}

func TestProvisionalDeadline(t *testing.T) {
	s := good()
	s.ReceivedAt = "2026-12-31T15:30:00+07:00"
	e, err := rules(t).Validate(s, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil || !e.FollowUp.Provisional {
		t.Errorf("got provisional %v, %v", e.FollowUp.Provisional, err)
	}
}

// Every fault is reported, and none of them repeats what was submitted.
func TestRefusalsRepeatNothing(t *testing.T) {
	const secret = "Qxz"
	s := intake.Submission{Ticket: secret + " " + secret, Route: secret, Directorate: secret, Taxpayer: secret + "\x00", NPWP: "98765432101234" + secret,
		Phone: "08129876501" + secret, Extension: secret, Message: secret + "\x01", ReceivedAt: secret, Agent: secret, Follows: secret, AllowDuplicate: secret, Manual: secret}
	_, err := rules(t).Validate(s, now)
	var refusal *intake.Refusal
	if !errors.As(err, &refusal) || len(refusal.Fields) != len(intake.Keys()) {
		t.Fatalf("got %v, want a fault of each of the %d fields", err, len(intake.Keys()))
	}
	for i, key := range intake.Keys() {
		if refusal.Fields[i].Field != key {
			t.Errorf("fault %d is of %s, want %s", i, refusal.Fields[i].Field, key)
		}
	}
	for _, part := range []string{secret, "9876", "8129"} {
		if strings.Contains(err.Error(), part) {
			t.Errorf("%q is repeated in: %v", part, err)
		}
	}
}
