package client

import (
	"context"
	"net/http"

	"sambung/storage/dossier"
)

// Custody lists what happened to a sealed dossier since, the first link first.
func (c *Client) Custody(ctx context.Context, id string) ([]dossier.CustodyLink, error) {
	var list struct {
		Custody []dossier.CustodyLink `json:"custody"`
	}
	_, err := c.ask(ctx, http.MethodGet, followUpPath(id, "/custody"), nil, &list)
	return list.Custody, err
}

// Accept says that a sealed dossier is as it should be; remarks may be empty.
func (c *Client) Accept(ctx context.Context, id, remarks string) (dossier.CustodyLink, error) {
	return c.review(ctx, id, dossier.Accepted, remarks)
}

// Return says that a sealed dossier is to be mended, and by its remarks why.
func (c *Client) Return(ctx context.Context, id, remarks string) (dossier.CustodyLink, error) {
	return c.review(ctx, id, dossier.Returned, remarks)
}

// Hold puts every object of a sealed dossier under legal hold, or releases all,
// and returns how many.
func (c *Client) Hold(ctx context.Context, id string, on bool, reason string) (dossier.CustodyLink, int, error) {
	var done struct {
		Link    dossier.CustodyLink `json:"link"`
		Objects int                 `json:"objects"`
	}
	_, err := c.ask(ctx, http.MethodPost, followUpPath(id, "/hold"), map[string]any{"on": on, "reason": reason}, &done)
	return done.Link, done.Objects, err
}

func (c *Client) review(ctx context.Context, id string, verdict dossier.Act, remarks string) (link dossier.CustodyLink, err error) {
	body := map[string]string{"verdict": string(verdict)}
	if remarks != "" {
		body["remarks"] = remarks
	}
	_, err = c.ask(ctx, http.MethodPost, followUpPath(id, "/review"), body, &link)
	return link, err
}
