package soak_test

import (
	"context"
	"errors"
	"time"

	"sambung/daemon"
	"sambung/daemon/epoch"
	"sambung/daemon/reindex"
)

// operator does what the operator's guide asks of people.
type operator struct {
	lookAt    time.Time // at the epoch, next
	behind    bool      // it was when last looked at
	reindexed int
}

// operatorLooks is how often the ledger is held against its marks.
const operatorLooks = 2 * time.Second

// exited reports whether the daemon's process has ended.
func (n *node) exited() bool {
	select {
	case <-n.Exited():
		return true
	default:
		return false
	}
}

// supervise starts daemons that ended by themselves, as systemd would: one that
// finds the ledger or the bucket away when it starts does. A ledger that lost the
// mark of an epoch together with the daemon that made it is for the operator.
func (c *chaos) supervise() {
	if time.Now().After(c.lookAt) && !c.isHurt("redis") && !c.isHurt("bucket") {
		c.lookAt = time.Now().Add(operatorLooks)
		ctx, cancel := context.WithTimeout(c.site.t.Context(), askedLimit)
		defer cancel()
		was := c.behind
		c.behind = errors.Is(epoch.Check(ctx, c.site.queue, c.site.archive), epoch.ErrSetBack)
		if was && c.behind {
			c.reindex()
		}
	}
	for _, n := range c.site.daemons {
		if n.exited() && !c.isHurt(n.name) {
			n.Restart()
		}
	}
}

// reindex stops every daemon and brings the ledger up to date, as the guide says
// under "A ledger that was lost or set back".
func (c *chaos) reindex() {
	s := c.site
	for _, n := range s.daemons {
		n.Kill()
	}
	var owned *reindex.OwnedError
	for deadline := time.Now().Add(settleLimit); ; time.Sleep(100 * time.Millisecond) { // leases of the killed run out
		sum, err := daemon.Reindex(s.t.Context(), s.config("operator"), false, func(f reindex.Finding) {
			if f.Action != reindex.Unchanged {
				s.t.Logf("reindex: %s %s, %d activities, handed back %t: %v", f.FollowUp, f.Action, f.Activities, f.HandedBack, f.Err)
			}
		})
		if err == nil {
			s.t.Logf("%s the operator brought the ledger up to date: %+v", time.Now().Format("15:04:05.000"), sum)
			c.reindexed, c.behind = c.reindexed+1, false
			return
		}
		if !errors.As(err, &owned) {
			s.t.Logf("reindex: %v", err) // the ledger or the bucket is away: once more at the next look
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("reindex: %v", err)
		}
	}
}
