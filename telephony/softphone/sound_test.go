package softphone_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

func TestEachSideHearsTheOther(t *testing.T) {
	t.Parallel()
	callee := answering(t, softphone.Answer().Playing(tone.Sine(880, -12)).HangingUp(1500*time.Millisecond))
	caller := dial(t, callee, softphone.Answer().Playing(tone.Sine(440, -12)))
	over(t, caller)
	arrived := first(t, callee, any1)
	over(t, arrived)

	heardByCallee, heardByCaller := arrived.Heard().Samples, caller.Heard().Samples
	if len(heardByCallee) < tone.SampleRate/2 || len(heardByCaller) < tone.SampleRate/2 {
		t.Fatalf("of a talk of 1.5s the callee heard %d samples, the caller %d", len(heardByCallee), len(heardByCaller))
	}
	if got := tone.Separation(heardByCallee, 440, 880); got < 40 {
		t.Errorf("the callee hears 440 Hz only %.1f dB above 880 Hz", got)
	}
	if got := tone.Separation(heardByCaller, 880, 440); got < 40 {
		t.Errorf("the caller hears 880 Hz only %.1f dB above 440 Hz", got)
	}
	if got := tone.Level(heardByCaller[:tone.SampleRate/4]); got < -12.5 || got > -11.5 {
		t.Errorf("a tone of -12 dBFS is heard at %.1f", got)
	}
	r := arrived.Record()
	if int(r.PacketsReceived) != len(heardByCallee)/160 || r.PacketsSent < uint64(len(heardByCaller)/160) || r.PacketsStray != 0 {
		t.Errorf("%d and %d samples heard, and counted: %+v", len(heardByCallee), len(heardByCaller), r)
	}
}

func TestDigitsByScriptAndByCommand(t *testing.T) {
	t.Parallel()
	callee := answering(t, softphone.Answer().Pressing(100*time.Millisecond, "*1#"))
	caller := dial(t, callee, softphone.Answer())
	arrived := first(t, callee, any1)
	if err := caller.SendDigits(within(t), "90AbCd"); err != nil {
		t.Fatal(err)
	}
	if err := arrived.Wait(within(t), func(r softphone.CallRecord) bool { return r.Digits == "90ABCD" }); err != nil {
		t.Errorf("the callee heard %q: %v", arrived.Record().Digits, err)
	}
	if err := caller.Wait(within(t), func(r softphone.CallRecord) bool { return r.Digits == "*1#" }); err != nil {
		t.Errorf("the caller heard %q: %v", caller.Record().Digits, err)
	}
	if err := caller.SendDigits(within(t), "12x"); !errors.Is(err, softphone.ErrKeys) {
		t.Errorf("x was pressed: %v", err)
	}
}

func TestEarlyMediaThenRingOut(t *testing.T) {
	t.Parallel()
	callee := answering(t, softphone.RingOut().WithEarlyMedia(tone.Sine(425, -12)))
	caller := plug(t, softphone.Config{})
	ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer cancel()
	if _, err := caller.Dial(ctx, callee.URI(), softphone.Answer()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("dial says %v", err)
	}
	c := first(t, caller, softphone.CallRecord.Ended)
	if r := c.Record(); r.EarlyMediaAt.IsZero() || !r.RingingAt.IsZero() || r.Status != 487 {
		t.Errorf("caller: %+v", r)
	}
	if got := tone.Separation(c.Heard().Samples, 425, 880); got < 40 || len(c.Heard().Samples) < 8000/4 {
		t.Errorf("heard %d samples, 425 Hz %.1f dB above 880 Hz", len(c.Heard().Samples), got)
	}
}

func TestClickLiesExactlyAfterTheAnswer(t *testing.T) {
	t.Parallel()
	const offset = 450 * time.Millisecond
	for name, b := range map[string]softphone.Behaviour{
		"at once":           softphone.Answer(),
		"after early media": softphone.AnswerAfter(333 * time.Millisecond).WithEarlyMedia(tone.Sine(425, -40)),
	} {
		callee := answering(t, b.Playing(tone.Click(offset)).HangingUp(1200*time.Millisecond))
		caller := dial(t, callee, softphone.Answer())
		over(t, caller)
		r := over(t, first(t, callee, any1))
		want := tone.Samples(offset)
		if !r.EarlyMediaAt.IsZero() {
			want += tone.Samples(r.AnsweredAt.Sub(r.EarlyMediaAt))
		}
		if got := tone.ClickOnset(caller.Heard().Samples); got < want-1 || got > want+1 {
			t.Errorf("%s: the click is sample %d of what was heard, want %d", name, got, want)
		}
	}
}

func TestAPauseIsSilenceOfTrueLength(t *testing.T) {
	t.Parallel()
	both := tone.Mix(tone.Click(100*time.Millisecond), tone.Click(1500*time.Millisecond))
	callee := answering(t, softphone.Answer().Playing(both).Pausing(300*time.Millisecond, time.Second).HangingUp(2500*time.Millisecond))
	caller := dial(t, callee, softphone.Answer())
	over(t, caller)
	heard := caller.Heard().Samples
	one := tone.ClickOnset(heard)
	if one < 0 {
		t.Fatal("the first click is not there")
	}
	two := tone.ClickOnset(heard[one+100:])
	if distance := two + 100; two < 0 || tone.Duration(distance) != 1400*time.Millisecond {
		t.Errorf("the clicks are %v apart, want 1.4s to the sample", tone.Duration(distance))
	}
	if r := caller.Record(); int(r.PacketsReceived) != len(heard)/160-50 {
		t.Errorf("%d packets for %d samples with a pause of 1s", r.PacketsReceived, len(heard))
	}
}

func TestMuteAndPlay(t *testing.T) {
	t.Parallel()
	callee := answering(t, softphone.Answer().Playing(tone.Sine(440, -12)))
	caller := dial(t, callee, softphone.Answer())
	arrived := first(t, callee, softphone.CallRecord.Answered)
	hears := func(what string, heard func(last []int16) bool) {
		t.Helper()
		until(t, what, func() bool {
			samples := caller.Heard().Samples
			return len(samples) >= 800 && heard(samples[len(samples)-800:])
		})
	}
	hears("440 Hz", func(last []int16) bool { return tone.Power(last, 440) > -13 })
	if err := arrived.Mute(true); err != nil {
		t.Fatal(err)
	}
	hears("silence", func(last []int16) bool { return tone.Level(last) == tone.Floor })
	if err := errors.Join(arrived.Play(tone.Sine(880, -12)), arrived.Mute(false)); err != nil {
		t.Fatal(err)
	}
	hears("880 Hz", func(last []int16) bool { return tone.Separation(last, 880, 440) > 40 && tone.Level(last) > -13 })

	if err := arrived.StopSending(time.Hour); err != nil {
		t.Fatal(err)
	}
	until(t, "nothing is sent any more", func() bool { // but what was due before
		before := arrived.Record().PacketsSent
		if err := caller.SendDigits(within(t), "1"); err != nil { // 100 ms, five frames
			t.Fatal(err)
		}
		return arrived.Record().PacketsSent == before
	})
	if err := caller.HangUp(within(t)); err != nil {
		t.Fatal(err)
	}
	if err := caller.Mute(true); !errors.Is(err, softphone.ErrClosed) {
		t.Errorf("an ended call was muted: %v", err)
	}
}
