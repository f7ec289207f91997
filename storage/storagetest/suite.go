package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"sambung/storage"
)

// Run runs the suite. open returns an archive that a subtest may write into;
// it may be the same one for all of them.
func Run(t *testing.T, open func(t *testing.T) storage.Archive) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, fixture)
	}{
		{"round trip", roundTrip},
		{"body is read from its start", bodyFromStart},
		{"same content twice", sameTwice},
		{"other content", otherContent},
		{"concurrent, other contents", concurrentOthers},
		{"concurrent, same content", concurrentSame},
		{"not what was announced", notAnnounced},
		{"bad key", badKey},
		{"not found", notFound},
		{"list", list},
		{"list of several pages", listPages},
		{"cancelled", cancelled},
		{"check", check},
	} {
		t.Run(test.name, func(t *testing.T) {
			prefix := "suite/" + storage.Escape(t.Name()) + "/"
			test.run(t, fixture{t, open(t), prefix})
		})
	}
}

// fixture is an archive and the part of it that belongs to a subtest.
type fixture struct {
	t *testing.T
	storage.Archive
	prefix string
}

func (f fixture) object(name string, content []byte) storage.Object {
	return storage.Object{Key: f.prefix + name, Size: int64(len(content)), SHA256: Hash(content), ContentType: "audio/wav"}
}

func (f fixture) put(name string, content []byte) (storage.Object, error) {
	return f.Put(f.t.Context(), f.object(name, content), bytes.NewReader(content))
}

func (f fixture) mustPut(name string, content []byte) storage.Object {
	f.t.Helper()
	o, err := f.put(name, content)
	if err != nil {
		f.t.Fatalf("Put: %v", err)
	}
	return o
}

// wantContent fails the test unless exactly that lies under the name.
func (f fixture) wantContent(name string, want []byte) {
	f.t.Helper()
	body, o, err := f.Get(f.t.Context(), f.prefix+name)
	if err != nil {
		f.t.Fatalf("Get: %v", err)
	}
	defer body.Close()
	got, err := io.ReadAll(body)
	if err != nil || !bytes.Equal(got, want) {
		f.t.Errorf("Get: %d bytes, %v; want the %d bytes that were put", len(got), err, len(want))
	}
	if o.SHA256 != Hash(want) || o.Size != int64(len(want)) {
		f.t.Errorf("Get says %+v of %d bytes with hash %s", o, len(want), Hash(want))
	}
}

// wantNothing fails the test if anything lies under the name.
func (f fixture) wantNothing(name string) {
	f.t.Helper()
	if o, err := f.Stat(f.t.Context(), f.prefix+name); !errors.Is(err, storage.ErrNotFound) {
		f.t.Errorf("Stat: %+v, %v; want ErrNotFound", o, err)
	}
}

// pattern is content that differs by seed.
func pattern(seed, size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(seed*31 + i*7 + i>>8)
	}
	return b
}

func roundTrip(t *testing.T, f fixture) {
	for _, size := range []int{0, 1, 44, 64 << 10, 8<<20 + 1} {
		name := fmt.Sprintf("%d.wav", size)
		content := pattern(1, size)
		put := f.mustPut(name, content)
		stat, err := f.Stat(t.Context(), put.Key)
		if err != nil {
			t.Fatalf("Stat: %v", err)
		}
		want := f.object(name, content)
		for what, got := range map[string]storage.Object{"Put": put, "Stat": stat} {
			if got.Modified.IsZero() {
				t.Errorf("%s of %d bytes: no time", what, size)
			}
			if got.Modified = want.Modified; got != want {
				t.Errorf("%s: %+v, want %+v", what, got, want)
			}
		}
		f.wantContent(name, content)
	}
}

func bodyFromStart(t *testing.T, f fixture) {
	content := pattern(2, 1000)
	body := bytes.NewReader(content)
	if _, err := body.Seek(500, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Put(t.Context(), f.object("moved", content), body); err != nil {
		t.Fatalf("Put of a body that stands in its middle: %v", err)
	}
	f.wantContent("moved", content)
}

func notAnnounced(t *testing.T, f fixture) {
	content := pattern(3, 1000)
	for name, change := range map[string]func(*storage.Object){
		"longer":  func(o *storage.Object) { o.Size-- },
		"shorter": func(o *storage.Object) { o.Size++ },
		"other":   func(o *storage.Object) { o.SHA256 = Hash(nil) },
		"no-hash": func(o *storage.Object) { o.SHA256 = "" },
		"capital": func(o *storage.Object) { o.SHA256 = strings.ToUpper(o.SHA256) },
		"unknown": func(o *storage.Object) { o.Size = -1 },
	} {
		o := f.object(name, content)
		change(&o)
		if _, err := f.Put(t.Context(), o, bytes.NewReader(content)); !errors.Is(err, storage.ErrBody) {
			t.Errorf("%s: %v, want ErrBody", name, err)
		}
		f.wantNothing(name)
	}
}

func badKey(t *testing.T, f fixture) {
	const private = "Siti 0812"
	o := f.object("x", nil)
	o.Key = private
	_, put := f.Put(t.Context(), o, bytes.NewReader(nil))
	_, stat := f.Stat(t.Context(), private)
	_, _, get := f.Get(t.Context(), private)
	for op, err := range map[string]error{"Put": put, "Stat": stat, "Get": get} {
		if !errors.Is(err, storage.ErrKey) || strings.Contains(err.Error(), "Siti") {
			t.Errorf("%s: %v; want ErrKey without the key", op, err)
		}
	}
}

func notFound(t *testing.T, f fixture) {
	f.wantNothing("none")
	if _, _, err := f.Get(t.Context(), f.prefix+"none"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("Get: %v, want ErrNotFound", err)
	}
	f.mustPut("folder/object", []byte("x"))
	f.wantNothing("folder")
}

func check(t *testing.T, f fixture) {
	for range 2 { // the second time it finds what the first has left
		c, err := f.Check(t.Context())
		if err != nil || !c.ConditionalPut {
			t.Fatalf("Check: %+v, %v", c, err)
		}
	}
}

func cancelled(t *testing.T, f fixture) {
	f.mustPut("there", []byte("x"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	content := pattern(4, 1000)
	_, put := f.Put(ctx, f.object("new", content), bytes.NewReader(content))
	_, _, get := f.Get(ctx, f.prefix+"there")
	_, stat := f.Stat(ctx, f.prefix+"there")
	var listed error
	for _, err := range f.List(ctx, f.prefix) {
		listed = err
	}
	_, checked := f.Check(ctx)
	for op, err := range map[string]error{"Put": put, "Get": get, "Stat": stat, "List": listed, "Check": checked} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", op, err)
		}
	}
	f.wantNothing("new")
}

// keys lists the keys under a prefix, without that of the fixture.
func (f fixture) keys(prefix string) []string {
	f.t.Helper()
	var keys []string
	for o, err := range f.List(f.t.Context(), f.prefix+prefix) {
		if err != nil {
			f.t.Fatalf("List: %v", err)
		}
		if o.Modified.IsZero() {
			f.t.Errorf("List: %s has no time", o.Key)
		}
		keys = append(keys, strings.TrimPrefix(o.Key, f.prefix))
	}
	return keys
}

func list(t *testing.T, f fixture) {
	for _, name := range []string{"b/2", "a/10", "b/1", "a-1", "a/9", "A", "c"} {
		f.mustPut(name, []byte(name))
	}
	for prefix, want := range map[string][]string{
		"":    {"A", "a-1", "a/10", "a/9", "b/1", "b/2", "c"},
		"a":   {"a-1", "a/10", "a/9"},
		"a/":  {"a/10", "a/9"},
		"a/1": {"a/10"},
		"d":   nil,
	} {
		if got := f.keys(prefix); !slices.Equal(got, want) {
			t.Errorf("List(%q): %q, want %q", prefix, got, want)
		}
	}
	for o, err := range f.List(t.Context(), f.prefix) {
		if err != nil || o.Key != f.prefix+"A" || o.Size != 1 {
			t.Errorf("the first of the list is %+v, %v", o, err)
		}
		break // ends the list
	}
}
