package daemon

import (
	"context"

	"sambung/daemon/epoch"
)

// trust is the dispatchers' word on the server that keeps the ledger. Claims
// reach another one only when it is not older than the archive, and when every
// switch of the configuration was compared with it.
type trust struct{ app *App }

func (t trust) Server(ctx context.Context, switchName string) (string, bool, error) {
	return t.app.queue.Server(ctx, switchName)
}

func (t trust) Compared(ctx context.Context, switchName, server string) error {
	return t.app.queue.Compared(ctx, switchName, server)
}

func (t trust) Trust(ctx context.Context) error {
	if err := epoch.Check(ctx, t.app.queue, t.app.archive); err != nil {
		return err
	}
	var switches []string
	for _, s := range t.app.config.Switches {
		switches = append(switches, s.Name)
	}
	return t.app.queue.Trust(ctx, switches)
}
