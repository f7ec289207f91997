package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
	"sambung/daemon/evidence"
)

const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitNotFound = 3
	exitRefused  = 4
)

// usageError is a fault of how the command was called that only the command itself noticed.
type usageError struct{ error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// report prints an error and returns the exit code.
func (c *cli) report(cmd *cobra.Command, err error) int {
	code := c.exitCode(err)
	var failure *client.Error
	errors.As(err, &failure)
	if c.json {
		if data, encodeErr := json.Marshal(map[string]any{"error": forPrograms(err, failure, code)}); encodeErr == nil {
			fmt.Fprintln(c.stderr, string(data))
			return code
		}
	}
	fmt.Fprintln(c.stderr, "sambung:", err)
	switch {
	case code == exitUsage:
		fmt.Fprintf(c.stderr, "See: %s --help\n", cmd.CommandPath())
	case failure != nil && failure.Status == http.StatusUnauthorized:
		fmt.Fprintln(c.stderr, "Set SAMBUNG_TOKEN, or name a file by --token-file.")
	}
	return code
}

// forPrograms is an error as the API writes it; failure is nil where it is none
// of the API's.
func forPrograms(err error, failure *client.Error, code int) any {
	if failure != nil {
		return failure
	}
	name := map[int]string{exitUsage: "usage", exitRefused: "refused"}[code]
	if name == "" {
		name = "failed"
	}
	return struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}{name, err.Error()}
}

func (c *cli) exitCode(err error) int {
	var failure *client.Error
	switch {
	case !c.started || errors.As(err, new(usageError)):
		return exitUsage
	case errors.As(err, new(refusedError)):
		return exitRefused
	case errors.Is(err, evidence.ErrNothing):
		return exitNotFound
	case !errors.As(err, &failure), failure.Foreign():
		return exitFailed
	}
	switch failure.Status {
	case http.StatusNotFound:
		return exitNotFound
	case http.StatusBadRequest, http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return exitRefused
	}
	return exitFailed
}
