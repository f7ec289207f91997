package embedded

import (
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// second is how often the store in the process is told that time goes by: its
// keys do not expire by themselves.
const second = time.Second

func (s *Server) startInProcess() error {
	m := miniredis.NewMiniRedis()
	m.RequireAuth(s.password)
	if err := m.StartAddr("127.0.0.1:0"); err != nil {
		return err
	}
	stop := make(chan struct{})
	var ticking sync.WaitGroup
	ticking.Go(func() {
		tick := time.NewTicker(second)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				m.FastForward(second)
			}
		}
	})
	s.addr, s.kind, s.volatile = m.Addr(), "in-process", true
	s.end = func() error {
		close(stop)
		ticking.Wait()
		m.Close()
		return nil
	}
	return nil
}
