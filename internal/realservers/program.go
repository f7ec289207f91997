package realservers

import (
	"context"
	"os/exec"
	"testing"
)

// Program is a server that this package knows nothing of.
type Program struct {
	Name    string
	Log     string // file that takes its output
	Command func() *exec.Cmd
	// Ready returns nil once it serves; nil does not wait for it.
	Ready func(context.Context) error
}

// ProgramServer is a program that runs, or has run.
type ProgramServer struct {
	process
	LogPath string
}

// Run starts a program, which is ended with the test.
func Run(t testing.TB, p Program) *ProgramServer {
	t.Helper()
	if p.Ready == nil {
		p.Ready = func(context.Context) error { return nil }
	}
	s := &ProgramServer{LogPath: p.Log, process: process{t: t, name: p.Name, log: p.Log, command: p.Command, ready: p.Ready}}
	s.run()
	return s
}

// ExitCode is how the run that was started last has ended; -1 if by a signal,
// or not yet.
func (s *ProgramServer) ExitCode() int {
	select {
	case <-s.child.exited:
		return s.child.cmd.ProcessState.ExitCode()
	default:
		return -1
	}
}
