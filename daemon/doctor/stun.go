package doctor

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net"
	"os"
	"strings"
	"time"
)

// STUN (RFC 8489, section 5).
const (
	stunHeader  = 20 // bytes
	stunRequest = 0x0001
	stunSuccess = 0x0101
	stunCookie  = 0x2112A442
)

// askSTUN asks a STUN server for our address, as browsers ask it for theirs.
func askSTUN(ctx context.Context, s *sheet, server string) {
	ctx, cancel := context.WithTimeout(ctx, optionsLimit)
	defer cancel()
	host := strings.TrimPrefix(server, "stun:")
	if _, _, err := net.SplitHostPort(host); err != nil {
		host = net.JoinHostPort(strings.Trim(host, "[]"), "3478")
	}
	if err := bind(ctx, host); err != nil {
		s.warn("the STUN server "+host+" does not answer this machine", "see that it runs, and that UDP to it is open from the browsers, or take it out of browser.ice_servers: it delays every call", err)
		return
	}
	s.ok("the STUN server " + host + " answers")
}

// bind sends a binding request until it is answered.
func bind(ctx context.Context, host string) error {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "udp", host)
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	request := binary.BigEndian.AppendUint16(nil, stunRequest)
	request = binary.BigEndian.AppendUint32(append(request, 0, 0), stunCookie)
	var id [12]byte
	_, _ = rand.Read(id[:]) // never fails, see crypto/rand
	request = append(request, id[:]...)
	packet := make([]byte, 1500)
	for {
		if _, err := conn.Write(request); err != nil {
			return err
		}
		if err := conn.SetReadDeadline(time.Now().Add(500 * time.Millisecond)); err != nil {
			return err
		}
		n, err := conn.Read(packet)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil && isBinding(packet[:n], id[:]):
			return nil
		case err != nil && !errors.Is(err, os.ErrDeadlineExceeded):
			return err
		}
	}
}

// isBinding reports whether a packet is the success response to the request of that id.
func isBinding(packet, id []byte) bool {
	return len(packet) >= stunHeader && binary.BigEndian.Uint16(packet) == stunSuccess &&
		binary.BigEndian.Uint32(packet[4:]) == stunCookie && bytes.Equal(packet[8:stunHeader], id)
}
