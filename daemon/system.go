package daemon

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"sambung/daemon/api"
	"sambung/queue"
	"sambung/storage"
	"sambung/telephony/ari"
)

const (
	// inspectionLimit is how long each part may take to answer.
	inspectionLimit = 3 * time.Second
	// mostPending bounds the follow-ups whose recordings are counted one by one.
	mostPending = 1000
)

// System implements api.Inspector. The parts are asked at the same time.
func (a *App) System(ctx context.Context) api.System {
	ctx, cancel := context.WithTimeout(ctx, inspectionLimit)
	defer cancel()
	build, depth := ReadBuild(), a.spool.Depth()
	s := api.System{
		Version: build.Version + " (" + build.Revision + ")", Node: a.config.Site.Node, Dialling: part("", a.mayBegin()),
		Switches: make([]api.SwitchState, len(a.keepers)), Counts: map[queue.Status]int{},
		Spool: api.SpoolState{Bytes: depth.Bytes, Limit: depth.Limit, Files: depth.Files},
	}
	var asking sync.WaitGroup
	asking.Go(func() { a.inspectLedger(ctx, &s) })
	asking.Go(func() { s.Archive = part("", a.archiveAnswers(ctx)) })
	for i, k := range a.keepers {
		asking.Go(func() { s.Switches[i] = k.inspect(ctx) })
	}
	asking.Wait()
	return s
}

func part(version string, err error) api.Part {
	p := api.Part{Version: version, OK: err == nil}
	if err != nil {
		p.Why = err.Error()
	}
	return p
}

// inspectLedger fills in what the ledger knows.
func (a *App) inspectLedger(ctx context.Context, s *api.System) {
	version, err := a.queue.Version(ctx)
	err = errors.Join(err, cmp.Or(a.queue.Check(ctx), a.leases.refused()))
	if counts, countErr := a.queue.Counts(ctx); countErr == nil {
		s.Counts = counts
	} else {
		err = errors.Join(err, countErr)
	}
	pending, waiting, pendingErr := a.pendingEvidence(ctx)
	s.EvidencePending, s.AwaitingBucket = pending, waiting
	s.Redis = part(version, errors.Join(err, pendingErr))
}

// pendingEvidence counts the follow-ups whose evidence is not complete, and the
// recordings of theirs that are not in the bucket yet.
func (a *App) pendingEvidence(ctx context.Context) (pending, waiting int, err error) {
	ids := map[queue.ID]bool{}
	for _, k := range a.keepers {
		found, err := a.queue.PendingEvidence(ctx, k.config.Name, 0)
		if err != nil {
			return 0, 0, err
		}
		for _, id := range found {
			ids[id] = true
		}
	}
	looked := 0
	for id := range ids {
		if looked++; looked > mostPending {
			break
		}
		state, err := a.queue.State(ctx, id)
		if err != nil {
			return len(ids), waiting, err
		}
		for _, r := range state.Recordings {
			if r.Status == queue.RecordingAtSwitch {
				waiting++
			}
		}
	}
	return len(ids), waiting, nil
}

// archiveAnswers asks for an object that is not there: nothing is written.
func (a *App) archiveAnswers(ctx context.Context) error {
	if _, err := a.archive.Stat(ctx, "probe/absent"); err != nil && !errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("archive: %w", err)
	}
	return nil
}

// inspect asks the switch without an event stream, so it takes nothing over.
func (k *switchKeeper) inspect(ctx context.Context) api.SwitchState {
	_, owned := k.calls()
	s := api.SwitchState{Name: k.config.Name, Owned: owned}
	owner, err := k.app.queue.Owner(ctx, k.config.Name)
	if err == nil {
		s.Owner = owner
	}
	client, err := ari.New(SwitchAddress(k.config))
	if err == nil {
		defer client.Close()
		err = client.Ping(ctx)
	}
	s.Reachable = err == nil
	if err != nil {
		s.Why = err.Error()
	}
	return s
}
