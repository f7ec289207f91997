package client_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sambung/daemon/api/apitest"
	"sambung/daemon/api/client"
	"sambung/telephony"
)

func connect(t *testing.T, url, token string) *client.Client {
	t.Helper()
	c, err := client.New(url, token, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCommandsPass(t *testing.T) {
	s := apitest.New(t, nil)
	id := s.Submit(t, "A", "")
	s.Talk(t, id, "agent-1")
	c := connect(t, s.URL+"/", apitest.TokenSupervisor)
	if err := c.Command(t.Context(), string(id), "mute"); err != nil {
		t.Error(err)
	}
	if given := s.Commands.Given(); len(given) != 1 || given[0] != telephony.Mute {
		t.Errorf("given = %v", given)
	}
}

func TestErrorsCarryTheDaemonsWords(t *testing.T) {
	s := apitest.New(t, nil)
	_, _, err := connect(t, s.URL, apitest.TokenAdmin).Enqueue(t.Context(), client.Submission{Ticket: "A"}, "")
	var failure *client.Error
	if !errors.As(err, &failure) || failure.Status != 400 || failure.Code != "invalid" || len(failure.Fields) != 4 {
		t.Fatalf("error = %#v", err)
	}
	if !strings.Contains(err.Error(), "\n  phone: it is empty; ") {
		t.Errorf("error = %v", err)
	}
}

func TestBadAddressesAreRefused(t *testing.T) {
	for _, address := range []string{"", "127.0.0.1:8717", "ftp://x", "http://", "http://user:pass@x", "http://x:y:z"} {
		if _, err := client.New(address, "t", nil); err == nil || strings.Contains(err.Error(), "pass") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// What is not a daemon is told apart from a daemon that refuses, and the token
// follows no redirect.
func TestForeignAnswers(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("redirected, with %q", r.Header.Get("Authorization"))
	}))
	defer elsewhere.Close()
	for name, handler := range map[string]http.HandlerFunc{
		"page":     func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<html>", http.StatusBadGateway) },
		"redirect": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) },
		"json": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(404)
			_, _ = w.Write([]byte(`{"message":"no"}`))
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(handler)
			defer server.Close()
			_, err := connect(t, server.URL, "t").Agents(t.Context())
			var failure *client.Error
			if !errors.As(err, &failure) || failure.Code != "foreign" {
				t.Errorf("error = %v", err)
			}
		})
	}
}

func TestARecordingThatArrivesDifferentIsCorrupt(t *testing.T) {
	for name, digest := range map[string]string{
		"other": "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:", "none": "",
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Repr-Digest", digest)
				_, _ = w.Write([]byte("RIFF"))
			}))
			defer server.Close()
			var got bytes.Buffer
			if _, err := connect(t, server.URL, "t").Recording(t.Context(), "x", 1, &got); !errors.Is(err, client.ErrCorrupt) {
				t.Errorf("error = %v", err)
			}
		})
	}
}
