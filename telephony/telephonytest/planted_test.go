package telephonytest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// plantedEnv plants one of the differences into the simulator of TestSimulator.
const plantedEnv = "SAMBUNG_PLANTED_DIFFERENCE"

// planted is a way in which a simulator could differ from a real switch.
type planted struct {
	name    string
	scripts string // that must notice it, as a pattern
	// status changes the status of a reply; nil changes none.
	status func(r *http.Request, status int) int
	// events changes the stream: it is given each event, and returns what is
	// sent in its place now; nil changes none.
	events func() func(event []byte) [][]byte
}

func differences() []planted {
	is := func(event []byte, texts ...string) bool {
		for _, text := range texts {
			if !bytes.Contains(event, []byte(text)) {
				return false
			}
		}
		return true
	}
	return []planted{
		{name: "status of an endpoint that cannot be reached", scripts: "AgentIsAway", status: func(r *http.Request, status int) int {
			if strings.HasSuffix(r.URL.Path, "/channels/create") && status == http.StatusInternalServerError {
				return http.StatusNotFound
			}
			return status
		}},
		{name: "status of a recording that is gone", scripts: "FetchAndRemove", status: func(r *http.Request, status int) int {
			if strings.HasSuffix(r.URL.Path, "/file") && status == http.StatusNotFound {
				return http.StatusInternalServerError
			}
			return status
		}},
		{name: "ringing told after the answer", scripts: "Conversation", events: func() func([]byte) [][]byte {
			var held [][]byte
			return func(e []byte) [][]byte {
				switch {
				case is(e, `-taxpayer"`, `"state":"Ringing"`):
					held = append(held, e)
					return nil
				case is(e, `-taxpayer"`, `"state":"Up"`):
					late := append([][]byte{e}, held...)
					held = nil
					return late
				}
				return [][]byte{e}
			}
		}},
		{name: "no end of a playback", scripts: "Conversation", events: func() func([]byte) [][]byte {
			return func(e []byte) [][]byte {
				if is(e, `"type":"PlaybackFinished"`) {
					return nil
				}
				return [][]byte{e}
			}
		}},
		{name: "no SIP status of a failure", scripts: "NetworkSays603", events: func() func([]byte) [][]byte {
			return func(e []byte) [][]byte {
				return [][]byte{bytes.ReplaceAll(e, []byte(`"tech_cause":603`), []byte(`"tech_cause":0`))}
			}
		}},
	}
}

// TestPlantedDifferences: each turns the suite red; without any, the same
// scripts are green. The suite runs in a process of its own.
func TestPlantedDifferences(t *testing.T) {
	t.Parallel()
	suite := func(t *testing.T, scripts, difference string) (output string, passed bool) {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestSimulator$/^("+scripts+")$", "-test.count=1", "-test.timeout=3m")
		cmd.Env = append(os.Environ(), plantedEnv+"="+difference)
		out, err := cmd.CombinedOutput()
		return string(out), err == nil
	}
	for _, d := range differences() {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			if out, passed := suite(t, d.scripts, d.name); passed || !strings.Contains(out, "--- FAIL: TestSimulator/"+d.scripts) {
				t.Errorf("the suite did not notice it:\n%s", out)
			}
		})
	}
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		if out, passed := suite(t, "Conversation|AgentIsAway|FetchAndRemove|NetworkSays603", ""); !passed {
			t.Errorf("without a difference it is red:\n%s", out)
		}
	})
}

// plant stands between a client and the simulator at target and returns the
// address to use in its place: target itself unless a difference is planted.
func plant(t testing.TB, target string) string {
	t.Helper()
	name := os.Getenv(plantedEnv)
	if name == "" {
		return target
	}
	for _, d := range differences() {
		if d.name == name {
			return d.start(t, target)
		}
	}
	t.Fatalf("%s=%q: no such difference", plantedEnv, name)
	return ""
}

func (d planted) start(t testing.TB, target string) string {
	base, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: base.Scheme, Host: base.Host}) },
		ModifyResponse: func(r *http.Response) error {
			if d.status != nil {
				r.StatusCode = d.status(r.Request, r.StatusCode)
			}
			return nil
		},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d.events != nil && strings.HasSuffix(r.URL.Path, "/events") {
			d.stream(w, r, base.Host)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.CloseClientConnections)
	return server.URL + base.Path
}

// stream passes the events on, changed.
func (d planted) stream(w http.ResponseWriter, r *http.Request, host string) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	up, _, err := websocket.Dial(ctx, "ws://"+host+r.URL.RequestURI(), &websocket.DialOptions{HTTPHeader: http.Header{"Authorization": r.Header["Authorization"]}})
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer up.CloseNow()
	down, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer down.CloseNow()
	ctx = down.CloseRead(ctx)
	change := d.events()
	for {
		_, reader, err := up.Reader(ctx)
		if err != nil {
			return
		}
		event, err := io.ReadAll(reader)
		if err != nil {
			return
		}
		for _, e := range change(event) {
			if err := down.Write(ctx, websocket.MessageText, e); err != nil {
				return
			}
		}
	}
}
