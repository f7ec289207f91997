package client

import (
	"context"
	"net/http"
	"net/url"

	"sambung/queue"
)

func userPath(name string) string { return "/v1/users/" + url.PathEscape(name) }

// Users lists the people who may sign in, by name.
func (c *Client) Users(ctx context.Context) ([]queue.User, error) {
	var list struct {
		Users []queue.User `json:"users"`
	}
	_, err := c.ask(ctx, http.MethodGet, "/v1/users", nil, &list)
	return list.Users, err
}

// User is a user's whole record; an empty password keeps the one that is there.
type User struct {
	Role     queue.Role    `json:"role"`
	Agent    queue.AgentID `json:"agent,omitempty"`
	Endpoint string        `json:"endpoint,omitempty"`
	Switch   string        `json:"switch,omitempty"`
	Language string        `json:"language,omitempty"`
	Password string        `json:"password,omitempty"`
	Disabled bool          `json:"disabled,omitempty"`
}

// RecordOf is the record of a user who is there.
func RecordOf(u queue.User) User {
	return User{Role: u.Role, Agent: u.Agent, Endpoint: u.Endpoint, Switch: u.Switch, Language: u.Language, Disabled: u.Disabled}
}

// PutUser adds a user or changes one.
func (c *Client) PutUser(ctx context.Context, name string, u User) (user queue.User, err error) {
	_, err = c.ask(ctx, http.MethodPut, userPath(name), u, &user)
	return user, err
}

// RemoveUser removes one, who is signed out everywhere.
func (c *Client) RemoveUser(ctx context.Context, name string) error {
	_, err := c.ask(ctx, http.MethodDelete, userPath(name), nil, nil)
	return err
}
