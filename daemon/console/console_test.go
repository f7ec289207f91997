package console_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"sambung/daemon/console"
)

// built is what a build makes, in small.
func built() fstest.MapFS {
	return fstest.MapFS{
		"index.html":            {Data: []byte("<!doctype html><title>Sambung</title>")},
		"assets/index-B1a2.js":  {Data: []byte("export {}")},
		"assets/index-C3d4.css": {Data: []byte("body{}")},
		"favicon.svg":           {Data: []byte("<svg/>")},
		".gitkeep":              {},
		".vite/manifest.json":   {Data: []byte("{}")},
	}
}

func serve(t *testing.T, files fstest.MapFS) *httptest.Server {
	t.Helper()
	pages, err := console.New(files)
	if err != nil {
		t.Fatal(err)
	}
	api := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "api "+r.URL.Path) })
	s := httptest.NewServer(console.Door{API: api, Pages: pages, Telephones: []string{"wss://pbx.example:8089/ws", "wss://pbx.example:8089/ws"}, Secure: true}.Handler())
	t.Cleanup(s.Close)
	return s
}

// TestOnlyADemonstrationHasDoors: its handler answers below /v1/demo, and its document
// says so; without one the API is asked, and the document is as it was built.
func TestOnlyADemonstrationHasDoors(t *testing.T) {
	files := built()
	files["index.html"] = &fstest.MapFile{Data: []byte("<!doctype html><head><title>Sambung</title></head>")}
	const mark = `<meta name="sambung-demo" content="/v1/demo">`
	office := serve(t, files)
	if _, page := get(t, office, http.MethodGet, "/agen"); strings.Contains(page, "sambung-demo") {
		t.Errorf("the document of an office says %q", page)
	}
	if _, answer := get(t, office, http.MethodGet, "/v1/demo"); answer != "api /v1/demo" {
		t.Errorf("an office answers %q", answer)
	}
	pages, err := console.NewDemonstration(files)
	if err != nil {
		t.Fatal(err)
	}
	echo := func(name string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, name+" "+r.URL.Path) })
	}
	show := httptest.NewServer(console.Door{API: echo("api"), Pages: pages, Demonstration: echo("demo")}.Handler())
	t.Cleanup(show.Close)
	if _, page := get(t, show, http.MethodGet, "/agen"); !strings.Contains(page, mark+"</head>") {
		t.Errorf("the document of a demonstration does not say so: %q", page)
	}
	for path, want := range map[string]string{"/v1/demo": "demo /v1/demo", "/v1/demo/listen": "demo /v1/demo/listen", "/v1/demolition": "api /v1/demolition", "/v1/session": "api /v1/session"} {
		if response, answer := get(t, show, http.MethodGet, path); answer != want || response.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s answers %q, want %q, under a policy", path, answer, want)
		}
	}
}

func get(t *testing.T, s *httptest.Server, method, path string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(data)
}

func TestWhatWasBuiltIsServed(t *testing.T) {
	s := serve(t, built())
	for _, c := range []struct{ path, media, caching string }{
		{"/", "text/html; charset=utf-8", "no-store"}, {"/masuk", "text/html; charset=utf-8", "no-store"}, {"/agen", "text/html; charset=utf-8", "no-store"},
		{"/supervisor", "text/html; charset=utf-8", "no-store"}, {"/qa", "text/html; charset=utf-8", "no-store"}, {"/admin", "text/html; charset=utf-8", "no-store"},
		{"/supervisor/01M84Q5QG65RXZQCPNQG4VA23Z", "text/html; charset=utf-8", "no-store"}, {"/qa/01M84Q5QG65RXZQCPNQG4VA23Z", "text/html; charset=utf-8", "no-store"},
		{"/admin/users/spv-1", "text/html; charset=utf-8", "no-store"},
		{"/assets/index-B1a2.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		{"/assets/index-C3d4.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"},
		{"/favicon.svg", "image/svg+xml", "no-cache"},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			r, body := get(t, s, method, c.path)
			if r.StatusCode != 200 || r.Header.Get("Content-Type") != c.media || r.Header.Get("Cache-Control") != c.caching || (body == "") != (method == "HEAD") {
				t.Errorf("%s %s: %s, %v, %q", method, c.path, r.Status, r.Header, body)
			}
		}
	}
	r, _ := get(t, s, "GET", "/favicon.svg")
	if again, body := get(t, s, "GET", "/favicon.svg", "If-None-Match", r.Header.Get("ETag")); again.StatusCode != http.StatusNotModified || body != "" {
		t.Errorf("unchanged, and sent again: %s", again.Status)
	}
	if r, _ := get(t, s, "POST", "/agen"); r.StatusCode != http.StatusMethodNotAllowed || r.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST to a page: %s", r.Status)
	}
}

func TestWithoutABuildEveryPageSaysHowToMakeOne(t *testing.T) {
	s := serve(t, fstest.MapFS{".gitkeep": {}})
	for _, path := range console.Paths() {
		r, body := get(t, s, "GET", path)
		if r.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, "make console") || !strings.Contains(body, "make build") ||
			r.Header.Get("Content-Type") != "text/html; charset=utf-8" || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %s, %v", path, r.Status, r.Header)
		}
	}
	if _, err := console.New(console.Embedded()); err != nil {
		t.Errorf("what is embedded: %v", err)
	}
}

func TestTheHeadersAllowNoMoreThanThePagesNeed(t *testing.T) {
	s := serve(t, built())
	for _, path := range []string{"/", "/v1/agents", "/nowhere"} {
		r, _ := get(t, s, "GET", path)
		policy := strings.Split(r.Header.Get("Content-Security-Policy"), "; ")
		for _, want := range []string{
			"default-src 'self'", "connect-src 'self' wss://pbx.example:8089", "media-src 'self' blob:", "img-src 'self' data:",
			"object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
		} {
			if !slices.Contains(policy, want) {
				t.Errorf("%s: no %q in %q", path, want, policy)
			}
		}
		if strings.Contains(strings.Join(policy, ";"), "unsafe") {
			t.Errorf("%s: %q", path, policy)
		}
		for name, want := range map[string]string{"Referrer-Policy": "no-referrer", "Strict-Transport-Security": "max-age=31536000"} {
			if r.Header.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, r.Header.Get(name))
			}
		}
		if !strings.Contains(r.Header.Get("Permissions-Policy"), "microphone=(self)") {
			t.Errorf("%s: Permissions-Policy is %q", path, r.Header.Get("Permissions-Policy"))
		}
	}
}

// oneConnection is a listener to which one client comes.
type oneConnection struct {
	net.Listener
	connections chan net.Conn
}

func (l oneConnection) Accept() (net.Conn, error) {
	if c, ok := <-l.connections; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}

func (oneConnection) Close() error   { return nil }
func (oneConnection) Addr() net.Addr { return &net.TCPAddr{} }

// Whoever sends a body by halves, or does not read what is sent, is let go.
func TestNobodyIsWaitedForWithoutEnd(t *testing.T) {
	pages, err := console.New(built())
	if err != nil {
		t.Fatal(err)
	}
	answers := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") })
	door := console.Door{API: answers, Pages: pages, Demonstration: answers}.Handler()
	requests := map[string]time.Duration{}
	for _, path := range []string{"/agen", "/v1/board", "/v1/demo"} {
		requests["POST "+path+" HTTP/1.1\r\nHost: sambung\r\nContent-Length: 10\r\n\r\nx"] = 10 * time.Second
		requests["GET "+path+" HTTP/1.1\r\nHost: sambung\r\n\r\n"] = 30 * time.Second
	}
	for request, wait := range requests {
		synctest.Test(t, func(t *testing.T) {
			client, end := net.Pipe()
			defer client.Close()
			l := oneConnection{connections: make(chan net.Conn, 1)}
			l.connections <- end
			server, began := &http.Server{Handler: door}, time.Now()
			left := make(chan time.Duration, 1)
			server.ConnState = func(_ net.Conn, s http.ConnState) {
				if s == http.StateClosed {
					left <- time.Since(began)
				}
			}
			go func() { _ = server.Serve(l) }()
			if _, err := io.WriteString(client, request); err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(request, "POST") { // this one reads
				go func() { _, _ = io.Copy(io.Discard, client) }()
			}
			select {
			case after := <-left:
				if after < wait || after > wait+time.Second {
					t.Errorf("%.14s…: let go after %s, want %s", request, after, wait)
				}
			case <-time.After(time.Hour):
				t.Errorf("%.14s…: still waited for after an hour", request)
			}
			close(l.connections)
		})
	}
}

// A path is looked up as it is: what leads elsewhere in other servers leads nowhere.
func TestPathTricksLeadNowhere(t *testing.T) {
	s := serve(t, built())
	for _, path := range []string{
		"/../agen", "/agen/../qa", "/./agen", "//agen", "/agen/", "/agen//", "/assets/", "/assets", "/%2e%2e/agen", "/%61gen", "/agen%00", "/%00",
		"/assets/..%2findex.html", "/assets/%2e%2e/index.html", "/index.html", "/.gitkeep", "/.vite/manifest.json", "/dist/index.html", `/..\agen`, "/..%5cagen",
		"/AGEN", "//v1/agents", "/x/../v1/agents", "/%76%31/agents", "/v1", "/V1/agents", "/pages.go", "/unbuilt.html",
		"/supervisor/", "/supervisor//", "/supervisor/a/b", "/supervisor/..", "/supervisor/a.b", "/supervisor/%61", "/supervisor/a%2fb", "/admin/a/b/c", "/agen/x", "/masuk/x",
		"/supervisor/" + strings.Repeat("a", 65), "/supervisor/a%20b", "/nowhere/x",
	} {
		if status, body := raw(t, s, path); status != "404" && status != "400" || strings.Contains(body, "api ") && !strings.Contains(path, "v1") {
			t.Errorf("%s: status %s, %q", path, status, body)
		}
	}
}

// raw sends a path as it stands: a client of ours would clean it.
func raw(t *testing.T, s *httptest.Server, path string) (status, answer string) {
	t.Helper()
	var dialer net.Dialer
	connection, err := dialer.DialContext(t.Context(), "tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if _, err := io.WriteString(connection, "GET "+path+" HTTP/1.1\r\nHost: sambung\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(connection)
	if err != nil || len(data) < 12 {
		t.Fatalf("%s: %q, %v", path, data, err)
	}
	return string(data[9:12]), string(data)
}
