package recording_test

import (
	"bytes"
	"math"
	"slices"
	"testing"
	"time"

	"sambung/storage/recording"
)

func TestLevels(t *testing.T) {
	quiet := make([]int16, rate)
	for i := range quiet {
		quiet[i] = int16(8 - 16*(i%2)) // a dead A-law line
	}
	loudest := []int16{-32768, 0, 32767, 0}
	b, _, _, info := compose(t, source(quiet, 0), source(tone(880, rate), 0), recording.Span{})
	agent, taxpayer := info.Tracks[recording.Agent].Whole, info.Tracks[recording.Taxpayer].Whole
	if agent.Peak != 8 || agent.RMS != 8 || !agent.Silent() {
		t.Errorf("dead line: %+v", agent)
	}
	if taxpayer.Peak < 8100 || taxpayer.Peak > 8192 || math.Abs(taxpayer.RMS-8192/math.Sqrt2) > 5 || taxpayer.Silent() {
		t.Errorf("tone: %+v", taxpayer)
	}
	measured, err := recording.Measure(t.Context(), bytes.NewReader(b), int64(len(b)), recording.Span{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(measured.Tracks, info.Tracks) || measured.SHA256 != info.SHA256 || measured.Size != info.Size || measured.Frames != info.Frames {
		t.Errorf("measured %+v\ncomposed %+v", measured, info)
	}
	_, _, _, info = compose(t, source(loudest, 0), source([]int16{9}, 0), recording.Span{})
	if p := info.Tracks[recording.Agent].Whole.Peak; p != 32768 {
		t.Errorf("the peak of the loudest sample is %d", p)
	}
	if info.Tracks[recording.Taxpayer].Whole.Silent() {
		t.Error("a sample of 9 is silent")
	}
}

// What the taxpayer's side sends before the answer is the network's ringing.
func TestTalkLevels(t *testing.T) {
	ringing := slices.Concat(tone(425, rate), make([]int16, rate))
	talk := recording.Span{From: time.Second, To: 2 * time.Second}
	b, _, _, info := compose(t, source(tone(440, 2*rate), 0), source(ringing, 0), talk)
	if tr := info.Tracks[recording.Taxpayer]; tr.Whole.Silent() || !tr.Talk.Silent() {
		t.Errorf("ringing, then nothing: %+v", tr)
	}
	measured, err := recording.Measure(t.Context(), bytes.NewReader(b), int64(len(b)), talk)
	if err != nil || !slices.Equal(measured.Tracks, info.Tracks) {
		t.Errorf("measured %+v, %v; composed %+v", measured, err, info)
	}
}

func TestVerify(t *testing.T) {
	voice, dead := tone(440, 10*rate), make([]int16, 10*rate)
	all := recording.Span{To: 10 * time.Second}
	for _, c := range []struct {
		name            string
		agent, taxpayer recording.Source
		talk            recording.Span
		expect          recording.Expectation
		want            string
	}{
		{"good", source(voice, 0), source(voice, 0), all, recording.Expectation{Talk: 10 * time.Second}, ""},
		{"within the tolerance", source(voice, 0), source(voice, 0), all, recording.Expectation{Talk: 10500 * time.Millisecond}, ""},
		{"too short", source(voice, 0), source(voice, 0), recording.Span{}, recording.Expectation{Talk: 10501 * time.Millisecond},
			"the recording holds 10s of a talk of 10.501s"},
		{"own tolerance", source(voice, 0), source(voice, 0), recording.Span{}, recording.Expectation{Talk: 10501 * time.Millisecond, Tolerance: time.Second}, ""},
		{"one track broke off", source(voice, 0), source(voice[:7*rate], 0), all, recording.Expectation{Talk: 10 * time.Second},
			"the taxpayer track holds 7s of a talk of 10s"},
		{"one track began late", source(voice, 3*time.Second), source(voice, 0), all, recording.Expectation{Talk: 10 * time.Second},
			"the agent track holds 7s of a talk of 10s"},
		{"silent", source(voice, 0), source(dead, 0), all, recording.Expectation{Talk: 10 * time.Second},
			"the taxpayer track is silent throughout"},
		{"both silent", source(dead, 0), source(dead, 0), all, recording.Expectation{Talk: 10 * time.Second},
			"the agent track is silent throughout; the taxpayer track is silent throughout"},
		{"a track missing", source(voice, 0), recording.Source{}, all, recording.Expectation{Talk: 10 * time.Second},
			"the taxpayer track holds 0s of a talk of 10s; the taxpayer track is silent throughout"},
		{"nothing", source(nil, 0), source(nil, 0), all, recording.Expectation{Talk: 10 * time.Second}, "the recording is empty"},
		{"nothing, no talk", recording.Source{}, recording.Source{}, recording.Span{}, recording.Expectation{}, "the recording is empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, _, info := compose(t, c.agent, c.taxpayer, c.talk)
			if got := recording.Describe(recording.Verify(info, c.expect)); got != c.want {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

func TestVerifyOneChannel(t *testing.T) {
	b := file(make([]int16, rate))
	info, err := recording.Measure(t.Context(), bytes.NewReader(b), int64(len(b)), recording.Span{})
	if err != nil {
		t.Fatal(err)
	}
	got := recording.Verify(info, recording.Expectation{Talk: time.Minute})
	want := []recording.Finding{
		{Fault: recording.FaultTooShort, Want: time.Minute, Got: time.Second},
		{Fault: recording.FaultSilent, Track: "only"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("found %+v, want %+v", got, want)
	}
}
