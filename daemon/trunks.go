package daemon

import (
	"context"

	"sambung/telephony/ari"
)

// trunksDown tells whether every switch knows its trunk to be away. It asks
// without an event stream, so it takes nothing over; a switch that does not
// answer tells nothing about its trunk.
func (a *App) trunksDown(ctx context.Context) bool {
	for _, s := range a.config.Switches {
		client, err := ari.New(SwitchAddress(s))
		if err != nil {
			return false // its keeper says so
		}
		trunk, err := client.Endpoint(ctx, s.Trunk)
		client.Close()
		if err != nil || trunk.State != ari.EndpointOffline {
			return false
		}
	}
	return true
}
