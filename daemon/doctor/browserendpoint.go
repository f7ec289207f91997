package doctor

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sambung/configs"
	"sambung/telephony/ari"
	"sambung/telephony/sipping"
)

// examineBrowserEndpoints looks at every endpoint that has a password for browsers,
// and at agents whose endpoint is a browser's and has none.
func (x *examination) examineBrowserEndpoints(ctx context.Context, l *line, socket *sipping.WebSocket) []Finding {
	s := &sheet{subject: "browser " + l.config.Name}
	dir := l.config.Browser.SecretsDir
	files, err := os.ReadDir(dir)
	if err != nil {
		s.fault("the passwords of browsers' telephones cannot be listed", "let this user, which is to be the daemon's, read the folder "+dir, err)
		return s.findings
	}
	client := l.client.wait()
	if client == nil {
		s.skipped("the endpoints of browsers", l.name())
		return s.findings
	}
	named := map[string]bool{}
	for _, file := range files {
		if name := file.Name(); !strings.HasPrefix(name, ".") && !file.IsDir() {
			named[name] = true
			s.findings = append(s.findings, browserEndpoint(ctx, l, socket, client, name)...)
		}
	}
	if len(named) == 0 {
		s.warn("no endpoint has a password for a browser: everybody has a desk phone", "write the SIP password of each telephone in a browser into a file named like its endpoint, in "+dir)
	}
	agents := x.agents.wait()
	if agents == nil {
		return s.findings // redis says so
	}
	for _, a := range *agents {
		name := strings.TrimPrefix(a.Endpoint, "PJSIP/")
		if a.Switch != l.config.Name || named[name] {
			continue
		}
		if webrtc, err := client.Setting(ctx, ari.ObjectEndpoint, name, "webrtc"); err == nil && isYes(webrtc) {
			s.findings = append(s.findings, Finding{
				Subject: "browser " + name, Severity: Warning, What: "the endpoint is a browser's, and the pages have no password for it: its agent is shown a desk phone",
				Remedy: "write its SIP password into " + filepath.Join(dir, name) + ", mode 0640 or less",
			})
		}
	}
	return s.findings
}

// browserEndpoint looks at one endpoint: its settings at the switch, and whether the
// password that the pages get admits it.
func browserEndpoint(ctx context.Context, l *line, socket *sipping.WebSocket, client *ari.Client, name string) []Finding {
	s := &sheet{subject: "browser " + name}
	path := filepath.Join(l.config.Browser.SecretsDir, name)
	secret, err := configs.ReadSecret(path)
	if err != nil {
		s.fault("its password cannot be read, and its page has no telephone", "chmod 0640, owned by root and the daemon's group, with the password alone on one line: "+path, err)
		return s.findings
	}
	webrtc, err := client.Setting(ctx, ari.ObjectEndpoint, name, "webrtc")
	switch {
	case ari.IsNotFound(err):
		s.fault("the switch has no endpoint "+name, fmt.Sprintf("add [%s](agent-endpoint,browser-endpoint) to pjsip_agents.conf (%s), or remove %s", name, reloadPJSIP, path))
		return s.findings
	case err != nil:
		s.fault("the switch does not tell of endpoint "+name, "load res_ari_asterisk.so", err)
		return s.findings
	case !isYes(webrtc):
		s.fault("the endpoint is not a browser's: a call to it has no voice", fmt.Sprintf("give it both templates, [%s](agent-endpoint,browser-endpoint), in pjsip_agents.conf: %s", name, reloadPJSIP),
			"webrtc = "+cmp.Or(webrtc, "no"))
	}
	s.admitted(ctx, l, socket, name, secret)
	return s.findings
}

// admitted tries the password of an endpoint, as its browser will.
func (s *sheet) admitted(ctx context.Context, l *line, socket *sipping.WebSocket, name string, secret configs.Secret) {
	status, err := socket.Registrable(ctx, name, l.config.Browser.Domain, secret.Reveal())
	switch {
	case err != nil:
		s.fault("the switch does not answer its REGISTER", "see Asterisk's log", err)
	case status == 401, status == 403:
		s.fault("the switch refuses its password", fmt.Sprintf("have the password of [%s-auth] in pjsip_agents.conf stand in %s; after a change there: %s", name, filepath.Join(l.config.Browser.SecretsDir, name), reloadPJSIP),
			fmt.Sprintf("REGISTER was answered %d", status))
	case status == 404:
		s.fault("the endpoint may not register", fmt.Sprintf("give it an aor: aors = %s, and [%s](agent-aor), in pjsip_agents.conf: %s", name, name, reloadPJSIP), "REGISTER was answered 404")
	case status >= 300:
		s.warn(fmt.Sprintf("its REGISTER is answered with %d", status), "see Asterisk's log")
	case !slices.ContainsFunc(s.findings, func(f Finding) bool { return f.Severity == Fault }):
		s.ok("it may register from a browser")
	}
}

func isYes(value string) bool {
	return slices.Contains([]string{"yes", "true", "1", "on"}, strings.ToLower(value))
}
