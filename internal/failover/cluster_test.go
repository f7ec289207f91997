package failover

import (
	"testing"

	"sambung/configs"
	"sambung/internal/realservers"
	"sambung/queue"
)

// TestCluster: the whole life of follow-ups with the ledger on a Redis Cluster.
// All its keys carry one hash tag, so that one of the servers keeps all of it.
func TestCluster(t *testing.T) {
	var addrs []string
	for _, s := range realservers.Cluster(t, 3) {
		addrs = append(addrs, s.Addr)
	}
	o := newOffice(t, 2, configs.Redis{Addrs: addrs})
	o.daemon("node-a")
	ids := []queue.ID{o.enqueue(1), o.enqueue(2), o.enqueue(3)}
	o.over(ids...)
	for i, id := range ids {
		if s := o.state(id); s.Outcome != queue.OutcomeDelivered || s.Dossier != queue.DossierSealed || o.rung(i+1) != 1 {
			t.Errorf("follow-up %d: outcome %q, dossier %s, rung %d times", i+1, s.Outcome, s.Dossier, o.rung(i+1))
		}
	}
	if err := o.queue.Check(t.Context()); err != nil {
		t.Errorf("check: %v", err)
	}
}
