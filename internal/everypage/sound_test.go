package everypage_test

import (
	"bytes"
	"os"
	"testing"

	"sambung/telephony/softphone/wav"
)

// conversation is a recording of two tracks, of the voices of the demonstration:
// the agent's on the left, the taxpayer's on the right.
func conversation(t testing.TB) []byte {
	t.Helper()
	sound := wav.Sound{Rate: 8000, Channels: 2}
	for _, part := range []struct {
		voice string
		track int
	}{{"taxpayer-hello", 1}, {"agent-answer", 0}, {"taxpayer-thanks", 1}} {
		file, err := os.ReadFile("../../daemon/demo/voices/" + part.voice + ".wav")
		if err != nil {
			t.Fatal(err)
		}
		said, err := wav.Decode(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, sample := range said.Samples {
			frame := [2]int16{}
			frame[part.track] = sample
			sound.Samples = append(sound.Samples, frame[:]...)
		}
	}
	var file bytes.Buffer
	if err := wav.Write(&file, sound); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}
