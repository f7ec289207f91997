package console

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Door says what stands around API and pages.
type Door struct {
	API   http.Handler
	Pages http.Handler
	// Demonstration answers below /v1/demo; nil: the API does, which knows nothing there.
	Demonstration http.Handler
	// Telephones are the WebSocket addresses of the switches that browsers register at.
	Telephones []string
	// Secure says that browsers come by TLS, to the daemon or to a proxy in front of it.
	Secure bool
}

// Handler leads each request to the API or to the pages, bounds its time, and sets the
// headers that tell a browser how little the pages need (Content Security Policy Level 3).
func (d Door) Handler() http.Handler {
	policy := d.policy()
	return Bound(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Permissions-Policy", "microphone=(self), camera=(), geolocation=(), display-capture=(), payment=(), usb=()")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		if d.Secure {
			header.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if d.Demonstration != nil && isDemonstration(r.URL.EscapedPath()) {
			d.Demonstration.ServeHTTP(w, r)
			return
		}
		if isAPI(r.URL.EscapedPath()) {
			d.API.ServeHTTP(w, r)
			return
		}
		d.Pages.ServeHTTP(w, r)
	}), bodyLimit, writeLimit)
}

// isAPI reports whether a path is the API's; what is not written plainly is nobody's.
func isAPI(path string) bool {
	return strings.HasPrefix(path, "/v1/") || slices.Contains([]string{"/healthz", "/readyz", "/metrics", "/openapi.yaml"}, path)
}

func isDemonstration(path string) bool {
	return path == "/v1/demo" || strings.HasPrefix(path, "/v1/demo/")
}

// policy allows the pages' own files, and the telephones.
func (d Door) policy() string {
	connect := []string{"'self'"}
	for _, address := range d.Telephones {
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			if source := u.Scheme + "://" + u.Host; !slices.Contains(connect, source) {
				connect = append(connect, source)
			}
		}
	}
	return strings.Join([]string{
		"default-src 'self'", "connect-src " + strings.Join(connect, " "), "media-src 'self' blob:", "img-src 'self' data:",
		"object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
	}, "; ")
}
