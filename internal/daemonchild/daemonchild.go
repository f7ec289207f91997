// Package daemonchild runs daemons as processes of their own, so that they can
// be killed, stopped and woken: the test binary runs itself. A daemon of another
// version runs from its own binary, under the same configuration.
package daemonchild

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"sambung/configs"
	"sambung/daemon"
	"sambung/internal/realservers"
)

// env names the configuration file of a daemon that this process is to be.
const env = "SAMBUNG_TEST_CHILD"

// Main ends the process with a daemon's exit code if it was started as one, and
// does nothing otherwise. TestMain calls it first.
func Main() {
	if file := os.Getenv(env); file != "" {
		os.Exit(serve(file))
	}
}

// serve is the daemon's process.
func serve(file string) int {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	config, err := configs.Load(file, nil) // the environment is the tester's
	if err == nil {
		var app *daemon.App
		if app, err = daemon.New(ctx, config, log); err == nil {
			err = app.Run(ctx)
		}
	}
	if err != nil {
		log.Error("the daemon ended", "error", err)
		return 1
	}
	return 0
}

// Start runs a daemon of this version until the test ends. It does not wait
// until the daemon serves.
func Start(t testing.TB, c configs.Config) *realservers.ProgramServer {
	t.Helper()
	return start(t, c, func(file string) *exec.Cmd {
		cmd := exec.Command(os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), env+"="+file)
		return cmd
	})
}

// StartProgram runs "PROGRAM serve" in the place of this version.
func StartProgram(t testing.TB, program string, c configs.Config) *realservers.ProgramServer {
	t.Helper()
	return start(t, c, func(file string) *exec.Cmd { return exec.Command(program, "serve", "--config", file) })
}

func start(t testing.TB, c configs.Config, command func(file string) *exec.Cmd) *realservers.ProgramServer {
	t.Helper()
	dir := t.TempDir()
	file, err := write(dir, c)
	if err != nil {
		t.Fatal(err)
	}
	return realservers.Run(t, realservers.Program{
		Name: c.Site.Node, Log: filepath.Join(dir, "log"), Command: func() *exec.Cmd { return command(file) },
	})
}
