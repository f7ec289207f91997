package daemon

import (
	"context"
	"net/http"

	"sambung/daemon/accounts"
	"sambung/daemon/api"
	"sambung/daemon/board"
	"sambung/daemon/console"
	"sambung/daemon/custody"
	"sambung/daemon/evidence"
	"sambung/daemon/manual"
	"sambung/queue"
	"sambung/queue/intake"
)

// handler puts API and pages together. serving ends the streams of events when it ends.
func (a *App) handler(serving context.Context) (http.Handler, error) {
	answers, err := a.apiHandler(serving.Done())
	if err != nil {
		return nil, err
	}
	open, demonstration := console.New, a.demonstration
	if demonstration != nil {
		open, demonstration = console.NewDemonstration, while(serving, demonstration)
	}
	pages, err := open(console.Embedded())
	if err != nil {
		return nil, err
	}
	return console.Door{API: answers, Pages: pages, Demonstration: demonstration, Telephones: a.telephones().addresses(), Secure: a.secure()}.Handler(), nil
}

// while ends the contexts of a handler's requests with ctx, too.
func while(ctx context.Context, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		both, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(ctx, cancel)()
		h.ServeHTTP(w, r.WithContext(both))
	})
}

// secure reports whether browsers come by TLS.
func (a *App) secure() bool { return a.config.API.CertFile != "" || a.config.API.Plaintext }

// apiHandler puts the HTTP API together.
func (a *App) apiHandler(closing <-chan struct{}) (http.Handler, error) {
	var tokens []api.Token
	for _, t := range a.config.API.Tokens {
		tokens = append(tokens, api.NewToken(t.Name, api.Role(t.Role), queue.AgentID(t.Agent), t.Token.Reveal()))
	}
	return api.New(api.Deps{
		Queue: a.queue, Intake: a.intakeRules(), Policy: a.policy(), Archive: a.archive, Commands: a, Monitors: a, Manual: a.filer(), Custody: a.custody(), Board: a.board(), Ready: a.ready, Surroundings: a.surroundings,
		Calendar: a.calendar, Telephones: a.telephones(), Inspector: a,
		Evidence: evidence.Prover{Archive: a.archive, Zone: a.calendar.Zone()}, Links: a.links, Zone: a.calendar.Zone(),
		Limits:   api.CallLimits{Mute: a.config.Calls.MuteLimit, WrapUp: a.config.Calls.WrapUp},
		Accounts: a.accounts(), Secure: a.secure(), Proxied: a.config.API.Plaintext, Closing: closing,
		Switches: a.switchNames(), Tokens: tokens, Registry: a.registry, Now: a.now, Log: a.log,
	})
}

func (a *App) telephones() telephones { return a.config.Switches }

func (a *App) accounts() *accounts.Keeper {
	limits := accounts.DefaultLimits()
	limits.Idle, limits.Absolute = a.config.API.Session.Idle, a.config.API.Session.Absolute
	return accounts.New(a.queue, limits, accounts.Default(), a.now, a.log)
}

func (a *App) board() *board.Keeper {
	return board.New(board.Config{
		Queue: a.queue, Policy: a.policy(), Calendar: a.calendar, Zone: a.calendar.Zone(), TrunksDown: a.trunksDown, Now: a.now,
	})
}

func (a *App) custody() custody.Keeper {
	return custody.Keeper{Archive: a.archive, Locker: a.locker, Zone: a.calendar.Zone(), Now: a.now}
}

func (a *App) filer() *manual.Filer {
	return &manual.Filer{
		Queue: a.queue, Archive: a.archive, Spool: a.spool, Policy: a.policy(), Calendar: a.calendar, Zone: a.calendar.Zone(), Now: a.now,
	}
}

func (a *App) intakeRules() intake.Rules {
	return intake.Rules{Calendar: a.calendar, TimeLimit: a.config.Policy.TimeLimit}
}
