package softphone_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"sambung/telephony/softphone"
)

func TestAnswerOnCommand(t *testing.T) {
	t.Parallel()
	callee, caller := answering(t, softphone.RingOut()), plug(t, softphone.Config{})
	answered := make(chan error, 1)
	go func() {
		_, err := caller.Dial(within(t), callee.URI(), softphone.Answer())
		answered <- err
	}()
	c := first(t, callee, func(r softphone.CallRecord) bool { return !r.RingingAt.IsZero() })
	if err := c.Answer(within(t)); err != nil {
		t.Fatal(err)
	}
	if err := <-answered; err != nil {
		t.Fatal(err)
	}
	if err := c.HangUp(within(t)); err != nil {
		t.Fatal(err)
	}
	if err := c.HangUp(within(t)); err != nil {
		t.Errorf("hanging up twice: %v", err)
	}
	if err := c.Answer(within(t)); !errors.Is(err, softphone.ErrClosed) {
		t.Errorf("answering an ended call: %v", err)
	}
}

func TestRejectOnCommand(t *testing.T) {
	t.Parallel()
	callee, caller := answering(t, softphone.RingOut()), plug(t, softphone.Config{})
	refused := make(chan error, 1)
	go func() {
		_, err := caller.Dial(within(t), callee.URI(), softphone.Answer())
		refused <- err
	}()
	c := first(t, callee, any1)
	if err := c.Reject(within(t), 200); err == nil {
		t.Error("rejected with 200")
	}
	if err := c.Reject(within(t), 410); err != nil {
		t.Fatal(err)
	}
	var status *softphone.StatusError
	if err := <-refused; !errors.As(err, &status) || status.Status != 410 {
		t.Errorf("%v, want 410", err)
	}
}

func TestHangUpBeforeTheAnswerCancels(t *testing.T) {
	t.Parallel()
	callee, caller := answering(t, softphone.RingOut()), plug(t, softphone.Config{})
	ended := make(chan error, 1)
	go func() {
		_, err := caller.Dial(within(t), callee.URI(), softphone.Answer())
		ended <- err
	}()
	c := first(t, caller, func(r softphone.CallRecord) bool { return !r.RingingAt.IsZero() })
	if err := c.HangUp(within(t)); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil {
		t.Error("dial says that the call was answered")
	}
	if r := over(t, first(t, callee, any1)); r.Status != 487 || r.EndedBy != softphone.Remote {
		t.Errorf("%+v", r)
	}
}

func TestEventsTellTheCallInOrder(t *testing.T) {
	t.Parallel()
	callee := answering(t, softphone.AnswerAfter(10*time.Millisecond).HangingUp(1500*time.Millisecond))
	caller := dial(t, callee, softphone.Answer())
	if err := caller.SendDigits(within(t), "5"); err != nil {
		t.Fatal(err)
	}
	over(t, caller)
	over(t, first(t, callee, any1))
	ctx, cancel := context.WithCancel(within(t))
	defer cancel()
	var kinds []softphone.EventKind
	for e := range callee.Events(ctx) { // late, and yet all of them
		if kinds = append(kinds, e.Kind); e.Kind == softphone.Ended {
			break
		}
	}
	want := []softphone.EventKind{
		softphone.Invited, softphone.Ringing, softphone.Answered, softphone.Acknowledged, softphone.DigitHeard, softphone.Ended,
	}
	if !slices.Equal(kinds, want) {
		t.Errorf("%v, want %v", kinds, want)
	}
}

func TestWaitOnACallEndsWithIt(t *testing.T) {
	t.Parallel()
	callee := answering(t, softphone.Answer().HangingUp(0))
	c := dial(t, callee, softphone.Answer())
	if err := c.Wait(within(t), func(r softphone.CallRecord) bool { return r.Digits == "7" }); !errors.Is(err, softphone.ErrClosed) {
		t.Errorf("%v, want ErrClosed", err)
	}
	if err := c.Wait(within(t), softphone.CallRecord.Ended); err != nil {
		t.Error(err)
	}
}

func TestABehaviourThatCannotBe(t *testing.T) {
	t.Parallel()
	callee := answering(t, softphone.Reject(100))
	if _, err := plug(t, softphone.Config{}).Dial(within(t), callee.URI(), softphone.Answer()); err == nil {
		t.Error("answered")
	}
	if r := over(t, first(t, callee, any1)); r.Status != 500 || r.Problem == "" {
		t.Errorf("%+v", r)
	}
	keys := answering(t, softphone.Answer().Pressing(0, "x").HangingUp(0))
	over(t, dial(t, keys, softphone.Answer()))
	if r := over(t, first(t, keys, any1)); r.Problem == "" {
		t.Errorf("an impossible key leaves no trace: %+v", r)
	}
}
