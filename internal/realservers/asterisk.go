package realservers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// AsteriskOptions says what an Asterisk of the test's own is made for. The zero
// value is one agent and a trunk that leads nowhere.
type AsteriskOptions struct {
	// Agents is the number of agents; 0 stands for 1.
	Agents int
	// Browsers is how many of the agents, from the first on, have a telephone in
	// the browser: SIP over WebSocketURL, SRTP. Its media stays on 127.0.0.1.
	Browsers int
	// Trunk is the host:port of the softphone that plays the carrier. Without
	// one the trunk has no contact, and a call through it fails at once.
	Trunk string
	// QualifyTrunk has Asterisk ask the carrier by OPTIONS every few seconds
	// and refuse calls while it does not answer.
	QualifyTrunk bool
}

// AsteriskAgent is what an agent's telephone needs to register.
type AsteriskAgent struct {
	Endpoint string // PJSIP/<Endpoint> reaches it
	Browser  bool   // it registers over the WebSocket
	User     string // also the user of its address of record
	Password string
}

// AsteriskServer is an Asterisk 22 running the configuration of
// configs/asterisk, which differs in addresses, folders and secrets alone.
type AsteriskServer struct {
	process
	ARIURL       string // http://127.0.0.1:port/ari
	User         string // of ARI
	Password     string
	SIPAddr      string // host:port, UDP
	WebSocketURL string // ws://127.0.0.1:port/ws, SIP over WebSocket
	RecordingDir string // where recordings are written, as the test sees it
	LogPath      string
	Agents       []AsteriskAgent
	Trunk        string // the trunk's endpoint: PJSIP/<digits>@<Trunk>

	dirs instanceDirs
}

// Asterisk starts an Asterisk and returns when ARI answers. It needs root,
// because Asterisk runs in a root folder of its own.
func Asterisk(t testing.TB, opts AsteriskOptions) *AsteriskServer {
	t.Helper()
	root := asteriskRoot(t)
	port := asteriskPorts.reserve(t)
	s := newAsterisk(opts, port)
	var err error
	if s.dirs, err = makeInstance(root, repositoryFile(t, "configs", "asterisk", "sounds"), port); err != nil {
		t.Fatalf("make the Asterisk's folders: %v", err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(s.dirs.outside("")); err != nil {
			t.Errorf("remove the Asterisk's folders: %v", err)
		}
	})
	s.RecordingDir = s.dirs.outside("spool/recording")
	s.LogPath = s.dirs.outside("log/messages.log")
	if err := s.configure(repositoryFile(t, "configs", "asterisk"), opts, port); err != nil {
		t.Fatalf("configure Asterisk: %v", err)
	}
	s.process = process{
		t:       t,
		name:    "asterisk",
		log:     s.LogPath,
		command: func() *exec.Cmd { return s.dirs.command(context.Background(), "-f") },
		ready:   s.booted,
	}
	s.run()
	return s
}

// newAsterisk names everything about a server that is known before it runs.
func newAsterisk(opts AsteriskOptions, port int) *AsteriskServer {
	s := &AsteriskServer{
		ARIURL:       "http://" + loopback(port) + "/ari",
		WebSocketURL: "ws://" + loopback(port) + "/ws",
		SIPAddr:      loopback(port + 1),
		User:         "sambung",
		Password:     "sambung-test",
		Trunk:        "trunk",
	}
	for n := 1; n <= max(opts.Agents, 1); n++ {
		name := fmt.Sprintf("agent-%d", n)
		s.Agents = append(s.Agents, AsteriskAgent{Endpoint: name, Browser: n <= opts.Browsers, User: name, Password: name + "-secret"})
	}
	return s
}

// booted returns nil when every module is loaded. ARI answers before that, and
// a call made then may find no bridge technology and go nowhere.
func (s *AsteriskServer) booted(ctx context.Context) error {
	if err := get(ctx, s.ARIURL+"/asterisk/info", s.User, s.Password); err != nil {
		return err
	}
	out, err := s.dirs.command(ctx, "-rx", "core waitfullybooted").CombinedOutput()
	if err == nil && !strings.Contains(string(out), "fully booted") {
		err = fmt.Errorf("core waitfullybooted: %s", out)
	}
	return err
}

// CLI gives a command to the console of the running server and returns what it
// prints.
func (s *AsteriskServer) CLI(command string) string {
	s.t.Helper()
	out, err := s.dirs.command(s.t.Context(), "-rx", command).CombinedOutput()
	if err != nil {
		s.t.Fatalf("asterisk -rx %q: %v\n%s", command, err, out)
	}
	return string(out)
}

// asteriskRoot returns the root folder that Asterisk is installed in.
func asteriskRoot(t testing.TB) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(cached("asterisk"))
	if err != nil {
		missing(t, "there is no Asterisk root folder at "+cached("asterisk"))
	}
	if os.Geteuid() != 0 {
		missing(t, "Asterisk runs in a root folder of its own, which needs root")
	}
	return root
}

// command runs asterisk inside the root folder with the instance's
// configuration.
func (d instanceDirs) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "/usr/sbin/asterisk", append([]string{"-C", d.inside("etc/asterisk.conf")}, args...)...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin", "HOME=" + d.inside("run"), "LANG=C.UTF-8"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: d.root}
	return cmd
}
