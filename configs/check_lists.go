package configs

import (
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

func checkSwitches(l *loader, switches []Switch) {
	l.check(len(switches) > 0, "switches", "there is none", "describe at least one Asterisk: name, url, user, password_file, trunk")
	names, applications := map[string]bool{}, map[string]bool{}
	for i, s := range switches {
		key := "switches[" + strconv.Itoa(i) + "]"
		s.check(l, key)
		l.check(!names[s.Name], key+".name", quoted(s.Name)+" is there twice", "give every switch a name of its own")
		application := s.URL + " " + s.Application
		l.check(!applications[application], key+".application", "another switch has the same url and application",
			"list each Asterisk once: the newest connection would cut the other off")
		names[s.Name], applications[application] = true, true
	}
}

func (s Switch) check(l *loader, key string) {
	l.check(namePattern.MatchString(s.Name), key+".name", quoted(s.Name)+" is not a name", nameRemedy)
	u, err := url.Parse(s.URL)
	ok := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.RawQuery == "" && u.Fragment == ""
	l.check(ok, key+".url", quotedUnlessUserinfo(s.URL)+" is not the address of an ARI", "write it as http://127.0.0.1:8088/ari")
	l.check(!ok || u.User == nil, key+".url", "holds a user or password", "write them as user and password_file")
	l.check(wordPattern.MatchString(s.Application), key+".application", quoted(s.Application)+" is not the name of an application",
		"use 1 to 64 letters, digits, - and _")
	l.check(s.User != "" && !strings.Contains(s.User, ":"), key+".user", "is not a user of ari.conf", "name the one that the daemon logs in as")
	l.check(s.Password.IsSet(), key+".password_file", "the password is missing",
		"name its file here, or set SAMBUNG_"+strings.ToUpper(strings.NewReplacer("[", "_", "]", "").Replace(key))+"_PASSWORD")
	l.check(wordPattern.MatchString(s.Trunk), key+".trunk", quoted(s.Trunk)+" is not a PJSIP endpoint",
		"name the endpoint of pjsip.conf that leads to the telephone network: letters, digits, - and _")
	l.oneOf(key+".dial_format", s.DialFormat, DialNational, DialE164, DialE164Plus)
	l.check(s.CallerID == "" || callerPattern.MatchString(s.CallerID), key+".caller_id", "is not a telephone number",
		"write digits, with + in front or without")
	s.Browser.check(l, key+".browser")
	l.check(s.MaxCalls >= 1 && s.MaxCalls <= 1000, key+".max_calls", fmt.Sprintf("%d is not between 1 and 1000", s.MaxCalls), "30 suits a small machine")
}

// check: https pages may open wss alone, and a password passes.
func (b Browser) check(l *loader, key string) {
	if b.URL == "" {
		l.check(b.Domain == "" && b.SecretsDir == "" && len(b.ICEServers) == 0, key+".url", "is missing, and the rest of the section is there",
			"write the address that browsers reach, as wss://pbx.example.go.id:8089/ws, or leave the section out")
		return
	}
	u, err := url.Parse(b.URL)
	ok := err == nil && (u.Scheme == "wss" || u.Scheme == "ws") && u.Hostname() != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
	l.check(ok, key+".url", quotedUnlessUserinfo(b.URL)+" is not the address of a WebSocket", "write it as wss://pbx.example.go.id:8089/ws")
	l.check(!ok || u.Scheme == "wss" || isLocalHost(u.Host), key+".url", "passwords and talks would be set up unencrypted", "use wss; ws is for this machine alone")
	l.check(isHost(b.Domain), key+".domain", quoted(b.Domain)+" is not the domain of a SIP address", "write the host of the switch, as pbx.example.go.id")
	info, err := os.Stat(b.SecretsDir)
	l.check(err == nil && info.IsDir(), key+".secrets_dir", quoted(b.SecretsDir)+" is not a folder that can be read",
		"make it, and put the SIP password of each endpoint into a file named like it: agent-1")
	for _, server := range b.ICEServers {
		host, found := strings.CutPrefix(server, "stun:")
		l.check(found && isHost(host), key+".ice_servers", quotedUnlessUserinfo(server)+" is not a STUN server", "write it as stun:stun.example.go.id:3478")
	}
}

// minToken is the least length of a token: 128 bits, even in hexadecimal.
const minToken = 32

func (a API) check(l *loader) {
	l.check(isHostPort(a.Listen), "api.listen", quoted(a.Listen)+" is not host:port", "write it as 127.0.0.1:8717")
	l.check((a.CertFile == "") == (a.KeyFile == ""), "api.cert_file", "TLS needs both cert_file and key_file", "name both, or neither")
	info, err := os.Stat(a.KeyFile) // one that is not there is told of when it is opened
	l.check(err != nil || info.Mode().Perm()&0o007 == 0, "api.key_file", "everybody on this machine can reach the private key", "chmod 0640 or less")
	l.check(a.CertFile != "" || a.Plaintext || isLocalHost(a.Listen), "api.listen", "other machines can reach the address, without TLS",
		"give cert_file and key_file, or listen on 127.0.0.1; plaintext: true if a proxy in front does TLS")
	l.between("api.session.absolute", a.Session.Absolute, 5*time.Minute, 7*24*time.Hour)
	l.between("api.session.idle", a.Session.Idle, time.Minute, a.Session.Absolute)
	l.check(len(a.Tokens) > 0, "api.tokens", "there is none", "add one, or nobody gets in: name, role, token_file")
	names, tokens := map[string]bool{}, map[string]bool{}
	for i, t := range a.Tokens {
		key := "api.tokens[" + strconv.Itoa(i) + "]"
		t.check(l, key)
		l.check(!names[t.Name], key+".name", quoted(t.Name)+" is there twice", "give every token a name of its own: the history carries it")
		l.check(!tokens[t.Token.Reveal()] || !t.Token.IsSet(), key+".token_file", "is the same token as another one", "make one for each: openssl rand -hex 32")
		names[t.Name], tokens[t.Token.Reveal()] = true, true
	}
}

func (t Token) check(l *loader, key string) {
	l.check(namePattern.MatchString(t.Name), key+".name", quoted(t.Name)+" is not a name", nameRemedy)
	l.oneOf(key+".role", t.Role, RoleAgent, RoleSupervisor, RoleQA, RoleAdmin)
	switch {
	case t.Role == RoleAgent:
		l.check(namePattern.MatchString(t.Agent), key+".agent", quoted(t.Agent)+" is not an agent", "a token of role agent acts as one: name it, such as agent-1")
	default:
		l.check(t.Agent == "", key+".agent", "is given with role "+quoted(t.Role), "leave it out, or set role: agent")
	}
	file := key + ".token_file"
	l.check(t.Token.IsSet(), file, "the token is missing", "name its file; make one with openssl rand -hex 32")
	l.check(!t.Token.IsSet() || len(t.Token.Reveal()) >= minToken, file, fmt.Sprintf("the token is shorter than %d characters", minToken),
		"make one with openssl rand -hex 32")
	l.check(strings.IndexFunc(t.Token.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' }) < 0, file,
		"the token holds spaces or characters that a header cannot carry", "make one with openssl rand -hex 32")
}
