package reindex_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"sambung/daemon/reindex"
	"sambung/queue"
	"sambung/queue/redisqueue"
	"sambung/storage"
	"sambung/storage/dossier"
	"sambung/storage/storagetest"
)

// life is an office with one sealed follow-up after two attempts, one that waits
// for its second attempt, and one that was never tried.
func life(t *testing.T) (o *office, sealed, waiting, fresh queue.ID) {
	t.Helper()
	o = newOffice(t)
	o.open()
	sealed = o.enter()
	o.busy(sealed)
	o.ship()
	o.delivered(sealed)
	o.ship()
	waiting = o.enter()
	o.busy(waiting)
	o.ship()
	fresh = o.enter()
	o.stopped()
	return o, sealed, waiting, fresh
}

// essence is a state without what differs where the same is said again.
func essence(t *testing.T, s queue.State) string {
	t.Helper()
	s.Head, s.SealedAt = "", s.SealedAt.Truncate(0)
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAnEmptyLedger(t *testing.T) {
	t.Parallel()
	o, sealed, waiting, fresh := life(t)
	before := o.newLedger()
	found, sum := o.reindex()
	if sum.Added != 2 || sum.Open != 1 || sum.FollowUps != 2 || sum.Broken+sum.Unknown+sum.Presumed != 0 || sum.Agents != 0 {
		t.Errorf("%+v", sum)
	}
	if f := found[sealed]; f.Action != reindex.Added || !f.Sealed || f.Status != queue.StatusClosed {
		t.Errorf("the sealed one: %+v", f)
	}
	if f := found[waiting]; f.Action != reindex.Added || f.Sealed || f.Status != queue.StatusQueued {
		t.Errorf("the waiting one: %+v", f)
	}
	was, err := before.State(t.Context(), sealed)
	o.must(err)
	if got, want := essence(t, o.state(sealed)), essence(t, was); got != want {
		t.Errorf("sealed:\n%s, was\n%s", got, want)
	}
	was, err = before.State(t.Context(), waiting)
	o.must(err)
	s := o.state(waiting)
	if s.Attempt != 1 || s.Counted != 1 || !s.RetryAt.Equal(was.RetryAt) || s.Status != queue.StatusQueued || s.Shipped != s.Settled {
		t.Errorf("waiting: %+v", s)
	}
	if _, err := o.q.State(t.Context(), fresh); !errors.Is(err, queue.ErrNotFound) {
		t.Errorf("what was never shipped: %v", err)
	}
	o.findable(sealed, waiting)
	o.quiet()
}

// findable looks both up in every index.
func (o *office) findable(ids ...queue.ID) {
	o.Helper()
	for _, id := range ids {
		s := o.state(id)
		for name, f := range map[string]queue.Filter{
			"ticket": {Ticket: s.FollowUp.Ticket}, "phone": {Phone: s.FollowUp.Taxpayer.Phone}, "agent": {Agent: "a1"},
			"status": {Statuses: []queue.Status{s.Status}}, "deadline": {DeadlineBefore: s.FollowUp.Deadline.Add(time.Second)},
		} {
			states, err := o.q.Find(o.Context(), f)
			o.must(err)
			if !slices.ContainsFunc(states, func(s queue.State) bool { return s.FollowUp.ID == id }) {
				o.Errorf("%s is not found by its %s", id, name)
			}
		}
		history, err := o.q.History(o.Context(), id)
		o.must(err)
		folded, err := queue.Fold(history)
		o.must(err)
		if essence(o.T, folded) != essence(o.T, s) {
			o.Errorf("the state of %s is not what its history adds up to", id)
		}
	}
}

// quiet checks that another run finds nothing to do, and does nothing.
func (o *office) quiet() {
	o.Helper()
	versions := make(map[queue.ID]int)
	all, err := o.q.Find(o.Context(), queue.Filter{})
	o.must(err)
	for _, s := range all {
		versions[s.FollowUp.ID] = s.Version
	}
	_, sum := o.reindex()
	if sum.Added+sum.Extended+sum.Activities+sum.Presumed != 0 {
		o.Errorf("a second run: %+v", sum)
	}
	for id, version := range versions {
		if s := o.state(id); s.Version != version {
			o.Errorf("a second run wrote to %s: version %d after %d", id, s.Version, version)
		}
	}
}

// set gives the office an older ledger: what each follow-up had after so many activities.
func (o *office) set(back map[queue.ID]int) {
	o.Helper()
	old := o.newLedger()
	for id, n := range back {
		history, err := old.History(o.Context(), id)
		o.must(err)
		if n < 0 {
			n += len(history)
		}
		_, _, err = o.q.Import(o.Context(), history[:n])
		o.must(err)
	}
}

// Set back to every moment of a life: what the archive has comes back, and what
// was never shipped stays as it was.
func TestAnOlderLedger(t *testing.T) {
	t.Parallel()
	o, sealed, waiting, fresh := life(t)
	newest := o.q
	whole := o.state(sealed)
	for n := 1; n < whole.Version; n += 3 {
		o.q = newest
		o.set(map[queue.ID]int{sealed: n, waiting: 1, fresh: 1})
		found, _ := o.reindex()
		s := o.state(sealed)
		if s.Dossier != queue.DossierSealed || s.Manifest != whole.Manifest || s.Status != queue.StatusClosed || found[sealed].Action != reindex.Extended {
			t.Fatalf("set back to %d: %+v, %s", n, found[sealed], essence(t, s))
		}
		if s := o.state(waiting); s.Attempt != 1 || s.Status != queue.StatusQueued || s.RetryAt.IsZero() {
			t.Errorf("waiting: %+v", s)
		}
		if s := o.state(fresh); s.Version != 1 || s.Status != queue.StatusQueued {
			t.Errorf("never shipped: %+v", s)
		}
		o.findable(sealed, waiting, fresh)
		if held, err := o.q.Held(t.Context(), "pbx1"); err != nil || len(held) > 0 {
			t.Errorf("still held: %v, %v", held, err)
		}
	}
	o.quiet()
}

func TestADryRunWritesNothing(t *testing.T) {
	t.Parallel()
	o, _, _, _ := life(t)
	o.newLedger()
	job := o.job(func(reindex.Finding) {})
	job.DryRun = true
	sum, err := job.Run(t.Context())
	o.must(err)
	if sum.Added != 2 || sum.Activities == 0 || sum.Broken+sum.Unknown != 0 || sum.Open != 1 {
		t.Errorf("%+v", sum)
	}
	if all, err := o.q.Find(t.Context(), queue.Filter{}); err != nil || len(all) > 0 {
		t.Errorf("%d follow-ups, %v", len(all), err)
	}
}

// A run that is cut off anywhere is finished by the next one.
func TestARunThatWasCutOff(t *testing.T) {
	t.Parallel()
	o, sealed, waiting, _ := life(t)
	o.newLedger()
	for _, op := range []storagetest.Op{storagetest.OpList, storagetest.OpGet, storagetest.OpStat} {
		for n := 1; n <= 4; n++ {
			o.archive.Disarm()
			o.archive.Arm(storagetest.Fault{Op: op, Nth: n, Before: errors.New("away")})
			if _, err := o.job(func(reindex.Finding) {}).Run(t.Context()); err == nil {
				if n == 1 {
					t.Errorf("%v 1: no error", op)
				}
				break
			}
			if e, err := o.q.Epoch(t.Context()); err != nil || e != 0 {
				t.Errorf("the epoch is %d after a run that was cut off, %v", e, err)
			}
		}
	}
	o.archive.Disarm()
	o.reindex()
	o.findable(sealed, waiting)
	o.quiet()
}

func TestTheEpochComesLast(t *testing.T) {
	t.Parallel()
	o, _, _, _ := life(t)
	o.newLedger()
	o.put("epoch/000000000007", []byte("7\n"))
	if _, sum := o.reindex(); sum.Epoch != 7 {
		t.Errorf("the epoch is %d, want 7", sum.Epoch)
	}
}

func (o *office) put(key string, content []byte) {
	o.Helper()
	_, err := o.memory.Put(o.Context(), storage.Object{Key: key, Size: int64(len(content)), SHA256: storagetest.Hash(content)}, bytes.NewReader(content))
	o.must(err)
}

func TestDaemonsAtWorkAreRefused(t *testing.T) {
	t.Parallel()
	o, _, _, _ := life(t)
	o.newLedger()
	o.open()
	_, err := o.job(func(reindex.Finding) {}).Run(t.Context())
	if owned := (*reindex.OwnedError)(nil); !errors.As(err, &owned) || owned.Owners["pbx1"] != "test" {
		t.Errorf("%v", err)
	}
}

// first is the first object under a prefix.
func (o *office) first(prefix string) storage.Object {
	o.Helper()
	for object, err := range o.memory.List(o.Context(), prefix) {
		o.must(err)
		return object
	}
	o.Fatalf("nothing under %s", prefix)
	return storage.Object{}
}

// Whatever is changed, cut or gone is named by its key, not imported, and does
// not hinder the rest.
func TestBrokenEvidence(t *testing.T) {
	t.Parallel()
	prefixOf := func(kind string) func(queue.ID) string {
		return func(id queue.ID) string { return kind + "/2026/11/23/" + string(id) }
	}
	for name, c := range map[string]struct {
		prefix func(queue.ID) string
		harm   func(*office, string)
	}{
		"a changed history":   {prefixOf("history"), func(o *office, key string) { o.memory.Rot(key, 40) }},
		"another history":     {prefixOf("history"), func(o *office, key string) { o.memory.Replace(key, o.forged(key)) }},
		"a cut history":       {prefixOf("history"), func(o *office, key string) { o.memory.Replace(key, o.content(key)[:100]) }},
		"a missing history":   {prefixOf("history"), func(o *office, key string) { o.memory.Lose(key) }},
		"another manifest":    {prefixOf("manifests"), func(o *office, key string) { o.memory.Replace(key, []byte("{}")) }},
		"a missing recording": {prefixOf("recordings"), func(o *office, key string) { o.memory.Lose(key) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, sealed, waiting, _ := life(t)
			o.newLedger()
			key := o.first(c.prefix(sealed)).Key
			c.harm(o, key)
			found, sum := o.reindex()
			f := found[sealed]
			if f.Action != reindex.Broken || f.Err == nil || !strings.Contains(f.Err.Error(), key) || sum.Broken != 1 {
				t.Errorf("%+v, want it to name %s; %+v", f, key, sum)
			}
			if _, err := o.q.State(t.Context(), sealed); !errors.Is(err, queue.ErrNotFound) {
				t.Errorf("it was imported: %v", err)
			}
			o.findable(waiting)
		})
	}
}

func (o *office) content(key string) []byte {
	o.Helper()
	body, _, err := o.memory.Get(o.Context(), key)
	o.must(err)
	defer body.Close()
	text, err := io.ReadAll(body)
	o.must(err)
	return text
}

// forged is a history in which another outcome was confirmed.
func (o *office) forged(key string) []byte {
	return bytes.Replace(o.content(key), []byte("delivered"), []byte("voicemail"), 1)
}

// A ledger that went another way than the archive keeps what it has, and the
// follow-up goes to people.
func TestAForkedLedger(t *testing.T) {
	t.Parallel()
	o, sealed, waiting, _ := life(t)
	o.set(map[queue.ID]int{sealed: -1, waiting: 1})
	_, err := o.q.Append(t.Context(), queue.Change{ID: waiting, Decide: func(queue.State) ([]queue.Entry, error) {
		return []queue.Entry{{At: o.now, Actor: queue.ActorSystem, Kind: queue.KindDeadlineWarning}}, nil
	}})
	o.must(err)
	found, _ := o.reindex()
	if f := found[waiting]; f.Action != reindex.Broken || !errors.Is(f.Err, redisqueue.ErrForked) || !f.HandedBack {
		t.Errorf("%+v", f)
	}
	if s := o.state(waiting); s.Status != queue.StatusHandedBack || s.Attempt != 1 {
		t.Errorf("%+v", s)
	}
	if s := o.state(sealed); s.Dossier != queue.DossierSealed {
		t.Errorf("the other: %+v", s)
	}
}

// An attempt that left a recording in the archive, and no history, counts as made.
func TestAnAttemptOfWhichOnlyTheRecordingIsLeft(t *testing.T) {
	t.Parallel()
	o, _, waiting, fresh := life(t)
	for id, attempt := range map[queue.ID]int{waiting: 2, fresh: 1, "01JREINDEX0000000000000099": 1} {
		key := fmt.Sprintf("recordings/2026/11/23/%s/%d.wav", id, attempt)
		o.put(key, []byte(key))
	}
	o.set(map[queue.ID]int{waiting: -1, fresh: 1})
	found, sum := o.reindex()
	for id, attempt := range map[queue.ID]int{waiting: 2, fresh: 1} {
		s := o.state(id)
		if s.Status != queue.StatusHandedBack || s.Attempt != attempt || !slices.Equal(found[id].Presumed, []int{attempt}) || !found[id].HandedBack {
			t.Errorf("%+v: %+v", found[id], s)
		}
		if r := s.Recordings[len(s.Recordings)-1]; r.Attempt != attempt || r.Status != queue.RecordingAlarmed || r.Key == "" {
			t.Errorf("recording %+v", r)
		}
	}
	if f := found["01JREINDEX0000000000000099"]; f.Action != reindex.Unknown || sum.Unknown != 1 || sum.Presumed != 2 {
		t.Errorf("%+v, %+v", f, sum)
	}
	o.quiet()
	// It is shipped, sealed and proven like any other.
	o.open()
	_, err := o.q.Append(t.Context(), queue.Change{ID: fresh, Decide: func(queue.State) ([]queue.Entry, error) {
		return []queue.Entry{{At: o.now, Actor: queue.ActorUser("test"), Kind: queue.KindCancelled, Details: queue.Details{Reason: "looked into"}}}, nil
	}})
	o.must(err)
	o.ship()
	o.stopped()
	if s := o.state(fresh); s.Dossier != queue.DossierSealed {
		t.Errorf("%+v", s)
	}
	o.newLedger()
	if found, _ := o.reindex(); found[fresh].Err != nil || !found[fresh].Sealed {
		t.Errorf("%+v", found[fresh])
	}
}

func TestDossierErrorsAreTold(t *testing.T) {
	t.Parallel()
	o, sealed, _, _ := life(t)
	o.newLedger()
	o.memory.Lose(o.first("history/2026/11/23/" + string(sealed)).Key)
	o.memory.Lose(o.first("history/2026/11/23/" + string(sealed)).Key)
	found, _ := o.reindex()
	if f := found[sealed]; f.Action != reindex.Broken || !errors.Is(f.Err, dossier.ErrBroken) {
		t.Errorf("a manifest without any history: %+v", f)
	}
}
