package acceptance_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sambung/configs"
	"sambung/internal/daemonchild"
	"sambung/internal/realservers"
)

// daemonProcess is a daemon that can be killed, stopped and woken.
type daemonProcess = realservers.ProgramServer

// startDaemon runs a daemon under that node name against these addresses
// (proxies, or the servers themselves).
func (s *site) startDaemon(node, redisAddr, ariURL string) *daemonProcess {
	s.t.Helper()
	c := s.nodeConfig(node, redisAddr, ariURL)
	p := daemonchild.Start(s.t, c)
	s.spools[p] = c.Spool.Dir
	s.tellLog(node, p)
	return p
}

// nodeConfig is the site's configuration for one daemon.
func (s *site) nodeConfig(node, redisAddr, ariURL string) configs.Config {
	c := s.config
	c.Site.Node = node
	c.Redis.Addrs = []string{redisAddr}
	c.Switches = append([]configs.Switch(nil), c.Switches...)
	c.Switches[0].URL = ariURL
	c.Spool.Dir = filepath.Join(s.t.TempDir(), "spool")
	return c
}

// tellLog shows a daemon's log if the test fails.
func (s *site) tellLog(node string, p *daemonProcess) {
	s.t.Cleanup(func() {
		if text, err := os.ReadFile(p.LogPath); err == nil && s.t.Failed() {
			s.t.Logf("the log of %s:\n%s", node, tail(string(text), 80))
		}
	})
}

func tail(text string, lines int) string {
	all := strings.Split(text, "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

func TestMain(m *testing.M) {
	daemonchild.Main()
	os.Exit(m.Run())
}
