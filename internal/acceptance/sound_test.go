package acceptance_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sambung/queue"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

// archived is the recording of one talk as it lies in the archive, with what
// the ledger and the telephones say of that talk. What is measured, is measured
// in the file, by its own marks and by the clocks of the telephones.
type archived struct {
	t               *testing.T
	name            string
	left, right     []int16
	answer, end     time.Duration // the file's marks
	recording       queue.Recording
	filed           queue.Details // of recording_archived
	talk            queue.Call
	agent, taxpayer softphone.CallRecord
	faults          []string // what was found not to be as promised
}

// recordingKey is the form of a recording's key: day, follow-up, attempt.
var recordingKey = regexp.MustCompile(`^recordings/\d{4}/\d\d/\d\d/[0-9A-Z]{26}/1\.wav$`)

// archived fetches the only recording of a follow-up whose talk the i-th agent
// had with that number. It is false if the daemon itself found it wanting.
func (s *site) archived(q queue.Queue, id queue.ID, i int, phone string) (*archived, bool) {
	s.t.Helper()
	st, err := q.State(s.t.Context(), id)
	if err != nil || len(st.Recordings) != 1 {
		s.t.Fatalf("recordings %+v, %v", st.Recordings, err)
	}
	a := &archived{t: s.t, name: st.FollowUp.Ticket, recording: st.Recordings[0], talk: st.Call}
	if a.recording.Status != queue.RecordingVerified {
		a.fault("the recording is %s: %s", a.recording.Status, a.recording.Alarm)
		return a, false
	}
	a.filed = s.only(q, id, queue.KindRecordingArchived)
	if !recordingKey.MatchString(a.recording.Key) || a.recording.Key != a.filed.File {
		s.t.Errorf("key %q, by the activity %q", a.recording.Key, a.filed.File)
	}
	a.read(s)
	for _, r := range s.carrier.Calls() {
		if r.Called == phone {
			a.taxpayer = r
		}
	}
	for _, r := range s.phones[i].Calls() { // the last one before, not a ring-back
		if r.AnsweredAt.Before(a.taxpayer.AnsweredAt) {
			a.agent = r
		}
	}
	if !a.agent.Answered() || !a.taxpayer.Ended() {
		s.t.Fatalf("agent %+v, taxpayer %+v", a.agent, a.taxpayer)
	}
	return a, true
}

// read fetches the file past the daemon.
func (a *archived) read(s *site) {
	a.t.Helper()
	body, _, err := s.bucket().Get(a.t.Context(), a.recording.Key)
	if err != nil {
		a.t.Fatal(err)
	}
	defer body.Close()
	file, err := io.ReadAll(body)
	if err != nil {
		a.t.Fatal(err)
	}
	sound, err := wav.Decode(file)
	if err != nil || sound.Channels != 2 || sound.Rate != tone.SampleRate {
		a.t.Fatalf("%v, %d channels, %d Hz", err, sound.Channels, sound.Rate)
	}
	a.left, a.right = sound.Channel(0), sound.Channel(1)
	marks, err := cuePoints(file)
	if err != nil || len(marks) != 2 || marks[1] <= marks[0] || marks[1] > len(a.left) {
		a.t.Fatalf("marks %v in %d frames, %v", marks, len(a.left), err)
	}
	a.answer, a.end = tone.Duration(marks[0]), tone.Duration(marks[1])
}

// only is what the only activity of a kind says.
func (s *site) only(q queue.Queue, id queue.ID, k queue.Kind) queue.Details {
	s.t.Helper()
	history, err := q.History(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	var found []queue.Details
	for _, a := range history {
		if a.Kind != k {
			continue
		}
		d, err := a.Decode()
		if err != nil {
			s.t.Fatal(err)
		}
		found = append(found, d)
	}
	if len(found) != 1 {
		s.t.Fatalf("%d activities %s, want 1", len(found), k)
	}
	return found[0]
}

// cuePoints are the marks of a WAV file, in frames.
func cuePoints(file []byte) ([]int, error) {
	for at := 12; at+8 <= len(file); {
		id, size := string(file[at:at+4]), int(binary.LittleEndian.Uint32(file[at+4:]))
		at += 8
		if size > len(file)-at {
			return nil, fmt.Errorf("chunk %q of %d bytes, %d are left", id, size, len(file)-at)
		}
		if id == "cue " {
			var points []int
			for p := at + 4; p+24 <= at+size; p += 24 {
				points = append(points, int(binary.LittleEndian.Uint32(file[p+20:])))
			}
			return points, nil
		}
		at += size + size%2
	}
	return nil, nil
}

// place is where a moment of the telephones' clocks lies in the file, the
// taxpayer's answer taken to lie at its mark.
func (a *archived) place(at time.Time) time.Duration { return a.answer + at.Sub(a.taxpayer.AnsweredAt) }

// cut is a stretch of a channel.
func cut(channel []int16, from, to time.Duration) []int16 {
	first := min(max(tone.Samples(from), 0), len(channel))
	return channel[first:min(max(tone.Samples(to), first), len(channel))]
}

// click is how far behind its place a click lies that was said at that moment;
// it is searched for within half.
func (a *archived) click(channel []int16, said time.Time, half time.Duration) (time.Duration, bool) {
	from := max(a.place(said)-half, 0)
	i := tone.ClickOnset(cut(channel, from, a.place(said)+half))
	return from + tone.Duration(i) - a.place(said), i >= 0
}

// fault notes what is not as promised.
func (a *archived) fault(format string, args ...any) {
	a.faults = append(a.faults, a.name+": "+fmt.Sprintf(format, args...))
}

// near checks that a time is what it should be.
func (a *archived) near(what string, got, want, tolerance time.Duration) {
	a.t.Helper()
	say := a.t.Logf
	if (got - want).Abs() > tolerance {
		say = a.fault
	}
	say("%s: %s, want %s ± %s", what, got.Round(100*time.Microsecond), want.Round(100*time.Microsecond), tolerance)
}

// during is what a source says for a while, and silence before and after.
func during(s tone.Source, from, to time.Duration) tone.Source {
	return tone.Delay(tone.Clip(tone.Record(s, to-from)), from)
}

// clicks are n clicks, each that long after the one before.
func clicks(first time.Duration, n int, apart time.Duration) tone.Source {
	all := make([]tone.Source, n)
	for i := range all {
		all[i] = tone.Click(first + time.Duration(i)*apart)
	}
	return tone.Mix(all...)
}

// longestSilence is the longest stretch in which nothing is heard, and where it
// begins.
func longestSilence(samples []int16) (from, length time.Duration) {
	const window = tone.SampleRate / 100 // 10 ms
	begin, longest, at := 0, 0, 0
	for i := 0; i+window <= len(samples); i += window {
		if tone.Level(samples[i:i+window]) >= -45 {
			begin = i + window
		} else if i+window-begin > longest {
			longest, at = i+window-begin, begin
		}
	}
	return tone.Duration(at), tone.Duration(longest)
}

// measured runs a round of calls and reports its faults, unless this process
// stood still meanwhile: then it is another round's turn. The switch puts 20 ms
// of silence where a leg is late, and what it hears then lies later until that
// leg is silent; no measurement of a time can be better than the machine. A
// defect of ours is there in every round.
func measured(t *testing.T, round func(n int) (faults []string)) {
	t.Helper()
	const rounds = 3
	lateness := watchLateness(t)
	for n := 1; ; n++ {
		before := lateness()
		faults := round(n)
		still := lateness() - before
		t.Logf("round %d: this process stood still for %s", n, still)
		if len(faults) == 0 {
			return
		}
		last := still == 0 || n == rounds
		for _, fault := range faults {
			if last {
				t.Error(fault)
			} else {
				t.Log("once more: " + fault)
			}
		}
		if last {
			return
		}
	}
}

// watchLateness measures for how long this process stood still, until the test
// ends.
func watchLateness(t *testing.T) (late func() time.Duration) {
	const tick, least = 5 * time.Millisecond, 15 * time.Millisecond // a packet of sound holds 20 ms
	var total atomic.Int64
	var watching sync.WaitGroup
	stop := make(chan struct{})
	watching.Go(func() {
		ticker := time.NewTicker(tick)
		defer ticker.Stop()
		for last := time.Now(); ; {
			select {
			case <-stop:
				return
			case <-ticker.C:
			}
			now := time.Now()
			if d := now.Sub(last) - tick; d > least {
				total.Add(int64(d))
			}
			last = now
		}
	})
	t.Cleanup(func() { close(stop); watching.Wait() })
	return func() time.Duration { return time.Duration(total.Load()) }
}
