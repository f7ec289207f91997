package failover

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sambung/configs"
	"sambung/daemon"
	"sambung/daemon/evidence"
	"sambung/daemon/reindex"
	"sambung/internal/realservers"
	"sambung/queue"
	"sambung/storage"
	"sambung/storage/s3"
	"sambung/telephony/softphone"
)

// restored is an office whose Redis is a single one, and is set back.
type restored struct {
	*office
	server *realservers.RedisServer
	copies string
}

func newRestored(t *testing.T) *restored {
	t.Helper()
	server := realservers.Redis(t)
	o := &restored{office: newOffice(t, 1, configs.Redis{Addrs: []string{server.Addr}}), server: server, copies: filepath.Join(t.TempDir(), "copy")}
	return o
}

// backUp copies the append-only files as the operator's guide says.
func (o *restored) backUp() {
	o.Helper()
	_, port, err := net.SplitHostPort(o.server.Addr)
	o.must(err)
	cmd := exec.CommandContext(o.Context(), "../../configs/backup/backup-redis", o.copies)
	cmd.Env = append(os.Environ(), "REDIS_CLI=redis-cli -p "+port)
	if out, err := cmd.CombinedOutput(); err != nil {
		o.Fatalf("backup-redis: %v: %s", err, out)
	}
}

// restore puts the copy, or nothing, in the place of the server's data.
func (o *restored) restore(whole bool) {
	o.Helper()
	o.server.Kill()
	data := filepath.Join(o.server.Dir, "appendonlydir")
	o.must(os.RemoveAll(data))
	if whole {
		o.must(os.CopyFS(data, os.DirFS(o.copies)))
	}
	o.server.Restart()
}

// sealed waits until a follow-up is delivered and sealed.
func (o *office) sealed(id queue.ID) {
	o.Helper()
	o.eventually("it is sealed", func() bool { return o.state(id).Dossier == queue.DossierSealed })
}

// refused starts a daemon that must not start.
func (o *office) refused() {
	o.Helper()
	c := o.config
	c.Site.Node, c.Spool.Dir = "node-refused", filepath.Join(o.TempDir(), "spool")
	app, err := daemon.New(o.Context(), c, silent())
	if app != nil || err == nil || !strings.Contains(err.Error(), "sambung reindex") {
		o.Fatalf("a daemon on a ledger that was set back: %v, want it to name sambung reindex", err)
	}
}

// reindex brings back what the bucket of the configuration knows.
func (o *office) reindex(dry bool) (map[queue.ID]reindex.Finding, reindex.Summary) {
	o.Helper()
	found := make(map[queue.ID]reindex.Finding)
	sum, err := daemon.Reindex(o.Context(), o.config, dry, func(f reindex.Finding) { found[f.FollowUp] = f })
	o.must(err)
	return found, sum
}

// Redis comes up with a copy from before: what was sealed, or settled, since
// comes back from the bucket; the attempt that was under way is found at the
// switch. Nobody is rung again for it.
func TestAnOlderCopyIsRestored(t *testing.T) {
	o := newRestored(t)
	a := o.daemon("node-a")
	before := o.enqueue(1)
	o.sealed(before)
	a.Stop()
	o.presence(0, queue.PresencePaused)
	waits, dialled := o.enqueue(2), o.enqueue(3)
	o.backUp()

	a = o.daemon("node-a") // raises the epoch
	since := o.enqueue(4)
	_, err := o.queue.Append(t.Context(), queue.Change{ID: dialled, Decide: func(queue.State) ([]queue.Entry, error) {
		return []queue.Entry{{At: time.Now(), Actor: queue.ActorUser("failover"), Kind: queue.KindDesignated, Details: queue.Details{Agent: "agent-9"}}}, nil
	}})
	o.must(err) // not before the others are done
	o.presence(0, queue.PresenceReady)
	o.sealed(waits)
	o.sealed(since)
	o.taxpayers(softphone.RingOut())
	_, err = o.queue.Append(t.Context(), queue.Change{ID: dialled, Decide: func(queue.State) ([]queue.Entry, error) {
		return []queue.Entry{{At: time.Now(), Actor: queue.ActorUser("failover"), Kind: queue.KindDesignated, Details: queue.Details{Agent: "agent-1"}}}, nil
	}})
	o.must(err)
	o.eventually("the third is rung", func() bool { return o.rung(3) == 1 })
	o.server.Kill()
	a.Kill()
	o.taxpayers(stays(1500 * time.Millisecond))

	o.restore(true)
	if s := o.state(waits); s.Status != queue.StatusQueued || o.state(since).Version != 0 {
		t.Fatalf("the copy says %s of what was delivered since, version %d of what was entered since", s.Status, o.state(since).Version)
	}
	o.refused()
	if _, sum := o.reindex(true); sum.Extended != 1 || sum.Added != 1 {
		t.Errorf("dry run: %+v", sum)
	}
	found, sum := o.reindex(false)
	if sum.Broken+sum.Unknown != 0 || !found[waits].Sealed || found[since].Action != reindex.Added {
		t.Errorf("%+v, %+v", sum, found)
	}
	o.presence(0, queue.PresenceReady)
	o.daemon("node-b")
	after := o.enqueue(5)
	o.over(before, waits, dialled, since, after)
	for i, id := range []queue.ID{before, waits, dialled, since, after} {
		if n := o.rung(i + 1); n != 1 {
			t.Errorf("taxpayer %d (%s) was rung %d times", i+1, o.state(id).Status, n)
		}
	}
	if s := o.state(dialled); s.Status != queue.StatusHandedBack || s.Attempt != 1 {
		t.Errorf("the one that was being rung: %s, attempt %d", s.Status, s.Attempt)
	}
}

// Redis comes up empty, and the bucket is a copy in another server: everything
// that was sealed is there again, and work goes on.
func TestEverythingIsRestoredFromACopyOfTheBucket(t *testing.T) {
	o := newRestored(t)
	a := o.daemon("node-a")
	ids := []queue.ID{o.enqueue(1), o.enqueue(2), o.enqueue(3)}
	for _, id := range ids {
		o.sealed(id)
	}
	was := o.state(ids[0])
	a.Stop()
	o.restore(false)
	o.copyBucket(realservers.MinIO(t))

	o.refused()
	if _, sum := o.reindex(false); sum.Added != len(ids) || sum.Broken+sum.Unknown+sum.Open != 0 || sum.Agents != 0 {
		t.Errorf("%+v", sum)
	}
	if s := o.state(ids[0]); s.Manifest != was.Manifest || !s.ConfirmedAt.Equal(was.ConfirmedAt) {
		t.Errorf("%+v, was %+v", s, was)
	}
	for name, f := range map[string]queue.Filter{
		"ticket": {Ticket: "T-1"}, "phone": {Phone: number(1)}, "status": {Statuses: []queue.Status{queue.StatusClosed}},
	} {
		if all, err := o.queue.Find(t.Context(), f); err != nil || len(all) == 0 {
			t.Errorf("nothing is found by its %s: %v", name, err)
		}
	}
	o.must(evidence.Verify(t.Context(), o.bucket(), evidence.Selection{}, nil, func(_, _ int, v evidence.Verdict) {
		if v.Err != nil {
			t.Errorf("%s: %v", v.FollowUp, v.Err)
		}
	}))
	o.must(o.queue.PutAgent(t.Context(), queue.Agent{ID: "agent-1", Endpoint: o.agents[0].Endpoint(), Switch: pbx, Since: time.Now()}))
	o.presence(0, queue.PresenceReady)
	o.daemon("node-b")
	o.over(append(ids, o.enqueue(4))...)
	for i := range 4 {
		if n := o.rung(i + 1); n != 1 {
			t.Errorf("taxpayer %d was rung %d times", i+1, n)
		}
	}
}

// bucket opens the archive of the configuration.
func (o *office) bucket() storage.Archive {
	o.Helper()
	c := o.config.S3
	a, err := s3.New(s3.Config{Endpoint: c.Endpoint, Bucket: c.Bucket, CreateBucket: true, AccessKey: c.AccessKey.Reveal(), SecretKey: c.SecretKey.Reveal()})
	o.must(err)
	o.Cleanup(func() { _ = a.Close() })
	return a
}

// copyBucket copies every object to another server, as S3 tools do, and makes
// that the office's.
func (o *office) copyBucket(to *realservers.MinIOServer) {
	o.Helper()
	source := o.config.S3
	o.config.S3.Endpoint = to.Endpoint
	o.config.S3.AccessKey, o.config.S3.SecretKey = configs.NewSecret(to.AccessKey), configs.NewSecret(to.SecretKey)
	_, err := o.bucket().Check(o.Context())
	o.must(err)
	copyAll(o.Context(), o, source, o.config.S3)
}
