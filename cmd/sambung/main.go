// Command sambung is the daemon and its command line. Each command is a file of its
// own. Most speak to a daemon's HTTP API; serve and demo are daemons, phone is a telephone,
// and doctor, reindex and recordings verify look at an installation by its configuration.
//
// Exit codes: 0 done, 1 failed, 2 usage, 3 not found, 4 refused or conflict.
package main

import (
	"context"
	"log/slog"
	"os"

	"golang.org/x/sys/unix"

	"sambung/daemon"
)

func main() {
	daemon.LogRedis(slog.New(slog.DiscardHandler)) // a command says itself what is wrong; one that is a daemon has a log
	os.Exit(run(context.Background(), os.Args[1:], surroundings{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, environ: os.Environ(), terminal: isTerminal(os.Stdout),
		size: func() (columns, rows int) { return sizeOf(os.Stdout) },
	}))
}

// sizeOf is the size of a terminal in characters; zero if it is none.
func sizeOf(f *os.File) (columns, rows int) {
	size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0, 0
	}
	return int(size.Col), int(size.Row)
}

// isTerminal reports whether people read along.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
