package asterisk_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"sambung/internal/realservers"
	"sambung/telephony"
	"sambung/telephony/ari"
	"sambung/telephony/asterisk"
	"sambung/telephony/softphone"
)

// A trunk that Asterisk asks by OPTIONS: while nobody answers, the switch takes
// no call; when the carrier is back, it does.
func TestATrunkThatIsAwayHoldsCalls(t *testing.T) {
	t.Parallel()
	address := realservers.Address(t) // nobody else takes it while the carrier is away
	carrier := plugIn(t, address)
	server := realservers.Asterisk(t, realservers.AsteriskOptions{Trunk: address, QualifyTrunk: true})
	sw := connect(t, server, server.Trunk)
	eventually(t, "the carrier answers", func(ctx context.Context) bool { return sw.Check(ctx) == nil })

	if err := carrier.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the carrier is away", func(ctx context.Context) bool { return errors.Is(sw.Check(ctx), telephony.ErrTrunkDown) })
	if err := sw.Check(t.Context()); !strings.Contains(err.Error(), "pjsip show endpoint trunk") {
		t.Errorf("no remedy in %q", err)
	}

	plugIn(t, address)
	eventually(t, "the carrier is back", func(ctx context.Context) bool { return sw.Check(ctx) == nil })
}

// What is not known holds nothing: a trunk that is never asked, one that the
// switch does not describe.
func TestATrunkOfUnknownStateHoldsNothing(t *testing.T) {
	t.Parallel()
	server := realservers.Asterisk(t, realservers.AsteriskOptions{Trunk: "127.0.0.1:9"})
	for _, trunk := range []string{server.Trunk, "no-such-endpoint"} {
		if err := connect(t, server, trunk).Check(t.Context()); err != nil {
			t.Errorf("%s: %v", trunk, err)
		}
	}
}

func plugIn(t *testing.T, address string) *softphone.Phone {
	t.Helper()
	phone, err := softphone.Listen(softphone.Config{User: "carrier", Addr: address})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = phone.Close() })
	return phone
}

func connect(t *testing.T, server *realservers.AsteriskServer, trunk string) *asterisk.Switch {
	t.Helper()
	config := asterisk.Config{Trunk: trunk, DialFormat: asterisk.DialNational}
	address := ari.Config{URL: server.ARIURL, Application: "app-" + trunk, User: server.User, Password: server.Password}
	owned := func(context.Context) error { return nil }
	sw, err := asterisk.New(config, address, owned, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() { _ = sw.Run(ctx) })
	t.Cleanup(func() { cancel(); running.Wait() })
	if err := sw.WaitUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	return sw
}

func eventually(t *testing.T, what string, holds func(context.Context) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	pause := time.NewTicker(50 * time.Millisecond)
	defer pause.Stop()
	for !holds(ctx) {
		select {
		case <-ctx.Done():
			t.Fatalf("not so after 15 s: %s", what)
		case <-pause.C:
		}
	}
}
