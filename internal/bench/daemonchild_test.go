package bench_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"

	"sambung/configs"
	"sambung/daemon"
)

// daemonSpec says where the daemon's servers are.
type daemonSpec struct {
	Site, Redis, S3, AccessKey, SecretKey, Dir string
	Switches                                   []switchSpec
}

// switchSpec is where a switch is.
type switchSpec struct {
	Name, URL, User, Password, Trunk string
	Calls                            int // at once, at most
}

const apiToken = "bench-admin-token-0123456789abcdef"

func (s daemonSpec) config() configs.Config {
	c := configs.Default()
	c.Site = configs.Site{Name: s.Site, Node: "bench"}
	c.Redis.Addrs = []string{s.Redis}
	c.S3 = configs.S3{
		Endpoint: s.S3, Bucket: bucketName, CreateBucket: true,
		AccessKey: configs.NewSecret(s.AccessKey), SecretKey: configs.NewSecret(s.SecretKey),
	}
	c.Spool = configs.Spool{Dir: s.Dir, MaxBytes: 1 << 30}
	for _, w := range s.Switches {
		c.Switches = append(c.Switches, configs.Switch{
			Name: w.Name, URL: w.URL, Application: "sambung-bench", User: w.User, Password: configs.NewSecret(w.Password),
			Trunk: w.Trunk, DialFormat: configs.DialE164Plus, MaxCalls: w.Calls,
		})
	}
	c.Calls = configs.Calls{
		AgentRing: 30 * time.Second, TaxpayerRing: 30 * time.Second, WrapUp: 30 * time.Second, RingbackAfter: 10 * time.Second,
		MuteLimit: 5 * time.Second, MaxDuration: time.Hour, TrunkHold: time.Second, TrunkHoldMax: time.Second,
	}
	c.Calendar = configs.Calendar{AlwaysOpen: true}
	c.API.Listen = "127.0.0.1:0"
	c.API.Tokens = []configs.Token{{Name: "bench", Role: configs.RoleAdmin, Token: configs.NewSecret(apiToken)}}
	c.Drain.Limit = 5 * time.Second
	c.Lease.TTL = 10 * time.Second
	return c
}

// daemonProgram runs a daemon as sambung serve does, until its input ends. It
// says where its API is, and how much memory it holds when asked.
func daemonProgram(text []byte) error {
	var spec daemonSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return err
	}
	if file := os.Getenv("SAMBUNG_BENCH_PROFILE"); file != "" {
		out, err := os.Create(file)
		if err != nil {
			return err
		}
		defer out.Close()
		if err := pprof.StartCPUProfile(out); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	app, err := daemon.New(ctx, spec.config(), slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- app.Run(ctx) }()
	fmt.Println(app.Addr())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if lines.Text() == "memory" {
			fmt.Println(memory())
		}
	}
	stop()
	return <-ended
}

// memory is what the process holds once the garbage is gone: the heap, and the
// stacks of its goroutines, in bytes. It is the least of several looks: what
// happens to be at hand in one moment, such as a list of all agents, is not what
// conversations cost.
func memory() string {
	var heap, stacks uint64
	for i := range 12 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if i == 0 || m.HeapAlloc+m.StackInuse < heap+stacks {
			heap, stacks = m.HeapAlloc, m.StackInuse
		}
		time.Sleep(250 * time.Millisecond) // another moment
	}
	return fmt.Sprintf("%d %d", heap, stacks)
}

// memory asks the daemon for its heap and its stacks, in bytes.
func (c *child) memory() (heap, stacks float64) {
	c.tb.Helper()
	if _, err := fmt.Fscan(strings.NewReader(c.ask("memory")), &heap, &stacks); err != nil {
		c.tb.Fatal(err)
	}
	return heap, stacks
}
