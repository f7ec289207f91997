package checker

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"sambung/daemon/evidence"
	"sambung/queue"
	"sambung/storage"
	"sambung/storage/dossier"
)

// historyIsState: the state is what the activities add up to (DESIGN words, Activity).
func (r *report) historyIsState(l life) {
	folded, err := queue.Fold(l.history)
	if err != nil {
		r.add("history", l.state.FollowUp.ID, "%v", err)
		return
	}
	want, err1 := json.Marshal(folded)
	got, err2 := json.Marshal(l.state)
	if err := errors.Join(err1, err2); err != nil {
		r.add("history", l.state.FollowUp.ID, "%v", err)
	} else if string(want) != string(got) {
		r.add("history", l.state.FollowUp.ID, "the stored state is not what the history adds up to")
	}
}

// intentsFirst: no attempt announces the taxpayer twice, none is dialled
// outside office hours, and an unrequested opinion only once an agent is named.
func (r *report) intentsFirst(l life, office queue.WorkingTime) {
	id := l.state.FollowUp.ID
	for _, at := range l.attempts {
		if at.intents > 1 {
			r.add("called twice", id, "attempt %d announced the taxpayer's leg %d times", at.number, at.intents)
		}
		if !at.dialing.IsZero() && !at.presumed && !office.Open(at.dialing) {
			r.add("office hours", id, "attempt %d dialled outside office hours", at.number)
		}
	}
	if l.state.FollowUp.Route != queue.RouteOpinionUnrequested {
		return
	}
	designated := false
	for i, a := range l.history {
		f := l.details[i].FollowUp
		designated = designated || a.Kind == queue.KindDesignated || (f != nil && f.Agent != "")
		if a.Kind == queue.KindAssigned && !designated {
			r.add("route c", id, "assigned before a co-supervisor named an agent")
		}
	}
}

// monitored: no supervisor is left in a call that is over.
func (r *report) monitored(l life) {
	if in := l.state.Call.Monitor; in != nil && !l.state.Status.Reserved() {
		r.add("monitor", l.state.FollowUp.ID, "attempt %d is over, and the history does not say that its monitor ended", l.state.Attempt)
	}
}

// recordings: every conversation has a verified recording or an alarm, and
// none leaves the switch before it was verified.
func (r *report) recordings(l life) {
	id := l.state.FollowUp.ID
	for _, at := range l.attempts {
		if at.removedAt != 0 && (at.archivedAt == 0 || at.removedAt < at.archivedAt) {
			r.add("recording removed", id, "attempt %d: removed at the switch before it was verified", at.number)
		}
		if l.state.Dossier == queue.DossierSealed && at.answered && at.archivedAt == 0 && at.alarmAt == 0 {
			r.add("sealed silently", id, "attempt %d was answered and has neither a verified recording nor an alarm", at.number)
		}
	}
}

// archive: what the ledger calls verified is in the bucket, with that hash and size.
func (r *report) archive(ctx context.Context, l life, a storage.Archive) error {
	for _, rec := range l.state.Recordings {
		if rec.Status != queue.RecordingVerified {
			continue
		}
		o, err := a.Stat(ctx, rec.Key)
		switch {
		case errors.Is(err, storage.ErrNotFound):
			r.add("recording lost", l.state.FollowUp.ID, "attempt %d: %s is not in the archive", rec.Attempt, rec.Key)
		case err != nil:
			return err
		case o.SHA256 != rec.SHA256 || o.Size != rec.Bytes:
			r.add("recording lost", l.state.FollowUp.ID, "attempt %d: %s is not what was verified", rec.Attempt, rec.Key)
		}
	}
	return nil
}

// dossiers: what the ledger calls sealed verifies from the archive alone, and
// with the manifest that the ledger knows.
func (r *report) dossiers(ctx context.Context, lives []life, a storage.Archive) error {
	found := make(map[string]evidence.Verdict)
	err := evidence.Verify(ctx, a, evidence.Selection{}, nil, func(_, _ int, v evidence.Verdict) { found[v.FollowUp] = v })
	if err != nil && !errors.Is(err, evidence.ErrNothing) {
		return err
	}
	for _, l := range lives {
		if l.state.Dossier != queue.DossierSealed {
			continue
		}
		v, ok := found[string(l.state.FollowUp.ID)]
		switch {
		case !ok:
			r.add("dossier lost", l.state.FollowUp.ID, "it is sealed, and not in the archive")
		case v.Err != nil && !errors.Is(v.Err, dossier.ErrBroken):
			return v.Err
		case v.Err != nil:
			r.add("dossier broken", l.state.FollowUp.ID, "%v", v.Err)
		case v.SHA256 != l.state.Manifest:
			r.add("dossier broken", l.state.FollowUp.ID, "the ledger sealed manifest %s, the archive has %s", l.state.Manifest, v.SHA256)
		}
	}
	return nil
}

// span is one attempt's hold on an agent or a number.
type span struct {
	id       queue.ID
	from, to time.Time
}

// exclusive: at most one attempt at a time per agent, per number, per follow-up.
func (r *report) exclusive(lives []life) {
	agents, numbers := make(map[string][]span), make(map[string][]span)
	for _, l := range lives {
		for _, at := range l.attempts {
			if at.presumed {
				continue // when it was, and whose, is not known
			}
			to := at.settled
			if to.IsZero() {
				to = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
			}
			s := span{l.state.FollowUp.ID, at.assigned, to}
			agents[string(at.agent)] = append(agents[string(at.agent)], s)
			numbers[at.taxpayer] = append(numbers[at.taxpayer], s)
		}
	}
	for _, spans := range agents {
		r.disjoint("one call per agent", spans)
	}
	for _, spans := range numbers {
		r.disjoint("one call per number", spans)
	}
}

func (r *report) disjoint(invariant string, spans []span) {
	slices.SortFunc(spans, func(a, b span) int { return a.from.Compare(b.from) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from.Before(spans[i-1].to) {
			r.add(invariant, spans[i].id, "assigned while follow-up %s was not settled", spans[i-1].id)
		}
	}
}

// certain says which results are known to have rung the taxpayer's side once.
func certain(result queue.Result) bool {
	switch result {
	case queue.ResultTrunkFailure, queue.ResultUnknown, queue.ResultInterrupted, queue.ResultAgentNoAnswer, "":
		return false
	}
	return true
}

// ringing: the carrier saw at most one INVITE dialog for each attempt, exactly
// one where the result says so, and none that was not announced before.
func (r *report) ringing(lives []life, invites []Invite) {
	taken := make([]bool, len(invites))
	for _, l := range lives {
		for _, at := range l.attempts {
			rung := 0
			for i, inv := range invites {
				if !taken[i] && inv.Number == at.taxpayer && at.covers(inv.At) {
					taken[i] = true
					rung++
				}
			}
			if rung > 1 {
				r.add("called twice", l.state.FollowUp.ID, "attempt %d rang the taxpayer %d times", at.number, rung)
			}
			if rung == 0 && certain(at.result) {
				r.add("result untrue", l.state.FollowUp.ID, "attempt %d is %s, yet nobody was rung", at.number, at.result)
			}
		}
	}
	for i, inv := range invites {
		if !taken[i] {
			r.add("unrecorded", whose(lives, inv.Number), "the carrier saw INVITE %s at %s that no attempt announced", inv.CallID, inv.At.UTC().Format("15:04:05.000"))
		}
	}
}

// whose is the follow-up, of those with that number, that was written last; empty: none has it.
func whose(lives []life, number string) (id queue.ID) {
	var last time.Time
	for _, l := range lives {
		if at := l.history[len(l.history)-1].At; l.state.FollowUp.Taxpayer.Phone == number && !at.Before(last) {
			id, last = l.state.FollowUp.ID, at
		}
	}
	return id
}

// covers reports whether an INVITE at that moment belongs to the attempt. Times
// in the ledger are whole milliseconds, rounded down.
func (at attempt) covers(t time.Time) bool {
	if at.dialing.IsZero() || t.Before(at.dialing) {
		return false
	}
	return at.settled.IsZero() || !t.After(at.settled.Add(time.Millisecond))
}

// settled: nothing is left in hand.
func (r *report) settled(ctx context.Context, w World, lives []life) error {
	for _, l := range lives {
		if _, due := l.state.EvidenceDue(); due || l.state.Status.Reserved() {
			r.add("left over", l.state.FollowUp.ID, "still %s with dossier %s", l.state.Status, l.state.Dossier)
		}
		for _, at := range l.attempts {
			if at.answered && at.archivedAt == 0 && at.alarmAt == 0 {
				r.add("undocumented", l.state.FollowUp.ID, "attempt %d was answered and has neither a verified recording nor an alarm", at.number)
			}
		}
	}
	agents, err := w.Queue.Agents(ctx)
	if err != nil {
		return err
	}
	for _, a := range agents {
		if a.Reserved != "" {
			r.add("left over", a.Reserved, "agent %s is still reserved", a.ID)
		}
	}
	for _, name := range w.Switches {
		held, err := w.Queue.Held(ctx, name)
		if err != nil {
			return err
		}
		for _, id := range held {
			r.add("left over", id, "still held at switch %s", name)
		}
	}
	return nil
}
