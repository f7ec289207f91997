package acceptance_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sambung/internal/checker"
	"sambung/internal/daemonchild"
	"sambung/queue"
)

// previousFile names the commit or tag that is upgraded from. It is set to the
// last release when one is made.
const previousFile = "testdata/previous"

// TestRollingUpgrade runs the previous version and this one beside each other, on
// one ledger, one bucket and one switch. Each takes the calls of the other over,
// and nobody is rung twice.
func TestRollingUpgrade(t *testing.T) {
	const calls = 3 // under way at each handover
	program := buildPrevious(t)
	s := newSite(t, calls)
	s.config.Drain.Limit = time.Second // then they are the other's
	q := s.ledger()
	o := openOffice(t, s, q)
	for i := range calls {
		s.addAgent(q, i)
	}
	older := s.startPrevious("older-1", program)
	s.waitOwned("older-1")
	newer := s.startDaemon("newer", s.redis.Addr, s.asterisk.ARIURL)
	ids := o.handOver("UP", 0, older, "newer")
	older = s.startPrevious("older-2", program)
	ids = append(ids, o.handOver("DOWN", calls, newer, "older-2")...)
	for _, id := range ids {
		if st := s.state(q, id); st.Attempt != 1 || s.invitesOf(st.FollowUp.Taxpayer.Phone) != 1 {
			t.Errorf("follow-up %s: %d attempts, %d calls at the taxpayer's, want 1", id, st.Attempt, s.invitesOf(st.FollowUp.Taxpayer.Phone))
			s.tell(q, id)
		}
	}
	older.Signal(syscall.SIGTERM)
	s.ends(older)
	s.nothingLeft(q, newer, older)
	s.check(checker.World{Queue: q, Archive: s.bucket(), Settled: true})
}

// handOver lets one daemon begin calls and stops it in mid-talk; the other goes
// on with them, and with what waits.
func (o *office) handOver(name string, first int, from *daemonProcess, to string) []queue.ID {
	t := o.t
	var ids []queue.ID
	calls := len(o.phones)
	enqueue := func(i int, talk time.Duration) {
		n := first + i
		o.person(number(n), talks(talk))
		ticket := fmt.Sprintf("%s-%d", name, n)
		o.script(ticket, keypad("1"))
		ids = append(ids, o.enqueue(o.queue, ticket, number(n), i%calls))
	}
	for i := range calls {
		enqueue(i, 10*time.Second)
	}
	for _, id := range ids {
		o.waitStatus(o.queue, id, queue.StatusTalking)
	}
	stopped := time.Now()
	from.Signal(syscall.SIGTERM)
	o.ends(from)
	o.waitOwned(to)
	t.Logf("%s: the other version owns the switch %s after the signal", name, time.Since(stopped).Round(time.Millisecond))
	o.settledAll(o.queue, time.Minute, ids...)
	for _, id := range ids {
		o.delivered(o.queue, id)
		o.noGap(o.state(o.queue, id).Recordings[0])
	}
	return ids
}

// startPrevious runs the previous version's daemon.
func (s *site) startPrevious(node, program string) *daemonProcess {
	s.t.Helper()
	c := s.nodeConfig(node, s.redis.Addr, s.asterisk.ARIURL)
	p := daemonchild.StartProgram(s.t, program, c)
	s.spools[p] = c.Spool.Dir
	s.tellLog(node, p)
	return p
}

// buildPrevious builds the previous version from the repository.
func buildPrevious(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(previousFile)
	if err != nil {
		t.Fatal(err)
	}
	ref := strings.TrimSpace(string(text))
	root := strings.TrimSpace(string(output(t, "", "git", "rev-parse", "--show-toplevel")))
	if err := obtain(t.Context(), root, ref); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	archive := output(t, root, "git", "archive", "--format=tar", ref)
	unpack := exec.CommandContext(t.Context(), "tar", "-x", "-C", dir)
	unpack.Stdin = bytes.NewReader(archive)
	if out, err := unpack.CombinedOutput(); err != nil {
		t.Fatalf("unpacking %s: %v\n%s", ref, err, out)
	}
	program := filepath.Join(t.TempDir(), "sambung-previous")
	output(t, dir, "go", "build", "-o", program, "./cmd/sambung")
	return program
}

// obtain fetches a commit that a shallow clone lacks.
func obtain(ctx context.Context, root, ref string) error {
	git := func(args ...string) (string, error) {
		out, err := exec.CommandContext(ctx, "git", append([]string{"-C", root}, args...)...).CombinedOutput()
		return strings.TrimSpace(string(out)), err
	}
	if _, err := git("cat-file", "-e", ref+"^{commit}"); err == nil {
		return nil
	}
	if out, err := git("fetch", "--quiet", "--depth=1", "origin", ref); err != nil {
		return fmt.Errorf("the version that is upgraded from, commit %s (%s), is not in this clone, and origin did not give it (%w: %s): "+
			"fetch it from where the clone came from, with git fetch --depth=1 ADDRESS %s, or all of the history, with git fetch --unshallow ADDRESS",
			ref, previousFile, err, out, ref)
	}
	return nil
}

// TestPreviousInAShallowClone: the commit that is upgraded from is fetched where a
// clone lacks it, and else it is said how to get it.
func TestPreviousInAShallowClone(t *testing.T) {
	source, clone := filepath.Join(t.TempDir(), "source"), filepath.Join(t.TempDir(), "clone")
	output(t, "", "git", "init", "--quiet", source)
	for _, message := range []string{"first", "second"} {
		output(t, source, "git", "-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "--allow-empty", "-m", message)
	}
	first := strings.TrimSpace(string(output(t, source, "git", "rev-parse", "HEAD~1")))
	output(t, "", "git", "clone", "--quiet", "--depth=1", "file://"+source, clone)
	output(t, clone, "git", "remote", "rename", "origin", "elsewhere")
	if err := obtain(t.Context(), clone, first); err == nil || !strings.Contains(err.Error(), "git fetch --depth=1 ADDRESS "+first) {
		t.Errorf("without an origin: %v, want what to do", err)
	}
	output(t, clone, "git", "remote", "rename", "elsewhere", "origin")
	if err := obtain(t.Context(), clone, first); err != nil {
		t.Fatal(err)
	}
	output(t, clone, "git", "archive", "--format=tar", first)
}

// output runs a command in a folder.
func output(t *testing.T, dir, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	var problem bytes.Buffer
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, problem.String())
	}
	return out
}
