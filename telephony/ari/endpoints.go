package ari

import (
	"context"
	"net/http"
	"time"
)

// States of an endpoint. Asterisk calls one online that has a contact which
// answered its OPTIONS last, or is never asked (qualify_frequency 0).
const (
	EndpointOnline  = "online"
	EndpointOffline = "offline" // no contact, or none that answers: a call to it fails at once
	EndpointUnknown = "unknown"
)

// Endpoint is a telephone or a trunk (ARI model Endpoint).
type Endpoint struct {
	Technology string `json:"technology"` // PJSIP
	Resource   string `json:"resource"`   // its name
	State      string `json:"state"`      // EndpointOnline, EndpointOffline, EndpointUnknown
}

// Endpoint describes a PJSIP endpoint (GET /endpoints/PJSIP/{name}).
func (c *Client) Endpoint(ctx context.Context, name string) (Endpoint, error) {
	var e Endpoint
	err := c.do(ctx, request{method: http.MethodGet, resource: path("endpoints", "PJSIP", name), result: &e})
	return e, err
}

// Kinds of PJSIP objects that Setting reads.
const (
	ObjectEndpoint = "endpoint"
	ObjectAOR      = "aor"
)

// Setting reads one value of a PJSIP object, empty if the object does not have it
// (GET /asterisk/config/dynamic/res_pjsip/{kind}/{name}). The "contact" of an
// aor lists those of the configuration and those registered now, by commas.
func (c *Client) Setting(ctx context.Context, kind, name, attribute string) (string, error) {
	var all []struct{ Attribute, Value string }
	r := request{method: http.MethodGet, resource: path("asterisk", "config", "dynamic", "res_pjsip", kind, name), result: &all}
	if err := c.do(ctx, r); err != nil {
		return "", err
	}
	for _, a := range all {
		if a.Attribute == attribute {
			return a.Value, nil
		}
	}
	return "", nil
}

// Clock reads Asterisk's clock, in milliseconds (GET /asterisk/ping).
func (c *Client) Clock(ctx context.Context) (time.Time, error) {
	var pong struct{ Timestamp string }
	if err := c.do(ctx, request{method: http.MethodGet, resource: path("asterisk", "ping"), result: &pong}); err != nil {
		return time.Time{}, err
	}
	return time.Parse(timeLayout, pong.Timestamp)
}
