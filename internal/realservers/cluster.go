package realservers

import (
	"context"
	"fmt"
	"net"
	"slices"
	"testing"
)

const clusterSlots = 16384

// Cluster starts a Redis Cluster of so many masters without replicas, and
// returns when each of them knows that all slots are served.
func Cluster(t testing.TB, masters int) []*RedisServer {
	t.Helper()
	var servers []*RedisServer
	for range masters {
		servers = append(servers, Redis(t,
			RedisConfig("cluster-enabled", "yes"), RedisConfig("cluster-config-file", "nodes.conf"), RedisConfig("cluster-port", fmt.Sprint(singlePorts.reserve(t)))))
	}
	ctx, cancel := context.WithTimeout(t.Context(), startLimit)
	defer cancel()
	for i, s := range servers {
		first, last := i*clusterSlots/masters, (i+1)*clusterSlots/masters-1
		command := fmt.Sprintf("CLUSTER ADDSLOTSRANGE %d %d", first, last)
		if _, err := redisLines(ctx, s.Addr, command); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			continue
		}
		host, port, _ := net.SplitHostPort(servers[0].Addr)
		bus, err := redisLines(ctx, servers[0].Addr, "CONFIG GET cluster-port")
		if err != nil || len(bus) != 2 {
			t.Fatalf("the cluster port: %v, %v", bus, err)
		}
		if _, err := redisLines(ctx, s.Addr, "CLUSTER MEET "+host+" "+port+" "+bus[1]); err != nil {
			t.Fatal(err)
		}
	}
	waitUntil(t, "the cluster is whole", func(ctx context.Context) error {
		for _, s := range servers {
			info, err := redisLines(ctx, s.Addr, "CLUSTER INFO")
			if err != nil {
				return err
			}
			if !slices.Contains(info, "cluster_state:ok") || !slices.Contains(info, fmt.Sprintf("cluster_known_nodes:%d", masters)) {
				return fmt.Errorf("%s: %v", s.Addr, info)
			}
		}
		return nil
	})
	return servers
}
