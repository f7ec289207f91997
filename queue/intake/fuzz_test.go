package intake_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sambung/queue"
	"sambung/queue/intake"
)

// Whatever is sent, it is refused with useful faults or becomes a request within the rules.
func FuzzAcceptJSON(f *testing.F) {
	for _, s := range []string{
		`{"ticket":"A","route":"answer","taxpayer":"Siti","phone":"081234567890","message":"x"}`,
		`{"ticket":"A/1","route":"opinion_unrequested","directorate":"pp2","taxpayer":"S","npwp":"012345678901000","phone":"+62215250208","extension":"9","message":"x\ny","received_at":"2026-12-23T15:00:00+07:00","agent":"a-1","follows":"01JDZZ00000000000000000000","allow_duplicate":true}`,
		`{"ticket":"A","ticket":"B"}`, `{"tiket":null}`, `[`, `{"a":{"a":[1]}}`, `{}`, "{\"\xff\":1}", `{"taxpayer":"\ud800"}`, `{"received_at":"9999-12-31T23:59:59Z"}`, `{}x`,
	} {
		f.Add([]byte(s))
	}
	r := rules(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := r.AcceptJSON(strings.NewReader(string(body)), now)
		var refusal *intake.Refusal
		if errors.As(err, &refusal) {
			wantUseful(t, refusal)
			return
		}
		if err != nil {
			t.Fatalf("neither accepted nor refused: %v", err)
		}
		wantWithinRules(t, e)
	})
}

func wantUseful(t *testing.T, refusal *intake.Refusal) {
	t.Helper()
	if len(refusal.Fields) == 0 {
		t.Error("refused without a fault")
	}
	for _, f := range refusal.Fields {
		if f.Field == "" || f.Problem == "" || f.Remedy == "" || len(f.Field) > 40 || !utf8.ValidString(f.String()) {
			t.Errorf("an unhelpful fault: %+v", f)
		}
	}
}

func wantWithinRules(t *testing.T, e queue.Enqueue) {
	t.Helper()
	u := e.FollowUp
	for name, check := range map[string]struct{ pattern, value string }{
		"ticket":    {`^[A-Za-z0-9._/-]{1,64}$`, u.Ticket},
		"route":     {`^(answer|opinion_requested|opinion_unrequested)$`, string(u.Route)},
		"name":      {`^[^\x00-\x1f\x7f]{1,200}$`, u.Taxpayer.Name},
		"npwp":      {`^([0-9]{15,16})?$`, u.Taxpayer.NPWP},
		"phone":     {`^\+62[1-9][0-9]{6,12}$`, u.Taxpayer.Phone},
		"extension": {`^[0-9]{0,6}$`, u.Taxpayer.Extension},
		"agent":     {`^[a-z0-9-]{0,32}$`, string(u.Agent)},
		"follows":   {`^([0-7][0-9A-HJKMNP-TV-Z]{25})?$`, string(u.Follows)},
	} {
		if !regexp.MustCompile(check.pattern).MatchString(check.value) {
			t.Errorf("%s was accepted as %q", name, check.value)
		}
	}
	if (u.Directorate == "") != (u.Route == queue.RouteAnswer) {
		t.Errorf("route %s with directorate %q", u.Route, u.Directorate)
	}
	if n := utf8.RuneCountInString(u.Message); n == 0 || n > 4000 {
		t.Errorf("a message of %d characters was accepted", n)
	}
	if u.ReceivedAt.After(u.EnteredAt) || u.Deadline.Before(u.ReceivedAt.Add(time.Hour)) || u.ID != "" {
		t.Errorf("times or id: %+v", u)
	}
}
