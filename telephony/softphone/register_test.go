package softphone_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"sambung/telephony/softphone"
)

func TestRegisterRefreshUnregister(t *testing.T) {
	t.Parallel()
	for _, status := range []int{401, 407} {
		r := newRegistrar(t, 1, status)
		p := plug(t, softphone.Config{User: "agent-1"})
		account := softphone.Account{Registrar: r.addr(), User: "agent-1", Password: "secret", Expires: time.Minute}
		if err := p.Register(within(t), account); err != nil {
			t.Fatal(err)
		}
		if err := p.Register(within(t), account); !errors.Is(err, softphone.ErrRegistered) {
			t.Errorf("registered twice: %v", err)
		}
		until(t, "the registration is refreshed", func() bool { return len(r.registers()) >= 2 })
		if err := p.Unregister(within(t)); err != nil {
			t.Fatal(err)
		}
		seen := r.registers()
		if last := seen[len(seen)-1]; seen[0] != "60" || seen[1] != "60" || last != "0" {
			t.Errorf("%d: the registrar saw expiries %v, want 60, 60 ... 0", status, seen)
		}
		if err := p.Unregister(within(t)); err != nil {
			t.Errorf("unregistered twice: %v", err)
		}
	}
}

func TestCloseUnregisters(t *testing.T) {
	t.Parallel()
	r := newRegistrar(t, 60, 401)
	p := plug(t, softphone.Config{User: "agent-1"})
	if err := p.Register(within(t), softphone.Account{Registrar: r.addr(), User: "agent-1", Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if seen := r.registers(); !slices.Equal(seen, []string{"300", "0"}) {
		t.Errorf("the registrar saw %v, want 300 and 0", seen)
	}
}

func TestTooBriefARegistrationIsAskedForLonger(t *testing.T) {
	t.Parallel()
	r := newRegistrar(t, 30, 401)
	p := plug(t, softphone.Config{})
	account := softphone.Account{Registrar: r.addr(), User: "agent-1", Password: "secret", Expires: time.Second}
	if err := p.Register(within(t), account); err != nil {
		t.Fatal(err)
	}
	if seen := r.registers(); !slices.Equal(seen, []string{"30"}) {
		t.Errorf("the registrar saw %v, want 30", seen)
	}
}

func TestAWrongPasswordIsAnError(t *testing.T) {
	t.Parallel()
	r := newRegistrar(t, 60, 401)
	p := plug(t, softphone.Config{})
	account := softphone.Account{Registrar: r.addr(), User: "agent-1", Password: "guessed"}
	err := p.Register(within(t), account)
	var refused *softphone.StatusError
	if !errors.As(err, &refused) || refused.Status != 401 {
		t.Errorf("%v, want 401", err)
	}
	account.Password = "secret"
	if err := p.Register(within(t), account); err != nil {
		t.Errorf("after a refusal one may try again: %v", err)
	}
}

func TestALostRegistrationIsFoundAgain(t *testing.T) {
	t.Parallel()
	r := newRegistrar(t, 1, 401)
	p := plug(t, softphone.Config{})
	if err := p.Register(within(t), softphone.Account{Registrar: r.addr(), User: "agent-1", Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	r.setDeaf(true)
	kinds := []softphone.EventKind{}
	ctx, cancel := context.WithCancel(within(t))
	defer cancel()
	for e := range p.Events(ctx) {
		kinds = append(kinds, e.Kind)
		if e.Kind == softphone.RegistrationLost {
			if e.Status != 503 {
				t.Errorf("lost with status %d, want 503", e.Status)
			}
			r.setDeaf(false)
		}
		if e.Kind == softphone.Registered && slices.Contains(kinds, softphone.RegistrationLost) {
			return
		}
	}
	t.Errorf("events: %v", kinds)
}

func TestDialAnswersAChallenge(t *testing.T) {
	t.Parallel()
	r := newRegistrar(t, 60, 407)
	p := plug(t, softphone.Config{User: "agent-1"})
	if err := p.Register(within(t), softphone.Account{Registrar: r.addr(), User: "agent-1", Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	_, err := p.Dial(within(t), "sip:100@"+r.addr(), softphone.Answer())
	var refused *softphone.StatusError
	if !errors.As(err, &refused) || refused.Status != 486 {
		t.Errorf("%v, want 486: the challenge was not passed", err)
	}
	if got := p.Calls()[0]; got.Invites != 2 || got.Status != 486 || got.EndedBy != softphone.Remote {
		t.Errorf("%+v", got)
	}
}

func TestRegisterRefusesNonsense(t *testing.T) {
	t.Parallel()
	p := plug(t, softphone.Config{})
	for _, a := range []softphone.Account{{}, {Registrar: "127.0.0.1:5060"}, {Registrar: "localhost:5060", User: "x"}} {
		if err := p.Register(within(t), a); err == nil {
			t.Errorf("%+v was taken", a)
		}
	}
}
