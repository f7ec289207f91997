package softphone_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"sambung/telephony/softphone"
)

func TestAnsweredAtOnceAndHungUpByTheCaller(t *testing.T) {
	t.Parallel()
	callee := answering(t, softphone.Answer())
	caller := dial(t, callee, softphone.Answer())
	arrived := first(t, callee, func(r softphone.CallRecord) bool { return !r.AcknowledgedAt.IsZero() })
	if err := caller.HangUp(within(t)); err != nil {
		t.Fatal(err)
	}
	there, here := over(t, arrived), over(t, caller)
	if there.CallID != here.CallID || there.Called != "callee" || there.Caller != "caller" {
		t.Errorf("the two sides disagree:\n%+v\n%+v", there, here)
	}
	if there.Invites != 1 || there.Retransmissions != 0 || !there.RingingAt.IsZero() || there.Status != 200 {
		t.Errorf("want one INVITE, no ringing, 200: %+v", there)
	}
	if there.EndedBy != softphone.Remote || here.EndedBy != softphone.Local || here.Problem != "" || there.Problem != "" {
		t.Errorf("the caller hung up, the records say %q and %q (%s, %s)", here.EndedBy, there.EndedBy, here.Problem, there.Problem)
	}
}

func TestHungUpByTheCallee(t *testing.T) {
	t.Parallel()
	callee := answering(t, softphone.AnswerAfter(50*time.Millisecond).HangingUp(300*time.Millisecond))
	caller := over(t, dial(t, callee, softphone.Answer()))
	r := over(t, first(t, callee, any1))
	if r.EndedBy != softphone.Local || caller.EndedBy != softphone.Remote {
		t.Errorf("the callee hung up, the records say %q and %q", r.EndedBy, caller.EndedBy)
	}
	// Only the lower bounds are ours: a loaded machine is late.
	if d := r.Talked(); d < 300*time.Millisecond {
		t.Errorf("talked %v, want 300ms", d)
	}
	if d := r.AnsweredAt.Sub(r.InvitedAt); d < 50*time.Millisecond {
		t.Errorf("rang %v, want 50ms", d)
	}
	if caller.RingingAt.IsZero() {
		t.Error("the caller heard no 180")
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for status, b := range map[int]softphone.Behaviour{
		486: softphone.Busy(), 603: softphone.Decline().After(20 * time.Millisecond), 404: softphone.Reject(404),
		403: softphone.Reject(403), 503: softphone.Reject(503),
	} {
		callee := answering(t, b)
		_, err := plug(t, softphone.Config{}).Dial(within(t), callee.URI(), softphone.Answer())
		var refused *softphone.StatusError
		if !errors.As(err, &refused) || refused.Status != status {
			t.Errorf("%d: dial says %v", status, err)
		}
		r := over(t, first(t, callee, any1))
		if r.Status != status || r.Answered() || r.EndedBy != softphone.Local {
			t.Errorf("%d: %+v", status, r)
		}
	}
}

func TestRingingOutUntilTheCallerCancels(t *testing.T) {
	t.Parallel()
	callee := answering(t, softphone.RingOut())
	ctx, cancel := context.WithCancel(within(t))
	go func() {
		if _, err := callee.WaitCall(ctx, func(r softphone.CallRecord) bool { return !r.RingingAt.IsZero() }); err == nil {
			cancel()
		}
	}()
	caller := plug(t, softphone.Config{})
	if _, err := caller.Dial(ctx, callee.URI(), softphone.Answer()); !errors.Is(err, context.Canceled) {
		t.Errorf("dial says %v, want context.Canceled", err)
	}
	if r := over(t, first(t, callee, any1)); r.Status != 487 || r.EndedBy != softphone.Remote || r.Answered() {
		t.Errorf("callee: %+v", r)
	}
	if r := caller.Calls()[0]; r.Status != 487 || r.EndedBy != softphone.Local || r.RingingAt.IsZero() {
		t.Errorf("caller: %+v", r)
	}
}
