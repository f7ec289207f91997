package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"sambung/queue"
	"sambung/telephony/softphone/wav"
)

// TestDemo runs the demonstration as a newcomer does who has Go and nothing
// else, and holds every object it prints against the files in its folder.
func TestDemo(t *testing.T) {
	const count = 20
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "demo", "--exit", "--json", "--count", "20", "--dir", dir)
	cmd.Env = []string{childEnv + "=sambung", "HOME=" + dir, "PATH=" + t.TempDir()} // no redis-server
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v:\n%s", err, stderr.String())
	}
	if !strings.Contains(stderr.String(), "it is gone when this ends") || !strings.Contains(stderr.String(), "always open, and retries take seconds") {
		t.Errorf("it does not say what is not as in an office:\n%.600s", stderr.String())
	}
	lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
	if len(lines) != count {
		t.Fatalf("%d objects, want %d", len(lines), count)
	}
	routes, outcomes := make(map[queue.Route]int), make(map[queue.Outcome]int)
	files := wavsBySHA256(t, dir)
	for _, line := range lines {
		r := demoObject(t, line)
		routes[r.Route]++
		outcomes[r.Outcome]++
		if r.State != queue.StatusClosed && r.State != queue.StatusHandedBack {
			t.Errorf("%s is %s: not settled", r.Ticket, r.State)
		}
		if r.Attempts < 1 || len(r.Activities) < r.Attempts || r.Deadline.IsZero() {
			t.Errorf("%s: %d attempts, %d activities, deadline %s", r.Ticket, r.Attempts, len(r.Activities), r.Deadline)
		}
		if err := queue.VerifyChain(r.Activities); err != nil {
			t.Errorf("%s: %v", r.Ticket, err)
		}
		if r.Outcome != queue.OutcomeDelivered {
			continue
		}
		if r.Recording == nil || !r.MetDeadline {
			t.Errorf("%s was delivered: recording %v, in time %v", r.Ticket, r.Recording, r.MetDeadline)
			continue
		}
		r.Recording.playable(t, files)
	}
	if len(routes) != len(queue.Routes()) || outcomes[queue.OutcomeDelivered] == 0 {
		t.Errorf("routes %v, outcomes %v", routes, outcomes)
	}
}

// demoObject reads one object; all its fields must be there.
func demoObject(t *testing.T, line string) (r demoResult) {
	t.Helper()
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(line), &fields); err != nil {
		t.Fatalf("%v in %.200s", err, line)
	}
	for _, name := range []string{"id", "ticket", "route", "state", "outcome", "attempts", "deadline", "met_deadline", "recording", "activities"} {
		if _, ok := fields[name]; !ok {
			t.Errorf("an object lacks %s: %.200s", name, line)
		}
	}
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		t.Fatalf("%v in %.200s", err, line)
	}
	return r
}

// playable checks that the file of that hash is there, has both voices, and is
// as long as it is said to be.
func (r demoRecording) playable(t *testing.T, files map[string][]byte) {
	t.Helper()
	file, ok := files[r.SHA256]
	if !ok {
		t.Errorf("no file in the folder has the SHA-256 of %s", r.Key)
		return
	}
	sound, err := wav.Read(bytes.NewReader(file))
	if err != nil {
		t.Errorf("%s: %v", r.Key, err)
		return
	}
	if sound.Channels != 2 || r.Channels != 2 {
		t.Errorf("%s has %d channels, and is said to have %d", r.Key, sound.Channels, r.Channels)
		return
	}
	if seconds := float64(len(sound.Channel(0))) / float64(sound.Rate); seconds < 5 || seconds-r.Seconds > 0.01 || r.Seconds-seconds > 0.01 {
		t.Errorf("%s lasts %.3f s, and is said to last %.3f s", r.Key, seconds, r.Seconds)
	}
	for channel := range 2 {
		if loudest := slices.Max(sound.Channel(channel)); loudest < 1000 {
			t.Errorf("%s: nobody is heard on channel %d", r.Key, channel)
		}
	}
}

func wavsBySHA256(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := make(map[string][]byte)
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".wav" {
			return err
		}
		file, err := os.ReadFile(path)
		sum := sha256.Sum256(file)
		files[hex.EncodeToString(sum[:])] = file
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestCtrlCEndsADemonstrationWell, in the middle of talks: they are drained.
func TestCtrlCEndsADemonstrationWell(t *testing.T) {
	p := start(t, "sambung", "demo", "--count", "5", "--dir", t.TempDir())
	p.until("taxpayer_answered")
	p.signal(syscall.SIGINT)
	if status := p.ended(); status.ExitCode() != exitDone {
		for line := range p.lines {
			t.Log(line)
		}
		t.Errorf("it ended as %s", status)
	}
}
