package journal

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sambung/queue"
)

func record(id string, k queue.Kind) Record {
	return Record{FollowUp: queue.ID(id), Switch: "pbx1", Entry: queue.Entry{
		At: time.Date(2026, 11, 26, 2, 3, 4, 5e6, time.UTC), Actor: queue.ActorSwitch("pbx1"), Kind: k, Details: queue.Details{Attempt: 1, Result: queue.ResultAnswered},
	}}
}

func open(t testing.TB, dir string) *Journal {
	t.Helper()
	j, damaged, err := Open(dir)
	if err != nil || damaged != 0 {
		t.Fatalf("opening: %d damaged lines, %v", damaged, err)
	}
	return j
}

func keep(t testing.TB, j *Journal, r Record) Kept {
	t.Helper()
	kept, err := j.Keep(r)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func kinds(j *Journal) (list []queue.Kind) {
	for _, k := range j.Left("pbx1") {
		list = append(list, k.Entry.Kind)
	}
	return list
}

// TestWhatIsLeftIsThereAgain: after a death of the process, in its order, and
// what was told is not.
func TestWhatIsLeftIsThereAgain(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	first := keep(t, j, record("A", queue.KindTaxpayerAnswered))
	keep(t, j, record("A", queue.KindAnnouncementPlayed))
	keep(t, j, record("A", queue.KindCallEnded))
	if err := j.Told(first.Number); err != nil {
		t.Fatal(err)
	}
	// The process dies: nothing is closed.
	again := open(t, dir)
	if got, want := kinds(again), []queue.Kind{queue.KindAnnouncementPlayed, queue.KindCallEnded}; !slices.Equal(got, want) {
		t.Errorf("left are %v, want %v", got, want)
	}
	if got, want := again.Left("pbx1")[1].Record, record("A", queue.KindCallEnded); got.Entry.Details.Result != want.Entry.Details.Result || !got.Entry.At.Equal(want.Entry.At) || got.FollowUp != want.FollowUp {
		t.Errorf("read %+v, want %+v", got, want)
	}
	if left := again.Left("pbx2"); len(left) != 0 {
		t.Errorf("another switch has %v", left)
	}
}

// TestTheFileIsEmptiedWhenNothingIsLeft: it does not grow for ever.
func TestTheFileIsEmptiedWhenNothingIsLeft(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	for range 10 {
		if err := j.Told(keep(t, j, record("A", queue.KindCallEnded)).Number); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() != 0 {
		t.Errorf("the file has %d bytes, %v", info.Size(), err)
	}
}

// TestDamage: a line that was cut off while it was written is passed over, a
// damaged one among others is counted, and both cost nothing else.
func TestDamage(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	for _, k := range []queue.Kind{queue.KindAgentAnswered, queue.KindTaxpayerAnswered, queue.KindCallEnded} {
		keep(t, j, record("A", k))
	}
	path := filepath.Join(dir, name)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1 // in the second of three lines of about the same length
	if err := os.WriteFile(path, data[:len(data)-5], 0o600); err != nil {
		t.Fatal(err)
	}
	again, damaged, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := kinds(again), []queue.Kind{queue.KindAgentAnswered}; damaged != 1 || !slices.Equal(got, want) {
		t.Errorf("%d damaged lines, left are %v; want 1 and %v", damaged, got, want)
	}
	keep(t, again, record("A", queue.KindCallEnded))
	if third, damaged, err := Open(dir); err != nil || damaged != 1 || len(kinds(third)) != 2 {
		t.Errorf("after another record: %v, %d damaged, %v", kinds(third), damaged, err)
	}
}

// TestAnyOrder: whatever is kept, told and cut off by a death in between, what is
// left is what was kept and not told.
func TestAnyOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		j := open(t, dir)
		var model []uint64
		rt.Repeat(map[string]func(*rapid.T){
			"keep": func(*rapid.T) { model = append(model, keep(t, j, record("A", queue.KindCallEnded)).Number) },
			"tell": func(rt *rapid.T) {
				if len(model) == 0 {
					rt.SkipNow()
				}
				i := rapid.IntRange(0, len(model)-1).Draw(rt, "which")
				if err := j.Told(model[i]); err != nil {
					rt.Fatal(err)
				}
				model = slices.Delete(model, i, i+1)
			},
			"die": func(*rapid.T) { j = open(t, dir) },
			"": func(rt *rapid.T) {
				var numbers []uint64
				for _, k := range j.Left("pbx1") {
					numbers = append(numbers, k.Number)
				}
				if !slices.Equal(numbers, model) || j.Depth() != len(model) {
					rt.Fatalf("left are %v, want %v", numbers, model)
				}
			},
		})
	})
}

func FuzzDecode(f *testing.F) {
	r := record("A", queue.KindCallEnded)
	whole, err := encode(line{1, &r})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole[:len(whole)-1])
	f.Add([]byte("00000000 {}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := decode(text)
		if err != nil {
			return
		}
		again, err := encode(l)
		if err != nil {
			t.Fatalf("%+v was read, and cannot be written: %v", l, err)
		}
		if _, err := decode(again[:len(again)-1]); err != nil {
			t.Fatalf("%q was written, and cannot be read: %v", again, err)
		}
	})
}
