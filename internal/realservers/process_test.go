package realservers

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A test process that is killed takes its servers with it, even after the
// goroutine that started them has long ended.
func TestServerEndsWithTheProcess(t *testing.T) {
	t.Parallel()
	if os.Getenv("REALSERVERS_CHILD") != "" {
		fmt.Printf("addr %s\n", Redis(t).Addr)
		select {} // until killed
	}
	program(t, "redis-server") // skip here rather than in the child
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "REALSERVERS_CHILD=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()

	var addr string
	for lines := bufio.NewScanner(out); addr == "" && lines.Scan(); {
		addr, _ = strings.CutPrefix(lines.Text(), "addr ")
	}
	watch, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer watch.Close()
	cmd.Process.Kill()
	watch.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := watch.Read(make([]byte, 1)); err == nil || os.IsTimeout(err) {
		t.Fatalf("the server still runs: %v", err)
	}
}

func TestStartReportsTheLog(t *testing.T) {
	t.Parallel()
	p := process{
		t:       t,
		name:    "broken",
		log:     t.TempDir() + "/log",
		command: func() *exec.Cmd { return exec.Command("sh", "-c", "echo no such directive; exit 3") },
		ready:   func(context.Context) error { return errors.New("nobody listens") },
	}
	err := p.tryStart()
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "no such directive") {
		t.Errorf("the error is %v, want the exit status and the log", err)
	}
}
