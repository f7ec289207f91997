package realservers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"
)

const (
	startLimit = 30 * time.Second // a server that is not ready by then has failed
	stopLimit  = 10 * time.Second // after it a SIGTERM is followed by SIGKILL
	probeEvery = 10 * time.Millisecond
	probeLimit = 2 * time.Second // of a single probe
)

// process is a server child that can be killed and started anew.
type process struct {
	t       testing.TB
	name    string
	command func() *exec.Cmd
	ready   func(context.Context) error // nil once the server serves
	log     string                      // file that takes the child's output

	child *child // the one started last
}

// child is one run of the server's program.
type child struct {
	cmd    *exec.Cmd
	exited chan struct{} // closed when the program has ended and was reaped
}

// run starts p and has it ended with the test.
func (p *process) run() {
	p.t.Helper()
	p.t.Cleanup(func() {
		p.Kill()
		if p.t.Failed() {
			p.t.Logf("%s's log ends:\n%s", p.name, tail(p.log))
		}
	})
	p.start()
}

// start starts the program and returns when the server serves.
func (p *process) start() {
	p.t.Helper()
	if err := p.tryStart(); err != nil {
		p.t.Fatalf("start %s: %v", p.name, err)
	}
}

func (p *process) tryStart() error {
	cmd := p.command()
	out, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true // a Ctrl-C meant for the test is not for the server
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	if p.child, err = spawn(cmd); err != nil {
		return err
	}
	if err := p.waitReady(); err != nil {
		p.Kill()
		return fmt.Errorf("%w; its log ends:\n%s", err, tail(p.log))
	}
	return nil
}

// spawn starts cmd from a thread that lives as long as the child: the kernel
// sends the parent-death signal when the *thread* that forked ends, and
// otherwise Go might end that thread while the process goes on.
func spawn(cmd *exec.Cmd) (*child, error) {
	c := &child{cmd: cmd, exited: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // its exit status says only how the test ended it
			close(c.exited)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return c, nil
}

// waitReady asks the server until it serves, has ended, or took too long.
func (p *process) waitReady() error {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	pause := time.NewTicker(probeEvery)
	defer pause.Stop()
	for {
		probe, done := context.WithTimeout(ctx, probeLimit)
		err := p.ready(probe)
		done()
		if err == nil {
			return nil
		}
		select {
		case <-p.child.exited:
			return errors.New("it ended by itself: " + p.child.cmd.ProcessState.String())
		case <-ctx.Done():
			return errors.Join(errors.New("not ready after "+startLimit.String()), err)
		case <-pause.C:
		}
	}
}

// Kill ends the server at once (SIGKILL), as a power cut would, and waits until
// it is gone. It may be called from any goroutine, though not at the same time
// as another method, and again.
func (p *process) Kill() {
	if p.child == nil {
		return
	}
	p.Signal(syscall.SIGKILL)
	<-p.child.exited
}

// Stop asks the server to end (SIGTERM) and waits until it is gone. One that
// takes longer than 10 seconds is killed, and the test's log says so.
func (p *process) Stop() {
	p.t.Helper()
	p.Signal(syscall.SIGTERM)
	select {
	case <-p.child.exited:
	case <-time.After(stopLimit):
		p.t.Logf("%s did not end within %s of SIGTERM: killed", p.name, stopLimit)
		p.Kill()
	}
}

// Restart kills the server if it still runs and starts it anew, with the same
// address and data. It returns when the server serves again.
func (p *process) Restart() {
	p.t.Helper()
	p.Kill()
	p.start()
}

// Pause freezes the server (SIGSTOP): its connections stay open and nothing
// answers. Resume thaws it. Both may be called from any goroutine.
func (p *process) Pause() { p.Signal(syscall.SIGSTOP) }

// Resume lets a paused server go on (SIGCONT).
func (p *process) Resume() { p.Signal(syscall.SIGCONT) }

// Signal sends a signal to the server; to one that has ended it does nothing.
func (p *process) Signal(sig os.Signal) {
	_ = p.child.cmd.Process.Signal(sig) // it fails only when the child was reaped
}

// Exited returns a channel that is closed when the run started last has ended.
func (p *process) Exited() <-chan struct{} { return p.child.exited }
