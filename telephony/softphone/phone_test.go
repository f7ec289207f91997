package softphone_test

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sambung/telephony/softphone"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what it expects.
const patience = 20 * time.Second

// plug plugs in a phone for the length of a test.
func plug(t testing.TB, config softphone.Config) *softphone.Phone {
	t.Helper()
	p, err := softphone.Listen(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// answering plugs in a phone that behaves alike to everybody.
func answering(t testing.TB, b softphone.Behaviour) *softphone.Phone {
	t.Helper()
	return plug(t, softphone.Config{User: "callee", Behave: func(softphone.Invite) softphone.Behaviour { return b }})
}

// dial calls a phone from a new one; the call must be answered.
func dial(t testing.TB, to *softphone.Phone, b softphone.Behaviour) *softphone.Call {
	t.Helper()
	c, err := plug(t, softphone.Config{User: "caller"}).Dial(within(t), to.URI(), b)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// within is a context for the length of a test's patience.
func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// first waits for the first call of a phone.
func first(t testing.TB, p *softphone.Phone, satisfies func(softphone.CallRecord) bool) *softphone.Call {
	t.Helper()
	c, err := p.WaitCall(within(t), satisfies)
	if err != nil {
		t.Fatalf("no such call came: %v; there were %+v", err, p.Calls())
	}
	return c
}

// over waits for the end of a call.
func over(t testing.TB, c *softphone.Call) softphone.CallRecord {
	t.Helper()
	select {
	case <-c.Done():
	case <-time.After(patience):
		t.Fatalf("the call does not end: %+v", c.Record())
	}
	return c.Record()
}

func any1(softphone.CallRecord) bool { return true }

// until waits for what nothing reports: it looks again and again.
func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	for deadline := time.After(patience); !is(); {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-deadline:
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}
