package storagetest_test

import (
	"testing"
	"time"

	"sambung/storage"
	"sambung/storage/storagetest"
)

func clock() time.Time { return time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) }

func TestMemory(t *testing.T) {
	storagetest.Run(t, func(*testing.T) storage.Archive { return storagetest.NewMemory(clock) })
}

func TestFaultyWithoutFaults(t *testing.T) {
	storagetest.Run(t, func(*testing.T) storage.Archive {
		return storagetest.NewFaulty(storagetest.NewMemory(clock))
	})
}
