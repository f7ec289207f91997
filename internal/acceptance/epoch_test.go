package acceptance_test

import (
	"errors"
	"log/slog"
	"testing"

	"github.com/redis/go-redis/v9"

	"sambung/daemon"
	"sambung/daemon/epoch"
)

// TestLedgerSetBack: a Redis that came up empty, or with an old backup, beside
// the bucket of what was done since: the daemon refuses to start.
func TestLedgerSetBack(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	for range 3 {
		_, stop := s.runDaemon(slog.New(slog.DiscardHandler))
		stop()
	}
	client := redis.NewClient(&redis.Options{Addr: s.redis.Addr})
	defer client.Close()
	refused := func() error {
		app, err := daemon.New(t.Context(), s.config, slog.New(slog.DiscardHandler))
		if app != nil {
			t.Error("a daemon was made")
		}
		return err
	}
	backup, err := client.Dump(t.Context(), "{sambung:test}:epoch").Result()
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Set(t.Context(), "{sambung:test}:epoch", 2, 0).Err(); err != nil {
		t.Fatal(err)
	}
	if err := refused(); !errors.Is(err, epoch.ErrSetBack) {
		t.Errorf("an old backup: %v", err)
	}
	if err := client.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	if err := refused(); !errors.Is(err, epoch.ErrSetBack) {
		t.Errorf("an empty ledger: %v", err)
	}
	if err := client.Restore(t.Context(), "{sambung:test}:epoch", 0, backup).Err(); err != nil {
		t.Fatal(err)
	}
	_, stop := s.runDaemon(slog.New(slog.DiscardHandler))
	stop()
}
