package doctor

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sambung/configs"
	"sambung/daemon"
	"sambung/telephony/ari"
)

// Versions of Asterisk: the oldest that has what the daemon uses, and the one it
// is tested with.
const (
	oldestAsterisk = 20
	testedAsterisk = 22
)

// line is the way to one switch.
type line struct {
	config configs.Switch
	// client is settled once the switch is known to answer, or not to. Its
	// application is the doctor's own: the newest connection under the daemon's
	// would take the switch over.
	client outcome[ari.Client]
}

func newLine(c configs.Switch) *line { return &line{config: c, client: newOutcome[ari.Client]()} }

func (l *line) name() string { return "switch " + l.config.Name }

// ownName is one that no call and no daemon has.
func ownName() string { return "doctor-" + strings.ToLower(rand.Text()[:12]) }

func (x *examination) examineSwitch(ctx context.Context, l *line) []Finding {
	ctx, cancel := x.within(ctx)
	defer cancel()
	s := &sheet{subject: l.name()}
	address := daemon.SwitchAddress(l.config)
	address.Application = ownName()
	client, err := ari.New(address)
	if err != nil {
		l.client.settle(nil)
		s.fault("it cannot be used as it is configured", "correct the section switches", err)
		return s.findings
	}
	info, err := client.Info(ctx)
	if err != nil {
		l.client.settle(nil)
		l.away(s, err)
		return s.findings
	}
	l.client.settle(client)
	asteriskVersion(s, info.System.Version)
	x.clocks.read(ctx, l.name(), x.now, client.Clock, time.Millisecond)
	if err := mayWrite(ctx, client); err != nil {
		l.readOnly(s, err)
		s.skipped("the event stream, recording and prompts", "the rights of the ARI user")
		return s.findings
	}
	x.tryOut(ctx, s, l, client)
	return s.findings
}

// away says why the switch did not say what it is.
func (l *line) away(s *sheet, err error) {
	c := l.config
	switch ari.Status(err) {
	case http.StatusUnauthorized:
		s.fault("its ARI refuses the user or the password", fmt.Sprintf("have the password of [%s] in ari.conf stand in password_file; after a change there: asterisk -rx 'module reload res_ari.so'", c.User))
	case http.StatusNotFound:
		s.fault("there is no ARI at "+c.URL, "correct the url (it ends in /ari), set enabled = yes in ari.conf and http.conf, and load res_ari_asterisk.so", err)
	case http.StatusForbidden:
		s.fault("its ARI refuses this machine", "see the acl of ari.conf and http.conf", err)
	case http.StatusServiceUnavailable:
		s.fault("it is still starting", "wait for \"Asterisk Ready\"", err)
	case 0:
		s.fault("its ARI at "+c.URL+" is not reached", "start Asterisk, or correct the url; bindaddr and bindport are in http.conf", away(err))
	default:
		s.fault("its ARI answers with an error", "see Asterisk's log", err)
	}
}

// away is a transport error without the request around it.
func away(err error) error {
	var network *net.OpError
	if errors.As(err, &network) {
		return network
	}
	return err
}

// asteriskVersion reads the first number: "22.10.1+dfsg", "certified/20.7-cert2".
func asteriskVersion(s *sheet, version string) {
	digits := version
	if i := strings.IndexAny(digits, "0123456789"); i >= 0 {
		digits = digits[i:]
	}
	if i := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		digits = digits[:i]
	}
	major, err := strconv.Atoi(digits)
	switch {
	case err != nil:
		s.warn("its version is not understood", fmt.Sprintf("use Asterisk %d", testedAsterisk), version)
	case major < oldestAsterisk:
		s.fault("it is Asterisk "+version, fmt.Sprintf("install Asterisk %d", testedAsterisk))
	case major != testedAsterisk:
		s.warn("it is Asterisk "+version, fmt.Sprintf("the daemon is tested with Asterisk %d", testedAsterisk))
	default:
		s.ok("Asterisk " + version + " answers")
	}
}

// mayWrite asks for something that has no effect: to end a channel that does not
// exist. A user with rights is told so (404), one without them is refused.
func mayWrite(ctx context.Context, c *ari.Client) error {
	if err := c.HangUp(ctx, ownName()); !ari.IsNotFound(err) {
		return err
	}
	return nil
}

func (l *line) readOnly(s *sheet, err error) {
	if ari.Status(err) == http.StatusForbidden {
		s.fault(fmt.Sprintf("its ARI user %s may only read", l.config.User),
			fmt.Sprintf("set read_only = no in [%s] of ari.conf, then: asterisk -rx 'module reload res_ari.so'", l.config.User), err)
		return
	}
	s.fault("it does not do what it is asked", "see Asterisk's log; res_ari_channels.so must be loaded", err)
}
