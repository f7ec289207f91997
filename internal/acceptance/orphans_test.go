package acceptance_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"sambung/daemon"
	"sambung/internal/checker"
	"sambung/internal/faultproxy"
	"sambung/telephony/ari"
)

// TestOrphans plants one of everything that can be left over, at the switch and
// in the spool, while no daemon runs; and a channel of nobody's while one does,
// before its events are cut. All of it is settled as docs/reconciliation.md says.
func TestOrphans(t *testing.T) {
	s := newSite(t, 1)
	proxy := faultproxy.Start(t, strings.TrimSuffix(strings.TrimPrefix(s.asterisk.ARIURL, "http://"), "/ari"))
	s.config.Switches[0].URL = "http://" + proxy.Addr + "/ari"
	q := s.ledger()
	o := openOffice(t, s, q)
	s.person(number(1), talks(2*time.Second))
	o.script("T-1", keypad("1"))
	s.addAgent(q, 0)
	_, stop := s.runTold()
	known := s.enqueue(q, "T-1", number(1), -1)
	s.settledAll(q, 40*time.Second, known)
	stop()

	stranger := ulid.Make().String()
	archived, unknown := string(known)+"-1", stranger+"-1"
	s.plantFile(filepath.Join(s.asterisk.RecordingDir, archived+"-agent.wav"))
	s.plantFile(filepath.Join(s.asterisk.RecordingDir, unknown+"-taxpayer.wav"))
	s.plantFile(filepath.Join(s.config.Spool.Dir, archived+".wav"))
	s.plantFile(filepath.Join(s.config.Spool.Dir, unknown+".wav"))
	const trial = "recording-trial-cutoff"
	s.plantChannelsAlone(unknown+"-agent", trial)

	app, stop := s.runTold()
	s.gone(unknown + "-agent")
	s.gone(trial)
	kept := []string{unknown + "-taxpayer.wav", unknown + ".wav"}
	eventually(t, 20*time.Second, "what is safe elsewhere is removed, what nobody knows is kept", func() bool {
		return slices.Equal(append(wavs(t, s.asterisk.RecordingDir), wavs(t, s.config.Spool.Dir)...), kept)
	})
	s.counted(app, "sambung_unexplained_recordings", 2)

	// A late order of an earlier owner's, told of by no event.
	s.plantChannel(ulid.Make().String() + "-1-agent")
	late := ulid.Make().String() + "-7-taxpayer"
	proxy.SetDown(true)
	s.plantChannel(late)
	proxy.SetDown(false)
	s.gone(late)
	stop()
	if len(s.invites()) != 1 {
		t.Errorf("%d taxpayers were rung, want the first", len(s.invites()))
	}
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}

// counted waits for a figure.
func (s *site) counted(app *daemon.App, name string, want float64) {
	s.t.Helper()
	eventually(s.t, 10*time.Second, name, func() bool { return s.figure(app, name) == want })
}

func (s *site) plantFile(path string) {
	s.t.Helper()
	if err := os.WriteFile(path, []byte("RIFF"), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// wavs are the recordings in a folder, sorted.
func wavs(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".wav") {
			names = append(names, e.Name())
		}
	}
	return names
}

func (s *site) ari() *ari.Client {
	s.t.Helper()
	c := s.config.Switches[0]
	client, err := ari.New(ari.Config{URL: s.asterisk.ARIURL, Application: c.Application, User: c.User, Password: c.Password.Reveal()})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(client.Close)
	return client
}

// plantChannel creates a channel that rings nobody, in the daemon's application.
func (s *site) plantChannel(id string) {
	s.t.Helper()
	if _, err := s.ari().CreateChannel(s.t.Context(), ari.CreateChannel{ID: id, Endpoint: "PJSIP/" + s.asterisk.Agents[0].Endpoint}); err != nil {
		s.t.Fatal(err)
	}
}

// plantChannelsAlone is plantChannel while no daemon runs: an application is there
// only once somebody listened to it.
func (s *site) plantChannelsAlone(ids ...string) {
	s.t.Helper()
	stream := ari.NewStream(s.ari(), func(string) string { return "" }, nil, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(s.t.Context())
	var reading sync.WaitGroup
	reading.Go(func() { _ = stream.Run(ctx) })
	defer reading.Wait()
	defer cancel()
	if err := stream.WaitUp(ctx); err != nil {
		s.t.Fatal(err)
	}
	for _, id := range ids {
		s.plantChannel(id)
	}
}

// gone waits until the switch has no such channel.
func (s *site) gone(id string) {
	s.t.Helper()
	client := s.ari()
	eventually(s.t, 20*time.Second, "channel "+id+" is taken down", func() bool {
		_, err := client.Channel(s.t.Context(), id)
		return ari.IsNotFound(err)
	})
}
