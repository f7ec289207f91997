package client

import (
	"context"
	"net/http"

	"sambung/daemon/board"
)

// Board is the supervisor's wall as it is, or was a second ago.
func (c *Client) Board(ctx context.Context) (b board.Board, err error) {
	_, err = c.ask(ctx, http.MethodGet, "/v1/board", nil, &b)
	return b, err
}
