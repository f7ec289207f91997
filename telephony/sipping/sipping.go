// Package sipping asks SIP addresses whether somebody is there, by OPTIONS
// (RFC 3261, section 11), and a switch over a WebSocket whether a telephone in a
// browser would be admitted. It rings nobody and changes nothing.
//
// Each question of [Ask] has a socket of its own, which is closed with it. Any final
// response says that somebody is there: whether its status is good news is for
// the caller to decide.
package sipping

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

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

// A request over UDP is repeated until it is answered, at growing intervals (RFC
// 3261, section 17.1.2).
const (
	t1 = 500 * time.Millisecond
	t2 = 4 * time.Second
)

// Ask sends OPTIONS to a SIP URI and waits for the final response until ctx ends,
// or until the other machine says that nobody listens there.
func Ask(ctx context.Context, address string) (Answer, error) {
	target, err := parse(address)
	if err != nil {
		return Answer{}, err
	}
	began := time.Now()
	q, err := dial(ctx, target)
	if err != nil {
		return Answer{}, fmt.Errorf("OPTIONS to %s: %w", host(target), err)
	}
	defer q.conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = q.conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	status, err := q.exchange(ctx)
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err() // the socket only says that its time was up
		}
		return Answer{}, fmt.Errorf("OPTIONS to %s: no answer: %w", host(target), err)
	}
	return Answer{Status: status, Took: time.Since(began)}, nil
}

// question is a request on its way.
type question struct {
	conn    net.Conn
	stream  bool // TCP: nothing is repeated, and an answer can come in pieces
	request *sip.Request
	next    time.Duration // until it is repeated
}

func dial(ctx context.Context, target sip.Uri) (*question, error) {
	network := "udp"
	if transport(target) == "tcp" {
		network = "tcp"
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, host(target))
	if err != nil {
		return nil, err
	}
	return &question{conn: conn, stream: network == "tcp", request: options(target, network, conn.LocalAddr()), next: t1}, nil
}

// exchange returns the status of the final response.
func (q *question) exchange(ctx context.Context) (int, error) {
	var received []byte
	packet := make([]byte, 64<<10)
	for again := true; ; {
		if again {
			if err := q.send(ctx); err != nil {
				return 0, err
			}
		}
		n, err := q.conn.Read(packet)
		again = errors.Is(err, os.ErrDeadlineExceeded) && !q.stream && ctx.Err() == nil
		if err != nil && !again {
			return 0, err
		}
		if !q.stream {
			received = nil
		}
		received = append(received, packet[:n]...)
		switch status := q.status(received); {
		case status >= 200:
			return status, nil
		case len(received) > cap(packet):
			return 0, errors.New("what came is no answer")
		}
	}
}

// send writes the request; over UDP the socket then waits only until the next time.
func (q *question) send(ctx context.Context) error {
	if _, err := q.conn.Write([]byte(q.request.String())); err != nil || q.stream {
		return err
	}
	if err := q.conn.SetReadDeadline(time.Now().Add(q.next)); err != nil {
		return err
	}
	q.next = min(2*q.next, t2)
	return ctx.Err() // whose end may have come before the deadline was set
}
