package apitest

import (
	"context"

	"sambung/daemon/api"
	"sambung/queue"
)

// Telephones are those in browsers, by endpoint.
type Telephones map[string]api.Telephone

// Telephone implements api.Telephones.
func (m Telephones) Telephone(switchName, endpoint string) (api.Telephone, bool, error) {
	t, ok := m[endpoint]
	return t, ok && switchName == Switch, nil
}

// Inspector finds everything in order.
type Inspector struct{}

// System implements api.Inspector.
func (Inspector) System(context.Context) api.System {
	return api.System{
		Version: "test", Node: "test", Dialling: api.Part{OK: true}, Redis: api.Part{OK: true}, Archive: api.Part{OK: true},
		Switches: []api.SwitchState{{Name: Switch, Owned: true, Reachable: true}}, Counts: map[queue.Status]int{},
	}
}
