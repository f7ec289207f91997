package storage_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"sambung/storage"
)

const id = "01KAQ0C8J2X3M4N5P6Q7R8S9TA"

// jakarta is the office's zone, without daylight saving.
var jakarta = time.FixedZone("WIB", 7*60*60)

func TestKeys(t *testing.T) {
	// 18.30 UTC of the 22nd is half past one of the 23rd at the office.
	day := time.Date(2026, 11, 22, 18, 30, 0, 0, time.UTC).In(jakarta)
	for _, c := range []struct {
		want string
		key  func() (string, error)
	}{
		{"recordings/2026/11/23/" + id + "/1.wav", func() (string, error) { return storage.RecordingKey(day, id, 1) }},
		{"history/2026/11/23/" + id + "/12.jsonl", func() (string, error) { return storage.HistoryKey(day, id, 12) }},
		{"manifests/2026/11/23/" + id + ".json", func() (string, error) { return storage.ManifestKey(day, id) }},
		{"pointers/tickets/ESK-2026_2f0017/" + id + ".json", func() (string, error) { return storage.TicketPointerKey("ESK-2026/0017", id) }},
		{"pointers/agents/agent-1/2026/11/23/" + id + ".json", func() (string, error) { return storage.AgentPointerKey("agent-1", day, id) }},
		{"pointers/days/2026/11/23/" + id + ".json", func() (string, error) { return storage.DayPointerKey(day, id) }},
	} {
		if got, err := c.key(); err != nil || got != c.want {
			t.Errorf("%q, %v; want %q", got, err, c.want)
		}
	}
	if prefix := storage.TicketPrefix("ESK-2026/0017"); prefix != "pointers/tickets/ESK-2026_2f0017/" {
		t.Errorf("prefix %q", prefix)
	}
}

func TestKeysRefuse(t *testing.T) {
	day := time.Date(2026, 11, 23, 9, 0, 0, 0, jakarta)
	for _, bad := range []string{"", "../up", "a/b", "Siti Rahayu", "a.b", strings.Repeat("9", 600)} {
		_, recording := storage.RecordingKey(day, bad, 1)
		_, history := storage.HistoryKey(day, bad, 1)
		_, manifest := storage.ManifestKey(day, bad)
		_, ticket := storage.TicketPointerKey("t", bad)
		_, agent := storage.AgentPointerKey("a", day, bad)
		_, date := storage.DayPointerKey(day, bad)
		for builder, err := range map[string]error{"recording": recording, "history": history, "manifest": manifest, "ticket": ticket, "agent": agent, "day": date} {
			if !errors.Is(err, storage.ErrKey) || strings.Contains(err.Error(), "Siti") {
				t.Errorf("%s key of the id %.20q: %v; want ErrKey without the id", builder, bad, err)
			}
		}
	}
	for _, n := range []int{0, -1} {
		if key, err := storage.RecordingKey(day, id, n); !errors.Is(err, storage.ErrKey) {
			t.Errorf("attempt %d: %q, %v", n, key, err)
		}
	}
	for _, ticket := range []string{"", "..", "/", "Tiket Siti +62 812", strings.Repeat("é", 500)} {
		if _, err := storage.TicketPointerKey(ticket, id); err != nil {
			t.Errorf("the ticket %.20q has no key: %v", ticket, err)
		}
	}
}

func TestValidateKey(t *testing.T) {
	for _, good := range []string{"a", "a/b", "A-1_2.wav", "probe/conditional-put", strings.Repeat("a", storage.MaxKeyLength)} {
		if err := storage.ValidateKey(good); err != nil {
			t.Errorf("%.20q: %v", good, err)
		}
	}
	for bad, want := range map[string]string{
		"": "0 bytes", strings.Repeat("a", storage.MaxKeyLength+1): "513 bytes", "/a": "byte 0", "a/": "slash", "a//b": "byte 2",
		"a/../b": "byte 2", ".": "byte 0", "a/.b": "byte 2", "a b": "byte 1", "a\\b": "byte 1", "a\x00": "byte 1", "é": "byte 0", "a+b": "byte 1", "a%2fb": "byte 1",
	} {
		if err := storage.ValidateKey(bad); !errors.Is(err, storage.ErrKey) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v, want ErrKey that says %q", bad, err, want)
		}
	}
}

func TestEscape(t *testing.T) {
	for text, want := range map[string]string{
		"ESK-17": "ESK-17", "a b": "a_20b", "_": "_5f", "": "_h", "..": "_2e_2e", "é": "_c3_a9", "a/b\x00": "a_2fb_00",
		strings.Repeat("a", 128): strings.Repeat("a", 128),
	} {
		if got := storage.Escape(text); got != want {
			t.Errorf("Escape(%q) = %q, want %q", text, got, want)
		}
	}
	long, longer := storage.Escape(strings.Repeat("a", 129)), storage.Escape(strings.Repeat("a", 130))
	if len(long) > 128 || len(longer) > 128 || long == longer {
		t.Errorf("long texts become %q and %q", long, longer)
	}
}

var segment = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,128}$`)

func FuzzEscape(f *testing.F) {
	f.Add("ESK-17", "ESK_17")
	f.Add("_20", " ")
	f.Add(strings.Repeat("a", 129), strings.Repeat("a", 42)+"_h")
	f.Add("", "_h")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := storage.Escape(a), storage.Escape(b)
		if !segment.MatchString(x) {
			t.Errorf("Escape(%q) = %q", a, x)
		}
		if (a == b) != (x == y) {
			t.Errorf("%q and %q become %q and %q", a, b, x, y)
		}
	})
}
