package doctor_test

import (
	"crypto/x509"
	"encoding/binary"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"sambung/configs"
	"sambung/daemon/doctor"
	"sambung/internal/realservers"
	"sambung/queue"
)

// browsers is an installation whose agent-1 has a telephone in a browser, and agent-2
// one on the desk. It has no archive.
type browsers struct {
	*installation
	proxy   *httptest.Server // TLS before Asterisk
	secrets string
	options doctor.Options
}

func installBrowsers(t *testing.T) *browsers {
	t.Helper()
	b := &browsers{installation: &installation{}, secrets: t.TempDir()}
	b.redis, b.minio = realservers.Redis(t), &realservers.MinIOServer{Endpoint: "127.0.0.1:1", AccessKey: "key", SecretKey: "the-secret-key"}
	b.asterisk = realservers.Asterisk(t, realservers.AsteriskOptions{Agents: 2, Browsers: 1})
	b.proxy = httptest.NewTLSServer(b.forward(t, func(*http.Request) {}))
	t.Cleanup(b.proxy.Close)
	b.options.Authorities = trusting(b.proxy.Certificate())
	b.config = b.configure(t)
	b.config.API = configs.API{Listen: "127.0.0.1:8717", Plaintext: true}
	b.config.Switches[0].Browser = configs.Browser{
		URL: secure(b.proxy.URL) + "/ws", Domain: "pbx.example.go.id", SecretsDir: b.secrets, ICEServers: []string{"stun:" + stun(t, true)},
	}
	b.write(t, "agent-1", b.asterisk.Agents[0].Password, 0o600)
	b.queue = openQueue(t, b.config)
	b.hire(t, "agent-1", "pbx1")
	return b
}

func trusting(c *x509.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(c)
	return pool
}

// secure is an address of HTTP as one of WebSockets.
func secure(address string) string { return strings.Replace(address, "http", "ws", 1) }

// forward is what a proxy before Asterisk does, but for a change.
func (b *browsers) forward(t *testing.T, change func(*http.Request)) http.Handler {
	t.Helper()
	target, err := url.Parse(strings.TrimSuffix(b.asterisk.ARIURL, "/ari"))
	must(t, err)
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		change(r.Out)
	}}
}

// write puts a password where the pages have it, for one test.
func (b *browsers) write(t *testing.T, endpoint, password string, mode os.FileMode) {
	t.Helper()
	path := filepath.Join(b.secrets, endpoint)
	before, err := os.ReadFile(path)
	must(t, os.WriteFile(path, []byte(password+"\n"), 0o600))
	must(t, os.Chmod(path, mode))
	t.Cleanup(func() {
		if err != nil {
			must(t, os.Remove(path))
			return
		}
		must(t, os.WriteFile(path, before, 0o600))
		must(t, os.Chmod(path, 0o600))
	})
}

// stun is a server that answers binding requests, or none.
func stun(t *testing.T, answers bool) string {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { server.Close() })
	go func() {
		packet := make([]byte, 1500)
		for {
			n, from, err := server.ReadFrom(packet)
			if err != nil {
				return
			}
			if answers && n >= 20 {
				binary.BigEndian.PutUint16(packet, 0x0101)
				_, _ = server.WriteTo(packet[:n], from) // missing, it is missed
			}
		}
	}()
	return server.LocalAddr().String()
}

// about picks the findings that are about browsers.
func about(findings []doctor.Finding) (picked []doctor.Finding) {
	for _, f := range findings {
		if strings.HasPrefix(f.Subject, "browser ") || f.Subject == "pages" {
			picked = append(picked, f)
		}
	}
	return picked
}

func TestDoctorOfBrowsers(t *testing.T) {
	t.Parallel()
	b := installBrowsers(t)
	t.Run("healthy", b.healthy)
	for _, c := range append(b.brokenAddresses(), b.brokenEndpoints()...) {
		t.Run(c.name, func(t *testing.T) {
			config, o := b.config, b.options
			config.Switches = append([]configs.Switch{}, b.config.Switches...)
			c.harm(t, b.installation, &config, &o)
			c.judge(t, about(examine(t, config, o)))
		})
	}
	t.Run("warnings", b.warnings)
	t.Run("healthy again", b.healthy)
}

func (b *browsers) healthy(t *testing.T) {
	said := ""
	for _, f := range about(examine(t, b.config, b.options)) {
		said += f.What + "\n"
		if f.Severity == doctor.Fault || strings.Contains(f.What, "not examined") {
			t.Errorf("%s: %s", f.Subject, f.What)
		}
	}
	for _, want := range []string{"the WebSocket opens, and SIP is answered", "the certificate holds until", "it may register from a browser", "the STUN server 127.0.0.1:", "a proxy does TLS"} {
		if !strings.Contains(said, want) {
			t.Errorf("nothing is said of: %s", want)
		}
	}
	if registered := b.asterisk.CLI("pjsip show contacts"); strings.Contains(registered, "agent-1") {
		t.Errorf("the doctor registered itself: %s", registered)
	}
}

// brokenAddresses are faults of the way to the switch.
func (b *browsers) brokenAddresses() []broken {
	at := func(address func(t *testing.T) string, what, remedy string) func(name string) broken {
		return func(name string) broken {
			return broken{name, func(t *testing.T, _ *installation, c *configs.Config, o *doctor.Options) {
				c.Switches[0].Browser.URL = address(t)
				o.Timeout = 6 * time.Second // for what never answers; all else has to be done by then
			}, "browser pbx1", what, remedy}
		}
	}
	always := func(address string) func(*testing.T) string { return func(*testing.T) string { return address } }
	behind := func(handler http.Handler) func(t *testing.T) string {
		return func(t *testing.T) string { return secure(serve(t, handler)) + "/ws" }
	}
	now := time.Now()
	return []broken{
		at(always("wss://127.0.0.1:1/ws"), "no telephone in a browser reaches wss://127.0.0.1:1/ws", "start the TLS proxy")("nobody listens"),
		at(always(secure(b.proxy.URL)+"/wrong"), "there is no WebSocket at", "correct the path in browser.url")("wrong path"),
		at(behind(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })), "does not reach Asterisk", "its upstream is the address of http.conf")("Asterisk away"),
		at(func(t *testing.T) string {
			return behind(b.forward(t, func(r *http.Request) { r.Header.Del("Upgrade"); r.Header.Del("Connection") }))(t)
		}, "opens no WebSocket", "have the proxy pass Upgrade and Connection on")("proxy without Upgrade"),
		at(behind(sockets()), "SIP is not spoken over it", "correct browser.url")("another WebSocket"),
		at(behind(sockets("sip")), "no SIP is answered over it", "load res_http_websocket.so")("a WebSocket that says nothing"),
		at(always(strings.Replace(secure(b.proxy.URL), "127.0.0.1", "localhost", 1)+"/ws"), "the certificate is not for localhost", "let it name localhost")("certificate of another host"),
		b.certificate("certificate ran out", now.AddDate(0, -3, 0), now.Add(-time.Hour), "the certificate ran out", "renew it at the TLS proxy"),
		b.certificate("certificate of tomorrow", now.AddDate(0, 0, 1), now.AddDate(0, 3, 0), "the certificate holds from", "whether the clock is right"),
		{"certificate of nobody", func(_ *testing.T, _ *installation, _ *configs.Config, o *doctor.Options) {
			o.Authorities = x509.NewCertPool()
		}, "browser pbx1", "nobody here trusts who issued the certificate", "one of an authority that the browsers trust"},
	}
}

func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL
}

// sockets accepts WebSockets of some subprotocols, and says nothing over them.
func sockets(subprotocols ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: subprotocols, InsecureSkipVerify: true})
		if err != nil {
			return
		}
		defer conn.CloseNow()
		for {
			if _, _, err := conn.Read(r.Context()); err != nil {
				return
			}
		}
	})
}

// certificate has the proxy show one that holds for a while.
func (b *browsers) certificate(name string, from, until time.Time, what, remedy string) broken {
	return broken{name, func(t *testing.T, _ *installation, c *configs.Config, o *doctor.Options) {
		c.Switches[0].Browser.URL, o.Authorities = b.showing(t, from, until)
	}, "browser pbx1", what, remedy}
}

// brokenEndpoints are faults of the endpoints' passwords and settings, and of the pages.
func (b *browsers) brokenEndpoints() []broken {
	desk := b.asterisk.Agents[1]
	return []broken{
		{"wrong SIP password", func(t *testing.T, _ *installation, _ *configs.Config, _ *doctor.Options) {
			b.write(t, "agent-1", "another-password", 0o600)
		}, "browser agent-1", "the switch refuses its password", "have the password of [agent-1-auth]"},
		{"password for everybody", func(t *testing.T, _ *installation, _ *configs.Config, _ *doctor.Options) {
			b.write(t, "agent-1", b.asterisk.Agents[0].Password, 0o644)
		}, "browser agent-1", "its password cannot be read", "chmod 0640"},
		{"endpoint of a desk phone", func(t *testing.T, _ *installation, _ *configs.Config, _ *doctor.Options) {
			b.write(t, "agent-2", desk.Password, 0o600)
		}, "browser agent-2", "the endpoint is not a browser's", "[agent-2](agent-endpoint,browser-endpoint)"},
		{"no such endpoint", func(t *testing.T, _ *installation, _ *configs.Config, _ *doctor.Options) {
			b.write(t, "agent-9", "a-password-of-nobody", 0o600)
		}, "browser agent-9", "the switch has no endpoint agent-9", "add [agent-9]"},
		{"folder of passwords gone", func(t *testing.T, _ *installation, c *configs.Config, _ *doctor.Options) {
			c.Switches[0].Browser.SecretsDir = filepath.Join(t.TempDir(), "none")
		}, "browser pbx1", "cannot be listed", "read the folder"},
		{"pages' certificate ran out", func(t *testing.T, _ *installation, c *configs.Config, _ *doctor.Options) {
			c.API.CertFile, c.API.KeyFile = certificateFiles(t, time.Now().AddDate(0, -3, 0), time.Now().Add(-time.Hour))
		}, "pages", "the certificate ran out", "restart the daemon"},
		{"pages' key is another's", func(t *testing.T, _ *installation, c *configs.Config, _ *doctor.Options) {
			c.API.CertFile, _ = certificateFiles(t, time.Now(), time.Now().AddDate(1, 0, 0))
			_, c.API.KeyFile = certificateFiles(t, time.Now(), time.Now().AddDate(1, 0, 0))
		}, "pages", "the daemon's certificate cannot be used", "api.cert_file and api.key_file"},
	}
}

// warnings: what works still, or only where nobody is yet.
func (b *browsers) warnings(t *testing.T) {
	c, o := b.config, b.options
	c.Switches = append([]configs.Switch{}, b.config.Switches...)
	browser := &c.Switches[0].Browser
	browser.URL, o.Authorities = b.showing(t, time.Now().AddDate(0, -3, 0), time.Now().Add(73*time.Hour))
	browser.ICEServers = []string{"stun:" + stun(t, false)}
	browser.SecretsDir = t.TempDir()
	c.API.Plaintext = false
	must(t, b.queue.PutAgent(t.Context(), queue.Agent{ID: "agent-2", Endpoint: "PJSIP/agent-2", Switch: "pbx1", Presence: queue.PresenceOffline, Since: time.Now()}))
	b.dismiss(t, "agent-2")
	warned := ""
	for _, f := range about(examine(t, c, o)) {
		if f.Severity == doctor.Fault {
			t.Errorf("%s: %s", f.Subject, f.What)
		}
		if f.Severity == doctor.Warning {
			warned += f.Subject + ": " + f.What + "\n"
		}
	}
	for _, want := range []string{
		"browser pbx1: the certificate holds until", "for 3 days more", "does not answer this machine", "no endpoint has a password for a browser",
		"browser agent-1: the endpoint is a browser's, and the pages have no password", "pages: telephones in browsers are configured, and the daemon has neither TLS nor a proxy",
	} {
		if !strings.Contains(warned, want) {
			t.Errorf("no warning %q in\n%s", want, warned)
		}
	}
	if strings.Contains(warned, "browser agent-2") {
		t.Errorf("a desk phone is warned of:\n%s", warned)
	}
}
