package ari

import (
	"net/http"
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails when a test leaves a goroutine behind.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(leaklessly{m})
}

// leaklessly gives up what the helpers of other packages keep open by intent.
type leaklessly struct{ m *testing.M }

func (l leaklessly) Run() int {
	defer http.DefaultClient.CloseIdleConnections()
	return l.m.Run()
}
