package bench_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// What is compared runs in processes of its own, so that its CPU and memory can
// be told apart from those of the telephones: the test binary runs itself.
const (
	childEnv     = "SAMBUNG_BENCH_CHILD"      // which program
	childSpecEnv = "SAMBUNG_BENCH_CHILD_SPEC" // its input, JSON
)

// programs are those that the test binary can be.
func programs() map[string]func(spec []byte) error {
	return map[string]func([]byte) error{"daemon": daemonProgram, "bare": bareProgram, "simulators": simProgram}
}

func TestMain(m *testing.M) {
	name := os.Getenv(childEnv)
	if name == "" {
		os.Exit(m.Run())
	}
	if err := programs()[name]([]byte(os.Getenv(childSpecEnv))); err != nil {
		fmt.Fprintln(os.Stderr, name+":", err)
		os.Exit(1)
	}
}

// child is one of the programs: it is told what to do by lines, and answers
// each with a line.
type child struct {
	tb      testing.TB
	name    string
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers *bufio.Scanner
	log     string
	stopped bool
}

// run starts a program and waits for its first line, which is returned.
func run(tb testing.TB, name string, spec any) (*child, string) {
	tb.Helper()
	text, err := json.Marshal(spec)
	if err != nil {
		tb.Fatal(err)
	}
	c := &child{tb: tb, name: name, log: filepath.Join(tb.TempDir(), name+".log")}
	c.cmd = exec.Command(os.Args[0], "-test.run=^$")
	c.cmd.Env = append(os.Environ(), childEnv+"="+name, childSpecEnv+"="+string(text))
	log, err := os.Create(c.log)
	if err != nil {
		tb.Fatal(err)
	}
	defer log.Close()
	c.cmd.Stderr = log
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		tb.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	c.answers = bufio.NewScanner(out)
	c.answers.Buffer(nil, 16<<20)
	if err := c.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(c.stop)
	return c, c.answer()
}

// stop ends the program by the end of its input, or after a while at once.
func (c *child) stop() {
	if c.stopped {
		return
	}
	c.stopped = true
	_ = c.in.Close()
	late := time.AfterFunc(time.Minute, func() {
		c.tb.Errorf("%s did not end within a minute", c.name)
		_ = c.cmd.Process.Kill()
	})
	defer late.Stop()
	for c.answers.Scan() { // until its output ends
	}
	if err := c.cmd.Wait(); err != nil {
		c.tb.Errorf("%s ended: %v", c.name, err)
	}
	if text, err := os.ReadFile(c.log); err == nil && c.tb.Failed() {
		c.tb.Logf("the log of %s ends:\n%s", c.name, text[max(0, len(text)-4000):])
	}
}

// ask gives a command and returns the answer.
func (c *child) ask(command string) string {
	c.tb.Helper()
	if _, err := io.WriteString(c.in, command+"\n"); err != nil {
		c.tb.Fatalf("%s: %v", c.name, err)
	}
	return c.answer()
}

func (c *child) answer() string {
	c.tb.Helper()
	if !c.answers.Scan() {
		text, _ := os.ReadFile(c.log)
		c.tb.Fatalf("%s ended without an answer: %v\n%s", c.name, c.answers.Err(), text[max(0, len(text)-4000):])
	}
	return c.answers.Text()
}
