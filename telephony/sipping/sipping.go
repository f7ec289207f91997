// Package sipping asks SIP addresses whether somebody is there, by OPTIONS
// (RFC 3261, section 11). It rings nobody and changes nothing.
//
// Each question has a socket of its own, which is closed with it. Any final
// response says that somebody is there: whether its status is good news is for
// the caller to decide.
package sipping

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// ErrAddress means that an address cannot be asked: it is none, or it is reached
// over something else than UDP and TCP.
var ErrAddress = errors.New("not an address that OPTIONS can be sent to from here")

// Answer is what came back.
type Answer struct {
	Status int // SIP status, 200 to 699
	Took   time.Duration
}

// Ask sends OPTIONS to a SIP URI and waits for the final response until ctx ends.
func Ask(ctx context.Context, address string) (Answer, error) {
	target, err := parse(address)
	if err != nil {
		return Answer{}, err
	}
	local, err := localAddress(ctx, target)
	if err != nil {
		return Answer{}, err
	}
	// The library logs whole messages, with the names in them.
	quiet := slog.New(slog.DiscardHandler)
	ua, err := sipgo.NewUA(sipgo.WithUserAgent("sambung"),
		sipgo.WithUserAgentTransportLayerOptions(sip.WithTransportLayerLogger(quiet)),
		sipgo.WithUserAgentTransactionLayerOptions(sip.WithTransactionLayerLogger(quiet),
			sip.WithTransactionLayerUnhandledResponseHandler(func(*sip.Response) {})))
	if err != nil {
		return Answer{}, fmt.Errorf("OPTIONS: %w", err)
	}
	defer ua.Close()
	client, err := sipgo.NewClient(ua, sipgo.WithClientHostname(local), sipgo.WithClientLogger(quiet))
	if err != nil {
		return Answer{}, fmt.Errorf("OPTIONS: %w", err)
	}
	began := time.Now()
	response, err := client.Do(ctx, options(target, local))
	if err != nil {
		return Answer{}, fmt.Errorf("OPTIONS to %s: no answer: %w", host(target), err)
	}
	return Answer{Status: response.StatusCode, Took: time.Since(began)}, nil
}

// options is the request, from nobody in particular.
func options(target sip.Uri, local string) *sip.Request {
	r := sip.NewRequest(sip.OPTIONS, target)
	params := sip.NewParams()
	params.Add("tag", sip.GenerateTagN(16))
	r.AppendHeader(&sip.FromHeader{Address: sip.Uri{Scheme: "sip", User: "doctor", Host: local}, Params: params})
	r.AppendHeader(&sip.ToHeader{Address: target, Params: sip.NewParams()})
	r.AppendHeader(sip.NewHeader("Accept", "application/sdp"))
	if isTCP(target) {
		r.SetTransport("TCP")
	} else {
		r.SetTransport("UDP")
	}
	return r
}

// parse reads an address that can be asked.
func parse(address string) (sip.Uri, error) {
	var uri sip.Uri
	if err := sip.ParseUri(strings.TrimSpace(address), &uri); err != nil {
		return uri, fmt.Errorf("%w: it is no SIP URI", ErrAddress)
	}
	if uri.Scheme != "sip" || uri.Host == "" || uri.Wildcard || uri.Port < 0 || uri.Port > 65535 {
		return uri, fmt.Errorf("%w: want sip:name@host:port", ErrAddress)
	}
	switch t := transport(uri); t {
	case "", "udp", "tcp":
		return uri, nil
	default:
		return uri, fmt.Errorf("%w: it is reached over another transport than UDP and TCP", ErrAddress)
	}
}

func transport(uri sip.Uri) string {
	t, _ := uri.UriParams.Get("transport")
	return strings.ToLower(t)
}

func isTCP(uri sip.Uri) bool { return transport(uri) == "tcp" }

func host(uri sip.Uri) string {
	port := uri.Port
	if port == 0 {
		port = 5060
	}
	return net.JoinHostPort(strings.Trim(uri.Host, "[]"), strconv.Itoa(port))
}

// localAddress is this machine's address as the target sees it. Nothing is sent.
func localAddress(ctx context.Context, target sip.Uri) (string, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "udp", host(target))
	if err != nil {
		return "", fmt.Errorf("OPTIONS to %s: %w", host(target), err)
	}
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).IP.String(), nil
}
