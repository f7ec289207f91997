package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sambung/daemon/accounts"
	"sambung/daemon/api"
	"sambung/daemon/api/apitest"
	"sambung/queue"
)

// session is what the pages are told.
type session struct {
	User struct {
		Name, Role, Agent, Language string
	}
	CSRF      string    `json:"csrf"`
	ExpiresAt time.Time `json:"expires_at"`
}

func signInBody(name, password string) string {
	return `{"name":"` + name + `","password":"` + password + `"}`
}

func TestSigningInAndOut(t *testing.T) {
	s := apitest.New(t, nil)
	s.AddUser(t, "sari", "supervisor")
	a := call(t, s, "", "POST", "/v1/session", signInBody("sari", apitest.Password))
	var in, again session
	a.into(t, 201, &in)
	if in.User.Name != "sari" || in.User.Role != "supervisor" || in.CSRF == "" || !in.ExpiresAt.Equal(apitest.Start.Add(time.Hour)) {
		t.Errorf("signed in: %+v", in)
	}
	cookie := a.header.Get("Set-Cookie")
	value, attributes, _ := strings.Cut(cookie, "; ")
	if !strings.HasPrefix(value, "sambung=") || attributes != "Path=/; HttpOnly; SameSite=Strict" {
		t.Errorf("cookie = %q", cookie)
	}
	b := apitest.Browser{Cookie: value, CSRF: in.CSRF}
	call(t, s, "", "GET", "/v1/session", "", b.Header()...).into(t, 200, &again)
	if again != in {
		t.Errorf("asked again: %+v, want %+v", again, in)
	}
	s.Advance(30 * time.Minute)
	id := call(t, s, "", "POST", "/v1/follow-ups", good, b.Header()...).state(t, 201).FollowUp.ID
	if history := s.Writes(t); len(history) == 0 || history[0].Actor != queue.ActorUser("sari") {
		t.Errorf("in the history of %s stands %+v", id, history)
	}
	s.Advance(45 * time.Minute) // in use 45 minutes ago
	if a := call(t, s, "", "DELETE", "/v1/session", "", b.Header()...); a.status != 204 || !strings.Contains(a.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("signing out: %d, %v", a.status, a.header)
	}
	call(t, s, "", "GET", "/v1/session", "", b.Header()...).refused(t, 401, "unauthorized")
	call(t, s, apitest.TokenAdmin, "GET", "/v1/session", "").refused(t, 409, "no_session")
}

func TestOverTLSTheCookieGoesNoOtherWay(t *testing.T) {
	s := apitest.New(t, func(d *api.Deps) { d.Secure = true })
	s.AddUser(t, "sari", "supervisor")
	a := call(t, s, "", "POST", "/v1/session", signInBody("sari", apitest.Password))
	if cookie := a.header.Get("Set-Cookie"); !strings.HasPrefix(cookie, "__Host-sambung=") || !strings.HasSuffix(cookie, "; Path=/; HttpOnly; Secure; SameSite=Strict") {
		t.Errorf("cookie = %q", cookie)
	}
}

func TestWhoIsSignedInAnewIsSignedOutBefore(t *testing.T) {
	s := apitest.New(t, nil)
	s.AddUser(t, "sari", "supervisor")
	s.AddUser(t, "tono", "qa")
	before := s.SignIn(t, "sari")
	if a := call(t, s, "", "POST", "/v1/session", signInBody("tono", apitest.Password), "Cookie", before.Cookie); a.status != 201 {
		t.Fatalf("%s", a.body)
	}
	call(t, s, "", "GET", "/v1/session", "", before.Header()...).refused(t, 401, "unauthorized")
}

func TestASignInThatFailsTellsNothing(t *testing.T) {
	s := apitest.New(t, nil)
	s.AddUser(t, "sari", "supervisor")
	wrong := call(t, s, "", "POST", "/v1/session", signInBody("sari", "gajah naik sepeda"))
	unknown := call(t, s, "", "POST", "/v1/session", signInBody("nobody", "gajah naik sepeda"))
	wrong.refused(t, 401, "sign_in")
	if string(wrong.body) != string(unknown.body) || wrong.header.Get("Set-Cookie")+unknown.header.Get("Set-Cookie") != "" {
		t.Errorf("a wrong password is answered with %s, an unknown name with %s", wrong.body, unknown.body)
	}
	call(t, s, "", "POST", "/v1/session", `{}`).refused(t, 400, "invalid", "name", "password")
	if log := s.Log.String(); strings.Contains(log, "gajah") || strings.Contains(log, "nobody") {
		t.Error("the log tells what was typed")
	}
}

func TestGuessingIsSlowedByCaller(t *testing.T) {
	for _, c := range []struct {
		proxied   bool
		forwarded string
		slowed    bool // the caller from elsewhere, too
	}{
		{true, "198.51.100.9, 192.0.2.2", false}, {true, "192.0.2.2, 192.0.2.1", true}, {true, "nonsense", false}, {false, "192.0.2.2", true},
	} {
		s := apitest.New(t, func(d *api.Deps) {
			d.Proxied = c.proxied
			limits := accounts.DefaultLimits()
			limits.PerAddress = 3
			d.Accounts = accounts.New(d.Queue.(queue.Accounts), limits, accounts.Parameters{Time: 1, Memory: 64, Threads: 1}, d.Now, d.Log)
		})
		guess := func(name, forwarded string) answer {
			return call(t, s, "", "POST", "/v1/session", signInBody(name, "gajah naik sepeda"), "X-Forwarded-For", forwarded)
		}
		for _, name := range []string{"a", "b", "c"} {
			guess(name, "192.0.2.1").refused(t, 401, "sign_in")
		}
		a := guess("d", "192.0.2.1")
		a.refused(t, 429, "throttled")
		if a.header.Get("Retry-After") != "900" {
			t.Errorf("Retry-After = %q", a.header.Get("Retry-After"))
		}
		if a := guess("e", c.forwarded); (a.status == 429) != c.slowed {
			t.Errorf("proxied %v, forwarded for %q: status %d", c.proxied, c.forwarded, a.status)
		}
	}
}

// Where callers cannot be told apart, one who guesses keeps the others out: the log says
// so once, and how to mend it.
func TestAProxyThatTellsNobodyApartIsWarnedOf(t *testing.T) {
	for _, c := range []struct {
		proxied   bool
		forwarded string
		want      string
	}{
		{false, "", ""}, {true, "192.0.2.1", ""}, {false, "192.0.2.1", "set plaintext: true"}, {true, "", "X-Forwarded-For"},
	} {
		s := apitest.New(t, func(d *api.Deps) { d.Proxied = c.proxied })
		var header []string
		if c.forwarded != "" {
			header = []string{"X-Forwarded-For", c.forwarded}
		}
		for range 3 {
			call(t, s, "", "POST", "/v1/session", signInBody("a", "gajah naik sepeda"), header...).refused(t, 401, "sign_in")
		}
		told := strings.Count(s.Log.String(), "all callers count as one address")
		if c.want == "" && told != 0 || c.want != "" && (told != 1 || !strings.Contains(s.Log.String(), c.want)) {
			t.Errorf("%+v: told %d times in\n%s", c, told, s.Log.String())
		}
	}
}

func TestChangingOnesPassword(t *testing.T) {
	s := apitest.New(t, nil)
	s.AddUser(t, "sari", "supervisor")
	mine, other := s.SignIn(t, "sari"), s.SignIn(t, "sari")
	change := func(current, to string) answer {
		return call(t, s, "", "POST", "/v1/session/password", `{"current":"`+current+`","new":"`+to+`"}`, mine.Header()...)
	}
	change("", "").refused(t, 400, "invalid", "current", "new")
	change(apitest.Password, "too short").refused(t, 400, "invalid", "new")
	change(apitest.Password, "sarisarisarisari").refused(t, 400, "invalid", "new")
	change("gajah naik kuda", "gajah naik sepeda").refused(t, 400, "invalid", "current")
	if a := change(apitest.Password, "gajah naik sepeda"); a.status != 204 {
		t.Fatalf("%s", a.body)
	}
	if a := call(t, s, "", "GET", "/v1/session", "", mine.Header()...); a.status != 200 {
		t.Errorf("the own session: %s", a.body)
	}
	call(t, s, "", "GET", "/v1/session", "", other.Header()...).refused(t, 401, "unauthorized")
	call(t, s, "", "POST", "/v1/session", signInBody("sari", apitest.Password)).refused(t, 401, "sign_in")
}

func TestUsersAreKeptByTheAdmin(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	admin := func(method, path, body string) answer { return call(t, s, apitest.TokenAdmin, method, path, body) }
	for _, c := range []struct {
		name, body string
		fields     []string
	}{
		{"Sari", `{"role":"boss","password":"kuda"}`, []string{"name", "role", "password"}},
		{"operator", `{"role":"qa","password":"kuda nil berdansa"}`, []string{"name"}},
		{"sari", `{"role":"qa"}`, []string{"password"}},
		{"sari", `{"role":"agent","password":"kuda nil berdansa"}`, []string{"agent"}},
		{"sari", `{"role":"agent","agent":"agent-9","password":"kuda nil berdansa"}`, []string{"agent"}},
		{"sari", `{"role":"qa","agent":"agent-1","password":"kuda nil berdansa"}`, []string{"agent"}},
		{"sari", `{"role":"agent","agent":"agent-1","endpoint":"PJSIP/x","switch":"asterisk-1","password":"kuda nil berdansa"}`, []string{"endpoint"}},
		{"sari", `{"role":"supervisor","endpoint":"SIP/x","password":"kuda nil berdansa","language":"jv"}`, []string{"endpoint", "switch", "language"}},
		{"sari", `{"role":"supervisor","disabled":"yes"}`, []string{"disabled"}},
	} {
		admin("PUT", "/v1/users/"+c.name, c.body).refused(t, 400, "invalid", c.fields...)
	}
	var list struct{ Users []map[string]any }
	admin("GET", "/v1/users", "").into(t, 200, &list)
	if len(list.Users) != 0 {
		t.Fatalf("what was refused left %v", list.Users)
	}
	var u map[string]any
	admin("PUT", "/v1/users/sari", `{"role":"supervisor","endpoint":"PJSIP/spv-1","switch":"asterisk-1","language":"en","password":"`+apitest.Password+`"}`).into(t, 200, &u)
	if u["name"] != "sari" || u["endpoint"] != "PJSIP/spv-1" || u["language"] != "en" || u["password"] != nil || u["Password"] != nil {
		t.Errorf("user = %v", u)
	}
	b := s.SignIn(t, "sari")
	admin("PUT", "/v1/users/sari", `{"role":"qa"}`).into(t, 200, &u) // the password stays
	var in session
	call(t, s, "", "GET", "/v1/session", "", b.Header()...).into(t, 200, &in)
	if in.User.Role != "qa" {
		t.Errorf("the session has %+v", in)
	}
	admin("PUT", "/v1/users/sari", `{"role":"qa","password":"gajah naik sepeda"}`).into(t, 200, &u)
	call(t, s, "", "GET", "/v1/session", "", b.Header()...).refused(t, 401, "unauthorized")
	if a := admin("DELETE", "/v1/users/sari", ""); a.status != 204 {
		t.Errorf("removing: %s", a.body)
	}
	admin("DELETE", "/v1/users/sari", "").refused(t, 404, "not_found")
	if strings.Contains(s.Log.String(), "argon2id") || strings.Contains(s.Log.String(), apitest.Password) {
		t.Error("the log tells a password")
	}
}

// While the store is away nobody is told to sign in again.
func TestASessionSurvivesTheStoresAbsence(t *testing.T) {
	s := apitest.New(t, nil)
	s.AddUser(t, "sari", "supervisor")
	b := s.SignIn(t, "sari")
	if err := s.Queue.Close(); err != nil {
		t.Fatal(err)
	}
	if a := call(t, s, "", "GET", "/v1/session", "", b.Header()...); a.status < 500 {
		t.Errorf("status %d: %s", a.status, a.body)
	}
}

func TestPathTricksLeadNowhere(t *testing.T) {
	s := apitest.New(t, nil)
	id := string(s.Submit(t, "ESK-9", ""))
	for _, path := range []string{
		"/v1/../v1/agents", "/v1/./agents", "//v1/agents", "/v1//agents", "/v1/agents/", "/x/../v1/agents", "/v1/%2e%2e/v1/agents", "/v1/agents%00", "/v1/agents/%00",
		"/v1/follow-ups/" + id + "/..", "/v1/follow-ups/" + id + "/%2e%2e/" + id, "/v1/follow-ups/..%2f" + id, "/v1/follow-ups/" + id + "/recordings/../history",
		"/v1/follow-ups/" + id + "/recordings/..%2f..%2f1", `/v1\agents`, "/v1/%5c../agents", "/v1/agents%0d%0aSet-Cookie:x", "/v1/%ff%fe", "/v1/users/..%2fagents",
	} {
		if a := call(t, s, apitest.TokenAdmin, "GET", path, ""); a.status != http.StatusNotFound && a.status != http.StatusMethodNotAllowed {
			t.Errorf("%s: status %d: %s", path, a.status, a.body)
		}
	}
}

// FuzzSessionCookie: whatever stands in the header lets nobody in, and breaks nothing.
func FuzzSessionCookie(f *testing.F) {
	for _, seed := range []string{"", "sambung=", "sambung=" + strings.Repeat("A", 43), "a=b; sambung=\"x\"; sambung=", "sambung=\x00", "__Host-sambung=" + strings.Repeat("A", 43)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		secret, ok := api.SessionCookie(header)
		if !ok && secret != "" {
			t.Errorf("%q is refused, and read as %q", header, secret)
		}
		if ok && (len(secret) != 43 || strings.Count(header, "sambung=") != 1 || !strings.Contains(header, secret)) {
			t.Errorf("%q is read as %q", header, secret)
		}
	})
}

// What a stream was begun under holds while the session goes on and its user is the same.
func TestWhatAStreamWasBegunUnderHolds(t *testing.T) {
	s := apitest.New(t, nil)
	s.AddUser(t, "sari", "supervisor")
	b := s.SignIn(t, "sari")
	standing := api.Standing(t, s.Deps, strings.TrimPrefix(b.Cookie, "sambung="))
	if !standing() {
		t.Error("signed in, and cut off")
	}
	put(t, s, queue.User{Name: "sari", Role: "qa"})
	if standing() {
		t.Error("of another role, and not cut off")
	}
	put(t, s, queue.User{Name: "sari", Role: "supervisor"})
	if !standing() {
		t.Error("a supervisor again, and cut off")
	}
	call(t, s, "", "DELETE", "/v1/session", "", b.Header()...)
	if standing() {
		t.Error("signed out, and not cut off")
	}
	if err := s.Queue.Close(); err != nil {
		t.Fatal(err)
	}
	if !standing() {
		t.Error("the store is away, and everybody is cut off")
	}
}
