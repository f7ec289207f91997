package tone_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"sambung/telephony/softphone/g711"
	"sambung/telephony/softphone/tone"
)

func TestSamplesAndDuration(t *testing.T) {
	for d, n := range map[time.Duration]int{
		0: 0, 20 * time.Millisecond: 160, 50 * time.Millisecond: 400, time.Hour: 28_800_000,
		-20 * time.Millisecond: -160, 62 * time.Microsecond: 0, 63 * time.Microsecond: 1,
	} {
		if got := tone.Samples(d); got != n {
			t.Errorf("Samples(%v) = %d, want %d", d, got, n)
		}
	}
	if got := tone.Duration(400); got != 50*time.Millisecond {
		t.Errorf("Duration(400) = %v, want 50ms", got)
	}
}

func TestLevelAndPowerOfASine(t *testing.T) {
	for _, dbfs := range []float64{0, -12, -40} {
		sine := tone.Record(tone.Sine(440, dbfs), time.Second)
		near(t, "level", tone.Level(sine), dbfs, 0.1)
		near(t, "power at 440 Hz", tone.Power(sine, 440), dbfs, 0.1)
		if got := tone.Power(sine, 880); got > dbfs-50 {
			t.Errorf("a pure 440 Hz at %v dBFS shows %.1f dBFS at 880 Hz", dbfs, got)
		}
	}
}

func TestPowerFindsEachOfTwoTones(t *testing.T) {
	both := tone.Record(tone.Mix(tone.Sine(440, -12), tone.Sine(880, -30)), time.Second)
	near(t, "440 Hz", tone.Power(both, 440), -12, 0.1)
	near(t, "880 Hz", tone.Power(both, 880), -30, 0.1)
	near(t, "separation", tone.Separation(both, 440, 880), 18, 0.2)
}

// The acceptance of a recording asks for 40 dB between the tracks' tones; G.711
// itself must leave room for it, at any cut.
func TestSeparationSurvivesG711(t *testing.T) {
	for _, codec := range []g711.Codec{g711.PCMU, g711.PCMA} {
		for _, cut := range []int{0, 7, 123} {
			sine := tone.Record(tone.Sine(440, -12), 500*time.Millisecond)[cut:]
			line := make([]byte, len(sine))
			codec.Encode(line, sine)
			if got := tone.Separation(codec.Decode(nil, line), 440, 880); got < 50 {
				t.Errorf("%s, cut at %d: 440 Hz is only %.1f dB above 880 Hz", codec.Name(), cut, got)
			}
		}
	}
}

func TestSineIsContinuousAndStaysPure(t *testing.T) {
	sine := tone.Sine(443.7, -6)
	whole := tone.Record(sine, 3*time.Second)
	for at := 0; at < len(whole); at += 160 {
		frame := make([]int16, 160)
		if sine.Fill(frame, at); !slices.Equal(frame, whole[at:at+160]) {
			t.Fatalf("the frame at %d differs from the same samples of the whole", at)
		}
	}
	late := make([]int16, 8000)
	sine.Fill(late, 10*3600*tone.SampleRate)
	near(t, "power after ten hours", tone.Power(late, 443.7), -6, 0.1)
}

func TestSilenceAndWhatIsBeforeTheBeginning(t *testing.T) {
	if got := tone.Level(tone.Record(tone.Silence(), time.Second)); got != tone.Floor {
		t.Errorf("silence has level %v", got)
	}
	before := []int16{1, 1, 1, 1}
	tone.Clip([]int16{7, 8}).Fill(before, -2)
	if want := []int16{0, 0, 7, 8}; !slices.Equal(before, want) {
		t.Errorf("a clip from -2 gives %v, want %v", before, want)
	}
	after := make([]int16, 4)
	tone.Clip([]int16{7, 8}).Fill(after, 1)
	if want := []int16{8, 0, 0, 0}; !slices.Equal(after, want) {
		t.Errorf("a clip from 1 gives %v, want %v", after, want)
	}
	tone.Loop([]int16{7, 8}).Fill(after, 1)
	if want := []int16{8, 7, 8, 7}; !slices.Equal(after, want) {
		t.Errorf("a loop from 1 gives %v, want %v", after, want)
	}
}

func TestMixLimits(t *testing.T) {
	loud := tone.Clip([]int16{30000, -30000})
	got := make([]int16, 2)
	tone.Mix(loud, loud).Fill(got, 0)
	if want := []int16{math.MaxInt16, math.MinInt16}; !slices.Equal(got, want) {
		t.Errorf("mix = %v, want %v", got, want)
	}
}

func TestClickIsFoundToTheSample(t *testing.T) {
	for _, offset := range []time.Duration{0, 125 * time.Microsecond, 50 * time.Millisecond, 1234 * time.Millisecond} {
		click := tone.Record(tone.Click(offset), 2*time.Second)
		line := make([]byte, len(click))
		g711.PCMA.Encode(line, click)
		heard := g711.PCMA.Decode(nil, line)
		if got := tone.ClickOnset(heard); got != tone.Samples(offset) {
			t.Errorf("click at %v found at sample %d, want %d", offset, got, tone.Samples(offset))
		}
	}
}

func TestClickStandsOutOfAQuietTone(t *testing.T) {
	signal := tone.Record(tone.Mix(tone.Sine(440, -40), tone.Click(300*time.Millisecond)), time.Second)
	if got := tone.ClickOnset(signal); got != 2400 {
		t.Errorf("click found at %d, want 2400", got)
	}
}

func TestNoClickWhereThereIsNone(t *testing.T) {
	swelling := tone.Func(func(at int) int16 { return int16(min(at, 20000) * (1 - 2*(at/10%2))) })
	for name, s := range map[string]tone.Source{"silence": tone.Silence(), "swelling": swelling} {
		if got := tone.ClickOnset(tone.Record(s, time.Second)); got != -1 {
			t.Errorf("%s: click found at %d", name, got)
		}
	}
}

func TestFirstAndLastSound(t *testing.T) {
	samples := make([]int16, 1000)
	samples[100], samples[400], samples[900] = 20, -3000, 20
	if got := tone.FirstSound(samples, -40); got != 400 {
		t.Errorf("first sound at %d, want 400", got)
	}
	if got := tone.LastSound(samples, -40); got != 400 {
		t.Errorf("last sound at %d, want 400", got)
	}
	if tone.FirstSound(samples, -1) != -1 || tone.LastSound(nil, -40) != -1 {
		t.Error("a sound was found where there is none")
	}
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within {
		t.Errorf("%s is %.2f dB, want %.2f", what, got, want)
	}
}
