package acceptance_test

import (
	"bytes"
	"encoding/json"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"sambung/internal/browser"
	"sambung/internal/realservers"
	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

// sweepTime is how long the browser's microphone takes for one round of what it says.
const sweepTime = 2 * time.Second

// sweep rises from 400 to 2,400 Hz, so that no stretch of it is like another.
func sweep() []int16 {
	samples := make([]int16, tone.Samples(sweepTime))
	for i := range samples {
		at := float64(i) / tone.SampleRate
		phase := 2 * math.Pi * (400*at + 1000*at*at/sweepTime.Seconds())
		samples[i] = int16(0.3 * math.MaxInt16 * math.Sin(phase))
	}
	return samples
}

// microphone writes what a browser is to say into a file.
func microphone(t *testing.T, samples []int16) string {
	t.Helper()
	var file bytes.Buffer
	if err := wav.Write(&file, wav.Mono(samples)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "microphone.wav")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// telephonePage serves the test's own telephone and returns its address.
func telephonePage(t *testing.T) string {
	t.Helper()
	modules := realservers.ConsoleModules(t)
	source, out := realservers.RepositoryFile(t, "internal", "acceptance", "testdata", "telephone"), t.TempDir()
	if err := os.CopyFS(out, os.DirFS(source)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(out, "node_modules")); err != nil {
		t.Fatal(err)
	}
	bundle := exec.CommandContext(t.Context(), filepath.Join(modules, ".bin", "rolldown"), "telephone.js", "--file", "bundle.js", "--format", "iife", "--platform", "browser")
	bundle.Dir = out
	if said, err := bundle.CombinedOutput(); err != nil {
		t.Fatalf("bundling the telephone: %v\n%s", err, said)
	}
	if err := os.Rename(filepath.Join(out, "bundle.js"), filepath.Join(out, "telephone.js")); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(out)))
	t.Cleanup(server.Close)
	return server.URL
}

// plugInBrowser lets a page register as an agent's telephone.
func (s *site) plugInBrowser(p *browser.Page, i int) {
	s.t.Helper()
	a := s.asterisk.Agents[i]
	account, err := json.Marshal(map[string]string{
		"url": s.asterisk.WebSocketURL, "uri": "sip:" + a.User + "@127.0.0.1", "password": a.Password,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	p.Run("window.plugIn(" + string(account) + ")")
	p.Wait("the telephone is registered", "window.phone.registered")
}

// likeness is how like a stretch of a channel is to a sample, at the place where
// it is the most so: 1 is the same but for its loudness (normalised
// cross-correlation).
func likeness(channel, sample []int16) (best float64) {
	var energy float64
	for _, v := range sample {
		energy += float64(v) * float64(v)
	}
	for at := 0; at+len(sample) <= len(channel); at++ {
		var product, own float64
		for i, v := range sample {
			c := float64(channel[at+i])
			product += float64(v) * c
			own += c * c
		}
		if own > 0 {
			best = max(best, math.Abs(product)/math.Sqrt(own*energy))
		}
	}
	return best
}
