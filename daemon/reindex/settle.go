package reindex

import (
	"context"
	"errors"
	"slices"

	archived "sambung/daemon/evidence"
	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/storage"
	"sambung/storage/dossier"
)

func corrupt(err error) bool {
	return errors.Is(err, storage.ErrCorrupt) || errors.Is(err, dossier.ErrBroken)
}

// known is the ledger's state of a follow-up, the zero State if it has none.
func (j *Job) known(ctx context.Context, id queue.ID) (queue.State, error) {
	s, err := j.Ledger.State(ctx, id)
	if errors.Is(err, queue.ErrNotFound) {
		return queue.State{}, nil
	}
	return s, err
}

// history brings one follow-up back from the parts of its history and its seal.
func (j *Job) history(ctx context.Context, e group) (Finding, bool, error) {
	before, err := j.known(ctx, e.id)
	if err != nil {
		return Finding{}, false, err
	}
	f := Finding{FollowUp: e.id, Action: Unchanged, Status: before.Status, Sealed: before.Dossier == queue.DossierSealed}
	seal, err := archived.OpenSeal(ctx, j.Archive, manifestKey(e))
	sealed := err == nil
	if errors.Is(err, archived.ErrNotSealed) {
		err = nil
	}
	if sealed && f.Sealed && before.Manifest == seal.SHA256 {
		return f, true, nil // an earlier run, or nothing was lost
	}
	if sealed {
		err = seal.Check(ctx, j.Archive)
	}
	var history []queue.Activity
	if err == nil {
		history, err = read(ctx, j.Archive, parts(e, sealed, seal))
	}
	if err == nil && sealed && len(history) < seal.Activities { // a daemon sealed it since it was listed?
		history, err = j.readAgain(ctx, &e, seal)
	}
	if err == nil && sealed && (len(history) != seal.Activities || string(e.id) != seal.FollowUp) {
		err = &dossier.BrokenError{Key: seal.Key, Err: errors.New("it does not seal the history that lies beside it")}
	}
	if err == nil {
		f, err = j.bringBack(ctx, f, before, history, e, sealed, seal)
	}
	if notImported(err) {
		f, err = j.broken(ctx, f, before, err)
	}
	return f, true, err
}

// parts are those of a follow-up's history; of a sealed one those that the seal names. A
// daemon that died in the middle of sealing can leave another one beside them, that goes on
// for what came late: the seal that it had made stands.
func parts(e group, sealed bool, seal archived.Seal) []object {
	if !sealed {
		return e.objects
	}
	return slices.DeleteFunc(slices.Clone(e.objects), func(o object) bool {
		return !slices.ContainsFunc(seal.Histories, func(h dossier.History) bool { return h.Key == o.Key })
	})
}

// readAgain lists the parts of a sealed history anew, and reads them.
func (j *Job) readAgain(ctx context.Context, e *group, seal archived.Seal) (history []queue.Activity, err error) {
	listing := groups(ctx, j.Archive, histories, e.day+"/"+string(e.id)+"/", func(now group) bool {
		e.objects = now.objects
		history, err = read(ctx, j.Archive, parts(*e, true, seal))
		return false
	})
	return history, errors.Join(listing, err)
}

// manifestKey is where the manifest of a follow-up lies.
func manifestKey(e group) string { return "manifests/" + e.day + "/" + string(e.id) + ".json" }

// notImported tells what is wrong with the evidence from what went wrong here.
func notImported(err error) bool {
	return corrupt(err) || errors.Is(err, redisqueue.ErrForked) || errors.Is(err, queue.ErrBrokenChain) || errors.Is(err, queue.ErrRefused)
}

// bringBack imports a history that holds together.
func (j *Job) bringBack(ctx context.Context, f Finding, before queue.State, history []queue.Activity, e group, sealed bool, seal archived.Seal) (Finding, error) {
	switch lost := len(history) - before.Version; {
	case before.Version == 0:
		f.Action, f.Activities = Added, lost
	case lost > 0:
		f.Action, f.Activities = Extended, lost
	}
	if sealed && !f.Sealed {
		f.Sealed, f.Activities = true, f.Activities+1
		if f.Action == Unchanged {
			f.Action = Extended
		}
	}
	if j.DryRun {
		folded, err := queue.Fold(history)
		if err == nil && before.Version == 0 {
			f.Status = folded.Status
		}
		return f, err
	}
	s, _, err := j.Ledger.Import(ctx, history)
	if err != nil {
		return f, err
	}
	last := e.objects[len(e.objects)-1]
	if last.Object, err = j.Archive.Stat(ctx, last.Key); err != nil { // a listing has no hashes
		return f, err
	}
	s, err = j.Ledger.Append(ctx, queue.Change{ID: e.id, Known: &s, Decide: func(now queue.State) ([]queue.Entry, error) {
		if sealed {
			return resealed(now, seal), nil
		}
		return shipped(now, last), nil
	}})
	f.Status = s.Status
	return f, err
}

// resealed says again what only the ledger said: that the manifest is the seal.
func resealed(now queue.State, seal archived.Seal) []queue.Entry {
	if now.Dossier == queue.DossierSealed {
		return nil
	}
	return []queue.Entry{{
		At: seal.SealedAt, Actor: queue.ActorSystem, Kind: queue.KindSealed,
		Details: queue.Details{File: seal.Key, SHA256: seal.SHA256, UpTo: seal.Activities},
	}}
}

// shipped says again that the last part of a history is in the archive.
func shipped(now queue.State, last object) []queue.Entry {
	if now.Shipped >= last.number || now.Dossier == queue.DossierSealed {
		return nil
	}
	return []queue.Entry{{
		At: last.Modified, Actor: queue.ActorSystem, Kind: queue.KindHistoryShipped,
		Details: queue.Details{Attempt: now.Attempt, File: last.Key, SHA256: last.SHA256, Bytes: last.Size, UpTo: last.number},
	}}
}

// reasonBroken is why a follow-up is handed to people whose evidence is broken.
const reasonBroken = "what the archive has of it does not hold together with the ledger"

// broken names what is not imported. Where the ledger would go on by what it
// has, the follow-up goes to people.
func (j *Job) broken(ctx context.Context, f Finding, before queue.State, cause error) (Finding, error) {
	f.Action, f.Activities, f.Err = Broken, 0, cause
	f.Sealed = before.Dossier == queue.DossierSealed
	if before.Version == 0 || before.Status.Ended() {
		return f, nil
	}
	f.HandedBack = true
	if j.DryRun {
		return f, nil
	}
	s, err := j.presume(ctx, f.FollowUp, queue.Details{Attempt: before.Attempt + 1, Reason: reasonBroken})
	f.Status = s.Status
	return f, err
}

// presume says that an attempt counts as made, unless the ledger knows it by now.
func (j *Job) presume(ctx context.Context, id queue.ID, d queue.Details) (queue.State, error) {
	return j.Ledger.Append(ctx, queue.Change{ID: id, Decide: func(s queue.State) ([]queue.Entry, error) {
		return queue.PresumeAttempt(s, d, j.Now()), nil
	}})
}

// manifest finds a seal whose history is gone.
func (j *Job) manifest(ctx context.Context, e group) (Finding, bool, error) {
	s, err := j.known(ctx, e.id)
	if err != nil || s.Dossier == queue.DossierSealed {
		return Finding{}, false, err
	}
	if j.DryRun && s.Version == 0 && j.hasHistory(ctx, e) {
		return Finding{}, false, nil // it would have been brought back
	}
	seal, err := archived.OpenSeal(ctx, j.Archive, e.objects[0].Key)
	if err == nil {
		err = seal.Check(ctx, j.Archive)
	}
	if err == nil || errors.Is(err, archived.ErrNotSealed) {
		return Finding{}, false, nil // told of already; or a daemon goes on with it
	}
	if !corrupt(err) {
		return Finding{}, false, err
	}
	f, err := j.broken(ctx, Finding{FollowUp: e.id, Status: s.Status}, s, err)
	return f, true, err
}

// hasHistory reports whether there is a part of a history.
func (j *Job) hasHistory(ctx context.Context, e group) bool {
	for _, err := range j.Archive.List(ctx, histories+e.day+"/"+string(e.id)+"/") {
		return err == nil
	}
	return false
}

// recordings finds attempts of which only a recording came into the archive.
func (j *Job) recordings(ctx context.Context, e group) (Finding, bool, error) {
	s, err := j.known(ctx, e.id)
	if err != nil {
		return Finding{}, false, err
	}
	f := Finding{FollowUp: e.id, Action: Extended, Status: s.Status, Sealed: s.Dossier == queue.DossierSealed}
	if s.Version == 0 {
		if j.DryRun && j.hasHistory(ctx, e) {
			return f, false, nil
		}
		f.Action = Unknown
		return f, true, nil
	}
	slices.SortFunc(e.objects, func(x, y object) int { return x.number - y.number })
	for _, o := range e.objects {
		if o.number <= s.Attempt || s.Status.Ended() {
			continue
		}
		f.Presumed, f.HandedBack = append(f.Presumed, o.number), true
		f.Activities++
		if j.DryRun {
			continue
		}
		stat, err := j.Archive.Stat(ctx, o.Key)
		if err != nil {
			return f, false, err
		}
		d := queue.Details{Attempt: o.number, Reason: queue.ReasonFoundInArchive, File: stat.Key, SHA256: stat.SHA256, Bytes: stat.Size}
		if s, err = j.presume(ctx, e.id, d); err != nil {
			return f, false, err
		}
		f.Status = s.Status
	}
	return f, len(f.Presumed) > 0, nil
}
