package realservers

import (
	"fmt"
	"net"
	"path/filepath"
	"strconv"
)

// change is a value of a shipped file that an instance has of its own.
type change struct{ file, section, key, value string }

// configure writes the shipped configuration with the instance's values into
// its etc folder. The agents' file alone is written anew, block by block as the
// shipped one has them.
func (s *AsteriskServer) configure(shipped string, opts AsteriskOptions, port int) error {
	paths, err := filepath.Glob(filepath.Join(shipped, "*.conf"))
	if err != nil {
		return err
	}
	files := make(map[string]*confFile)
	for _, path := range paths {
		if files[filepath.Base(path)], err = readConf(path); err != nil {
			return err
		}
	}
	for _, c := range s.changes(opts, port) {
		file, ok := files[c.file]
		if !ok {
			return fmt.Errorf("%s: no file %s", shipped, c.file)
		}
		if err := file.set(c.section, c.key, c.value); err != nil {
			return err
		}
	}
	files["pjsip_agents.conf"].lines = s.agentBlocks()
	if opts.Browsers > 0 {
		candidates, err := loopbackCandidates()
		if err != nil {
			return err
		}
		files["rtp.conf"].lines = append(files["rtp.conf"].lines, candidates...)
	}
	if opts.Trunk == "" {
		files["pjsip_trunk.conf"].remove("contact")
	}
	for name, file := range files {
		if err := file.write(s.dirs.outside(filepath.Join("etc", name))); err != nil {
			return err
		}
	}
	return nil
}

// changes lists the addresses, folders and secrets of the instance. The first
// port of its block is HTTP's, the second SIP's, the rest are the voice's.
func (s *AsteriskServer) changes(opts AsteriskOptions, port int) []change {
	changes := []change{
		{"http.conf", "general", "bindport", strconv.Itoa(port)},
		{"ari.conf", "sambung", "password", s.Password},
		{"pjsip.conf", "udp", "bind", s.SIPAddr},
		{"rtp.conf", "general", "rtpstart", strconv.Itoa(port + 2)},
		{"rtp.conf", "general", "rtpend", strconv.Itoa(port + asteriskPorts.block - 1)},
		{"pjsip_trunk.conf", "trunk", "contact", "sip:" + opts.Trunk},
	}
	for key, dir := range map[string]string{
		"astetcdir": "etc", "astvarlibdir": "var", "astdbdir": "var", "astkeydir": "var",
		"astdatadir": "data", "astcachedir": "cache", "astspooldir": "spool",
		"astrundir": "run", "astlogdir": "log",
	} {
		changes = append(changes, change{"asterisk.conf", "directories", key, s.dirs.inside(dir)})
	}
	qualify := "0"
	if opts.QualifyTrunk {
		qualify = "2"
	}
	return append(changes, change{"pjsip_trunk.conf", "trunk", "qualify_frequency", qualify})
}

// loopbackCandidates lets Asterisk offer 127.0.0.1 to browsers in place of the
// machine's own addresses: it offers no loopback address by itself.
func loopbackCandidates() ([]string, error) {
	own, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("the machine's own addresses: %w", err)
	}
	lines := []string{"[ice_host_candidates]"}
	for _, address := range own {
		if network, ok := address.(*net.IPNet); ok && network.IP.To4() != nil && !network.IP.IsLoopback() {
			lines = append(lines, network.IP.String()+" => 127.0.0.1")
		}
	}
	return append(lines, ""), nil
}

func (s *AsteriskServer) agentBlocks() []string {
	var lines []string
	for _, a := range s.Agents {
		templates := "agent-endpoint"
		if a.Browser {
			templates += ",browser-endpoint"
		}
		lines = append(lines,
			"["+a.Endpoint+"]("+templates+")", "auth = "+a.Endpoint+"-auth", "aors = "+a.User,
			"["+a.Endpoint+"-auth](agent-auth)", "username = "+a.User, "password = "+a.Password,
			"["+a.User+"](agent-aor)", "")
	}
	return lines
}
