package everypage_test

import (
	"bytes"
	"os"
	"testing"
	"time"

	"sambung/telephony/softphone/wav"
)

// conversation is a recording of two tracks, the agent's on the left, the
// taxpayer's on the right, in which the recording was paused for a while.
type conversation struct {
	file                   []byte // WAV
	paused, resumed, lasts time.Duration
}

// pause is how long the recording is paused.
const pause = 30 * time.Second

const voiceRate = 8000

// converse lets the voices of the demonstration talk.
func converse(t testing.TB) conversation {
	t.Helper()
	var c conversation
	sound := wav.Sound{Rate: voiceRate, Channels: 2}
	length := func() time.Duration { return time.Duration(len(sound.Samples)/2) * time.Second / voiceRate }
	say := func(voice string, track int) {
		for _, sample := range voiceOf(t, voice) {
			frame := [2]int16{}
			frame[track] = sample
			sound.Samples = append(sound.Samples, frame[:]...)
		}
	}
	say("taxpayer-hello", 1)
	say("agent-answer", 0)
	c.paused = length()
	sound.Samples = append(sound.Samples, make([]int16, 2*voiceRate*int(pause/time.Second))...)
	c.resumed = length()
	say("taxpayer-thanks", 1)
	c.lasts = length()
	var file bytes.Buffer
	if err := wav.Write(&file, sound); err != nil {
		t.Fatal(err)
	}
	c.file = file.Bytes()
	return c
}

func voiceOf(t testing.TB, name string) []int16 {
	t.Helper()
	file, err := os.ReadFile("../../daemon/demo/voices/" + name + ".wav")
	if err != nil {
		t.Fatal(err)
	}
	said, err := wav.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	if said.Rate != voiceRate || said.Channels != 1 {
		t.Fatalf("%s has %d channels at %d Hz", name, said.Channels, said.Rate)
	}
	return said.Samples
}
