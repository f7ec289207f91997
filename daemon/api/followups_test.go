package api_test

import (
	"strings"
	"testing"
	"time"

	"sambung/daemon/api/apitest"
	"sambung/queue"
)

func TestEnqueue(t *testing.T) {
	s := apitest.New(t, nil)
	a := call(t, s, apitest.TokenSupervisor, "POST", "/v1/follow-ups", good)
	state := a.state(t, 201)
	if a.header.Get("Location") != "/v1/follow-ups/"+string(state.FollowUp.ID) {
		t.Errorf("Location = %s", a.header.Get("Location"))
	}
	if state.Status != queue.StatusQueued || state.FollowUp.Taxpayer.Phone != "+6281234567890" || !state.FollowUp.Deadline.Equal(apitest.Start.Add(time.Hour)) {
		t.Errorf("state = %+v", state)
	}
	if shown := call(t, s, apitest.TokenQA, "GET", a.header.Get("Location"), "").state(t, 200); shown.Head != state.Head {
		t.Errorf("shown %+v", shown)
	}
	var history struct{ Activities []queue.Activity }
	call(t, s, apitest.TokenQA, "GET", a.header.Get("Location")+"/history", "").into(t, 200, &history)
	if len(history.Activities) != 1 || history.Activities[0].Actor != "user:co-supervisor" {
		t.Errorf("history = %+v", history)
	}
	if err := queue.VerifyChain(history.Activities); err != nil {
		t.Error(err)
	}
}

func TestBadSubmissionsNameTheField(t *testing.T) {
	s := apitest.New(t, nil)
	replaced := func(from, to string) string { return strings.Replace(good, from, to, 1) }
	for name, c := range map[string]struct {
		body   string
		fields string
	}{
		"empty phone":        {replaced("0812-3456-7890", ""), "phone"},
		"0062":               {replaced("0812-3456-7890", "006281234567890"), "phone"},
		"emergency":          {replaced("0812-3456-7890", "112"), "phone"},
		"premium":            {replaced("0812-3456-7890", "08091234567"), "phone"},
		"foreign":            {replaced("0812-3456-7890", "+15005550006"), "phone"},
		"address":            {replaced("0812-3456-7890", "081234@evil"), "phone"},
		"route":              {replaced(`"answer"`, `"letter"`), "route"},
		"future":             {with("received_at", `"2026-11-23T12:00:00+07:00"`), "received_at"},
		"npwp":               {with("npwp", `"12345678901234"`), "npwp"},
		"unknown key":        {with("tikcet", `"x"`), "tikcet"},
		"unknown agent":      {with("agent", `"agent-9"`), "agent"},
		"follows nothing":    {strings.Replace(with("follows", `"01KBQ3V0G5QZ8M4T7Y2W9E6R1X"`, "directorate", `"pp1"`), "answer", "opinion_unrequested", 1), "follows"},
		"not UTF-8":          {replaced("Budi", "Bud\xff"), "body"},
		"not JSON":           {"{", "body"},
		"several at a time":  {replaced(`"answer","taxpayer":"Budi Rahasia"`, `"x","taxpayer":""`), "route taxpayer"},
		"something after it": {good + "{}", "body"},
	} {
		t.Run(name, func(t *testing.T) {
			a := call(t, s, apitest.TokenAdmin, "POST", "/v1/follow-ups", c.body)
			a.refused(t, 400, "invalid", strings.Fields(c.fields)...)
			if strings.Contains(string(a.body), "Rahasia") || strings.Contains(string(a.body), "3456") {
				t.Errorf("the answer repeats personal data: %s", a.body)
			}
		})
	}
	if n := len(s.Writes(t)); n != 0 {
		t.Errorf("%d writes", n)
	}
}

func TestBodiesAreBoundedAndDeclared(t *testing.T) {
	s := apitest.New(t, nil)
	long := strings.Replace(good, "disetujui", strings.Repeat("x", 1<<20), 1)
	call(t, s, apitest.TokenAdmin, "POST", "/v1/follow-ups", long).refused(t, 413, "too_large", "body")
	call(t, s, apitest.TokenAdmin, "POST", "/v1/follow-ups", good, "Content-Type", "text/plain").refused(t, 415, "media_type")
	call(t, s, apitest.TokenAdmin, "POST", "/v1/follow-ups", good, "Content-Type", "").refused(t, 415, "media_type")
	if a := call(t, s, apitest.TokenAdmin, "POST", "/v1/follow-ups", good, "Content-Type", "application/json; charset=utf-8"); a.status != 201 {
		t.Errorf("with a charset: %d", a.status)
	}
}

func TestASecondOpenFollowUpOfATicket(t *testing.T) {
	s := apitest.New(t, nil)
	first := call(t, s, apitest.TokenAdmin, "POST", "/v1/follow-ups", good).state(t, 201)
	f := call(t, s, apitest.TokenAdmin, "POST", "/v1/follow-ups", good).refused(t, 409, "ticket_open", "ticket")
	if f.Existing != first.FollowUp.ID {
		t.Errorf("existing = %s, want %s", f.Existing, first.FollowUp.ID)
	}
	call(t, s, apitest.TokenAdmin, "POST", "/v1/follow-ups", with("allow_duplicate", "true")).state(t, 201)
}

func TestARepeatedKeyEnqueuesOnce(t *testing.T) {
	s := apitest.New(t, nil)
	post := func(token, key, body string) answer {
		return call(t, s, token, "POST", "/v1/follow-ups", body, "Idempotency-Key", key)
	}
	first := post(apitest.TokenAdmin, "k1", good)
	again := post(apitest.TokenAdmin, "k1", strings.ReplaceAll(good, ",", ", "))
	if again.status != 201 || string(again.body) != string(first.body) || again.header.Get("Location") != first.header.Get("Location") ||
		again.header.Get("Idempotency-Replayed") != "true" || first.header.Get("Idempotency-Replayed") != "" {
		t.Errorf("again: %d %v %s", again.status, again.header, again.body)
	}
	post(apitest.TokenAdmin, "k1", with("npwp", `"123456789012345"`)).refused(t, 422, "key_reused", "Idempotency-Key")
	post(apitest.TokenAdmin, "a key", good).refused(t, 400, "invalid", "Idempotency-Key")
	post(apitest.TokenAdmin, strings.Repeat("k", 129), good).refused(t, 400, "invalid", "Idempotency-Key")
	// Another token's key is another key.
	post(apitest.TokenSupervisor, "k1", good).refused(t, 409, "ticket_open", "ticket")
	if n := len(s.Writes(t)); n != 1 {
		t.Errorf("%d writes", n)
	}
}

func TestFind(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	late := s.Submit(t, "LATE", "agent-1")
	s.Advance(-time.Minute)
	early := s.Submit(t, "EARLY", "")
	ids := func(a answer) string {
		t.Helper()
		var found struct {
			FollowUps []queue.State `json:"follow_ups"`
		}
		a.into(t, 200, &found)
		var list []string
		for _, f := range found.FollowUps {
			list = append(list, f.FollowUp.Ticket)
		}
		return strings.Join(list, " ")
	}
	get := func(q string) answer { return call(t, s, apitest.TokenQA, "GET", "/v1/follow-ups"+q, "") }
	search := func(b string) answer { return call(t, s, apitest.TokenQA, "POST", "/v1/follow-ups/search", b) }
	for _, c := range []struct {
		got  answer
		want string
	}{
		{get(""), "EARLY LATE"},
		{get("?state=queued"), "EARLY LATE"},
		{get("?state=closed,cancelled&state=talking"), ""},
		{get("?agent=agent-1"), "LATE"},
		{get("?ticket=EARLY"), "EARLY"},
		{get("?limit=1"), "EARLY"},
		{get("?deadline_before=2026-11-23T10:00:00%2B07:00"), "EARLY"},
		{search(`{}`), "EARLY LATE"},
		{search(`{"phone":"+62 812 3456 7890","agent":"agent-1"}`), "LATE"},
		{search(`{"phone":"081234567891"}`), ""},
		{search(`{"state":["queued"],"ticket":"LATE","limit":5}`), "LATE"},
	} {
		if got := ids(c.got); got != c.want {
			t.Errorf("found %q, want %q", got, c.want)
		}
	}
	get("?phone=081234567890").refused(t, 400, "invalid", "phone")
	get("?colour=red").refused(t, 400, "invalid", "colour")
	get("?state=lost").refused(t, 400, "invalid", "state")
	get("?limit=0").refused(t, 400, "invalid", "limit")
	get("?limit=x").refused(t, 400, "invalid", "limit")
	get("?limit=1001").refused(t, 400, "invalid", "limit")
	get("?deadline_before=soon").refused(t, 400, "invalid", "deadline_before")
	get("?agent=A+B").refused(t, 400, "invalid", "agent")
	get("?%zz").refused(t, 400, "invalid", "query")
	search(`{"phone":"112"}`).refused(t, 400, "invalid", "phone")
	if !strings.Contains(string(late+early), "01KBQ3") {
		t.Error("ids")
	}
}

// A number in an address ends in the logs of whatever stands between.
func TestNoRouteTakesWhatItDoesNotKnowInItsAddress(t *testing.T) {
	s := apitest.New(t, nil)
	fill := strings.NewReplacer("agents/{id}", "agents/agent-1", "{id}", "01KBQ3V0G5QZ8M4T7Y2W9E6R1X", "{attempt}", "1", "{name}", "tono")
	for pattern := range allowed {
		method, path, _ := strings.Cut(fill.Replace(pattern), " ")
		if !strings.HasPrefix(path, "/v1/") {
			continue
		}
		call(t, s, apitest.TokenAdmin, method, path+"?phone=081234567890&colour=red", "").refused(t, 400, "invalid", "colour", "phone")
	}
	call(t, s, apitest.TokenAdmin, "GET", "/v1/follow-ups?agent=agent-1&agent=agent-2", "").refused(t, 400, "invalid", "agent")
	call(t, s, "", "GET", "/v1/agents?colour=red", "").refused(t, 401, "unauthorized")
	if a := call(t, s, "", "GET", "/healthz?from=probe", ""); a.status != 200 {
		t.Errorf("a probe: %d", a.status)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	s := apitest.New(t, nil)
	for _, id := range []string{"01KBQ3V0G5QZ8M4T7Y2W9E6R1X", "x", "01kbq3v0g5qz8m4t7y2w9e6r1x", "01KBQ3V0G5QZ8M4T7Y2W9E6R1X%0A"} {
		call(t, s, apitest.TokenAdmin, "GET", "/v1/follow-ups/"+id, "").refused(t, 404, "not_found")
		call(t, s, apitest.TokenAdmin, "POST", "/v1/follow-ups/"+id+"/cancel", `{"reason":"x"}`).refused(t, 404, "not_found")
	}
}
