package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sambung/daemon/api/apitest"
	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

// A recording that is long on its way is handed in all the same: --timeout is how long the
// daemon may take, not the file.
func TestARecordingMayTakeLongToHandIn(t *testing.T) {
	s := apitest.New(t, nil)
	sup := func(args ...string) result { return sambung(t, s, apitest.TokenSupervisor, args...) }
	sup("agent", "add", "agent-1", "--endpoint", "PJSIP/agent-1", "--switch", apitest.Switch).want(t, exitDone)
	id := string(s.Submit(t, "A", ""))
	s.Advance(10 * time.Minute)
	var sound bytes.Buffer
	if err := wav.Write(&sound, wav.Mono(tone.Record(tone.Sine(440, -10), 3*time.Second))); err != nil {
		t.Fatal(err)
	}
	slow := filepath.Join(t.TempDir(), "talk.wav")
	if err := unix.Mkfifo(slow, 0o600); err != nil {
		t.Fatal(err)
	}
	written := make(chan error, 1)
	go func() {
		file, err := os.OpenFile(slow, os.O_WRONLY, 0)
		for err == nil && sound.Len() > 0 {
			time.Sleep(time.Second) // the disk is slow: six seconds for all of it
			_, err = file.Write(sound.Next(8 << 10))
		}
		if err == nil {
			err = file.Close()
		}
		written <- err
	}()
	answered := apitest.Start.Add(time.Minute).Format(time.RFC3339)
	sup("manual", id, "--timeout", "5s", "--agent", "agent-1", "--answered", answered, "--outcome", "delivered", "--reason", "listrik padam", "--recording", slow).
		want(t, exitDone, "closed")
	if err := <-written; err != nil {
		t.Error(err)
	}
}

func TestAConversationWithoutATimeIsNoConversation(t *testing.T) {
	s := apitest.New(t, nil)
	sambung(t, s, apitest.TokenSupervisor, "manual", "01KBQ3V0G5QZ8M4T7Y2W9E6R1X", "--agent", "agent-1", "--answered", "", "--outcome", "delivered", "--reason", "x", "--alarm", "x").
		want(t, exitUsage, "--answered is empty")
}

func TestMonitorSaysWhatWasDone(t *testing.T) {
	s := apitest.New(t, nil)
	id := s.Submit(t, "A", "")
	s.Talk(t, id, "agent-1")
	s.Commands.Live(id, true)
	spv := func(args ...string) result {
		return sambung(t, s, apitest.TokenSupervisor, append([]string{"monitor", string(id)}, args...)...)
	}
	spv("--stop").want(t, exitNotFound, "you are not in that talk")
	spv("--endpoint", "PJSIP/spv-1").want(t, exitDone, "you are in the talk")
	spv("--stop").want(t, exitDone, "you are out of the talk")
	for state, args := range map[string][]string{"joined": {"--endpoint", "PJSIP/spv-1", "--json"}, "left": {"--stop", "--json"}} {
		if state == "left" {
			spv("--endpoint", "PJSIP/spv-1").want(t, exitDone)
		}
		var said map[string]string
		if spv(args...).want(t, exitDone).json(t, &said); said["monitor"] != state || said["follow_up"] != string(id) {
			t.Errorf("%v: %v", args, said)
		}
	}
}
