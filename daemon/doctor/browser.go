package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"sambung/telephony/sipping"
)

const (
	reloadPJSIP = "asterisk -rx 'pjsip reload'"
	webSocket   = "see [ws] in pjsip.conf, and load res_http_websocket.so and res_pjsip_transport_websocket.so"
	renewProxy  = "renew it at the TLS proxy before the switch, and reload the proxy"
)

// examineBrowser looks at what telephones in browsers need of a switch: that the
// WebSocket opens as it does for them, and that SIP is answered over it.
func (x *examination) examineBrowser(ctx context.Context, l *line) []Finding {
	b := l.config.Browser
	if b.URL == "" {
		return nil
	}
	ctx, cancel := x.within(ctx)
	defer cancel()
	s := &sheet{subject: "browser " + l.config.Name}
	for _, server := range b.ICEServers {
		askSTUN(ctx, s, server)
	}
	socket, err := sipping.DialWebSocket(ctx, b.URL, &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: x.authorities, Time: x.now})
	if err != nil {
		noWebSocket(s, b.URL, err, x)
		s.skipped("the endpoints of browsers", s.subject)
		return s.findings
	}
	defer socket.Close()
	if socket.Certificate != nil {
		s.validity(socket.Certificate, x.now(), renewProxy)
	}
	status, err := socket.Options(ctx, b.Domain)
	switch {
	case err != nil:
		s.fault("the WebSocket opens, and no SIP is answered over it", webSocket, err)
		s.skipped("the endpoints of browsers", s.subject)
		return s.findings
	case status >= 500:
		s.warn(fmt.Sprintf("SIP over the WebSocket is answered with %d", status), "see Asterisk's log")
	default:
		s.ok("the WebSocket opens, and SIP is answered over it", fmt.Sprintf("OPTIONS was answered %d", status))
	}
	return append(s.findings, x.examineBrowserEndpoints(ctx, l, socket)...)
}

// noWebSocket says why none was opened.
func noWebSocket(s *sheet, address string, err error, x *examination) {
	host := address
	if u, parseErr := url.Parse(address); parseErr == nil {
		host = u.Hostname()
	}
	var failed *sipping.HandshakeError
	switch {
	case errors.Is(err, sipping.ErrSubprotocol):
		s.fault("a WebSocket opens at "+address+", and SIP is not spoken over it", "correct browser.url, or "+webSocket, err)
	case !errors.As(err, &failed) || failed.Status == 0:
		if !s.untrusted(err, host, x.now(), renewProxy) {
			s.fault("no telephone in a browser reaches "+address, "start the TLS proxy before the switch, open its port in the firewall, or correct browser.url", away(err))
		}
	case failed.Status == http.StatusNotFound:
		s.fault("there is no WebSocket at "+address, "correct the path in browser.url (Asterisk's own is /ws), or "+webSocket, "status 404")
	case failed.Status == http.StatusBadGateway, failed.Status == http.StatusServiceUnavailable, failed.Status == http.StatusGatewayTimeout:
		s.fault("the proxy at "+address+" does not reach Asterisk", "see that its upstream is the address of http.conf (bindaddr, bindport), and that Asterisk runs", fmt.Sprintf("status %d", failed.Status))
	case failed.Status == http.StatusBadRequest, failed.Status == http.StatusUpgradeRequired, failed.Status == http.StatusOK:
		s.fault("what answers at "+address+" opens no WebSocket", "have the proxy pass Upgrade and Connection on (nginx: proxy_http_version 1.1, proxy_set_header Upgrade $http_upgrade, Connection \"upgrade\"), or correct browser.url",
			fmt.Sprintf("status %d", failed.Status))
	default:
		s.fault("what answers at "+address+" opens no WebSocket", "see the log of the proxy there, or correct browser.url", fmt.Sprintf("status %d", failed.Status))
	}
}
