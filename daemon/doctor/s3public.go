package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"sambung/storage/s3"
)

// linkLimit is how long a link is tried, which should take a moment.
const linkLimit = 5 * time.Second

// s3Public follows a link to the probe, as a browser follows one to a recording.
// The link itself is told to nobody.
func s3Public(ctx context.Context, s *sheet, archive *s3.Archive, public string) {
	if public == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, linkLimit)
	defer cancel()
	link, err := archive.Link(ctx, s3Key, "doctor.txt", time.Minute)
	if err != nil {
		s3Fault(s, "", fmt.Errorf("signing a link: %w", err))
		return
	}
	status, content, err := follow(ctx, link)
	switch {
	case err != nil:
		s.warn("links to recordings name "+public+", which is not reached from here",
			"nothing, if browsers reach it; otherwise correct s3.public_endpoint, or the proxy there", err)
	case status == http.StatusOK && content == s3Content:
		s.ok("links to recordings work at " + public)
	case status == http.StatusForbidden:
		s.fault("links to recordings are refused at "+public,
			"have the proxy there pass Host, path and query on as they came (nginx: proxy_set_header Host $http_host), or correct s3.public_endpoint", "status 403: the signature covers the host")
	default:
		s.fault("what answers at "+public+" does not have the archive", "correct s3.public_endpoint, or the proxy there: it is the server of s3.endpoint under another name", fmt.Sprintf("status %d", status))
	}
}

// follow fetches a link; no error names it.
func follow(ctx context.Context, link string) (status int, content string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return 0, "", errors.New("the link is not an address")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	defer transport.CloseIdleConnections()
	answer, err := transport.RoundTrip(request) // a redirect is not followed: a link needs none
	if around := (*url.Error)(nil); errors.As(err, &around) {
		err = around.Err
	}
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 2*int64(len(s3Content))))
	return answer.StatusCode, string(body), err
}
