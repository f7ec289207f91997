package bench_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// bareSpec is what the bare loop is told.
type bareSpec struct {
	Switch switchSpec
	Agents []string // endpoints
}

// bareOrder asks for calls to the numbers from First on.
type bareOrder struct{ First, Calls, AtOnce int }

// bareReport says when each call was begun, and how long all of them took.
type bareReport struct {
	Took  time.Duration
	Began map[string]time.Time // by number
	Error string
}

// bareProgram makes the calls it is ordered to make, by lines of JSON.
func bareProgram(text []byte) error {
	var spec bareSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return err
	}
	ari, err := openBareARI(context.Background(), spec.Switch, "bare-bench")
	if err != nil {
		return err
	}
	fmt.Println("ready")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var order bareOrder
		if err := json.Unmarshal(lines.Bytes(), &order); err != nil {
			return err
		}
		answer, err := json.Marshal(bareLoop(ari, spec, order))
		if err != nil {
			return err
		}
		fmt.Println(string(answer))
	}
	return nil
}

// bareLoop makes calls, so many at once, and ends when every file was fetched.
func bareLoop(ari *bareARI, spec bareSpec, o bareOrder) bareReport {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	report := bareReport{Began: make(map[string]time.Time)}
	var mu sync.Mutex // report, errs
	var errs []error
	var callers, fetchers sync.WaitGroup
	var next atomic.Int64
	began := time.Now()
	for worker := range o.AtOnce {
		callers.Go(func() {
			for n := next.Add(1); n <= int64(o.Calls); n = next.Add(1) {
				number := phone(int64(o.First) + n - 1)
				c := bareCall{ari: ari, id: fmt.Sprintf("bare%d", int64(o.First)+n), agent: spec.Agents[worker], taxpayer: "PJSIP/" + number + "@" + spec.Switch.Trunk}
				mu.Lock()
				report.Began[number] = time.Now()
				mu.Unlock()
				err := c.run(ctx)
				mu.Lock()
				errs = append(errs, err)
				mu.Unlock()
				fetchers.Go(func() { // the next call does not wait for it
					err := c.fetch(ctx)
					mu.Lock()
					errs = append(errs, err)
					mu.Unlock()
				})
			}
		})
	}
	callers.Wait()
	fetchers.Wait()
	report.Took = time.Since(began)
	if err := errors.Join(errs...); err != nil {
		report.Error = err.Error()
	}
	return report
}

// bareCall is the flow of a call without a ledger, an intent, a doubt.
type bareCall struct {
	ari                 *bareARI
	id, agent, taxpayer string

	events chan bareEvent
	seen   map[string]bool // "<type> <object>" and "Up <channel>"
}

func (c *bareCall) run(ctx context.Context) error {
	c.events, c.seen = c.ari.subscribe(c.id), make(map[string]bool)
	defer c.ari.unsubscribe(c.id)
	for _, step := range []func(context.Context) error{c.ringAgent, c.record, c.talk, c.end} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("%s: %w", c.id, err)
		}
	}
	return nil
}

// await reads events until all of these were seen.
func (c *bareCall) await(ctx context.Context, marks ...string) error {
	limit := time.NewTimer(20 * time.Second)
	defer limit.Stop()
	for _, mark := range marks {
		for !c.seen[mark] {
			select {
			case e := <-c.events:
				c.seen[e.Type+" "+e.object()] = true
				c.seen[e.Channel.State+" "+e.Channel.ID] = true
			case <-limit.C:
				return fmt.Errorf("no %s", mark)
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

// leg makes a channel and waits until it is in the application.
func (c *bareCall) leg(ctx context.Context, name, endpoint string) error {
	err := c.ari.post(ctx, "/channels/create", "app", c.ari.app, "channelId", name, "endpoint", endpoint)
	if err != nil {
		return err
	}
	return c.await(ctx, "StasisStart "+name)
}

func (c *bareCall) ringAgent(ctx context.Context) error {
	name := c.id + "-agent"
	if err := c.ari.post(ctx, "/bridges/"+c.id+"-room", "type", "mixing"); err != nil {
		return err
	}
	if err := c.leg(ctx, name, c.agent); err != nil {
		return err
	}
	if err := c.ari.post(ctx, "/channels/"+name+"/dial", "timeout", "30"); err != nil {
		return err
	}
	if err := c.await(ctx, "Up "+name); err != nil {
		return err
	}
	return c.ari.post(ctx, "/bridges/"+c.id+"-room/addChannel", "channel", name)
}

func (c *bareCall) record(ctx context.Context) error {
	if err := c.leg(ctx, c.id+"-taxpayer", c.taxpayer); err != nil {
		return err
	}
	for _, side := range []string{"-agent", "-taxpayer"} {
		snoop := c.id + side + "-snoop"
		if err := c.ari.post(ctx, "/channels/"+c.id+side+"/snoop/"+snoop, "app", c.ari.app, "spy", "in"); err != nil {
			return err
		}
		if err := c.await(ctx, "StasisStart "+snoop); err != nil {
			return err
		}
	}
	for _, side := range []string{"-agent", "-taxpayer"} {
		if err := c.ari.post(ctx, "/channels/"+c.id+side+"-snoop/record", "name", c.id+side, "format", "wav"); err != nil {
			return err
		}
	}
	return c.await(ctx, "RecordingStarted "+c.id+"-agent", "RecordingStarted "+c.id+"-taxpayer")
}

func (c *bareCall) talk(ctx context.Context) error {
	name := c.id + "-taxpayer"
	if err := c.ari.post(ctx, "/bridges/"+c.id+"-room/addChannel", "channel", name); err != nil {
		return err
	}
	if err := c.ari.post(ctx, "/channels/"+name+"/dial", "timeout", "30"); err != nil {
		return err
	}
	if err := c.await(ctx, "Up "+name); err != nil {
		return err
	}
	if err := c.ari.post(ctx, "/bridges/"+c.id+"-room/play", "media", "sound:sambung/id/announcement"); err != nil {
		return err
	}
	return c.await(ctx, "ChannelDestroyed "+name)
}

func (c *bareCall) end(ctx context.Context) error {
	for _, side := range []string{"-agent", "-taxpayer"} {
		// The taxpayer's ended with its leg: that is no fault.
		if err := c.ari.post(ctx, "/recordings/live/"+c.id+side+"/stop"); err != nil && !errors.Is(err, errBare) {
			return err
		}
	}
	if err := c.await(ctx, "RecordingFinished "+c.id+"-agent", "RecordingFinished "+c.id+"-taxpayer"); err != nil {
		return err
	}
	if err := c.ari.delete(ctx, "/channels/"+c.id+"-agent"); err != nil {
		return err
	}
	if err := c.await(ctx, "ChannelDestroyed "+c.id+"-agent"); err != nil {
		return err
	}
	return c.ari.delete(ctx, "/bridges/"+c.id+"-room")
}

// fetch reads both files and removes them.
func (c *bareCall) fetch(ctx context.Context) error {
	for _, side := range []string{"-agent", "-taxpayer"} {
		stored := "/recordings/stored/" + c.id + side
		if err := c.ari.exchange(ctx, http.MethodGet, stored+"/file", nil); err != nil {
			return err
		}
		if err := c.ari.delete(ctx, stored); err != nil {
			return err
		}
	}
	return nil
}
