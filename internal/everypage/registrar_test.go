package everypage_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// registrar is an exchange at which telephones in browsers register (RFC 7118), and
// that calls nobody. It returns its address.
func registrar(t testing.TB) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"sip"}, InsecureSkipVerify: true}) // the pages have another port
		if err != nil {
			return
		}
		defer func() { _ = c.CloseNow() }()
		for {
			_, request, err := c.Read(r.Context())
			if err != nil {
				return
			}
			if answer := accept(string(request)); answer != "" {
				if err := c.Write(r.Context(), websocket.MessageText, []byte(answer)); err != nil {
					return
				}
			}
		}
	}))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return "ws" + strings.TrimPrefix(server.URL, "http") + "/ws"
}

// accept answers a REGISTER with 200 (RFC 3261, section 10.3); anything else with nothing.
func accept(request string) string {
	if !strings.HasPrefix(request, "REGISTER ") {
		return ""
	}
	answer := []string{"SIP/2.0 200 OK"}
	for line := range strings.SplitSeq(request, "\r\n") {
		switch name, _, _ := strings.Cut(line, ":"); name {
		case "To":
			answer = append(answer, line+";tag=registrar")
		case "Contact":
			contact, _, _ := strings.Cut(line, ">")
			answer = append(answer, contact+">;expires=600")
		case "Via", "From", "Call-ID", "CSeq":
			answer = append(answer, line)
		}
	}
	return strings.Join(append(answer, "Content-Length: 0", "", ""), "\r\n")
}
