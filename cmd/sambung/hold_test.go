package main

import (
	"testing"

	"sambung/daemon/api/apitest"
)

func TestHoldRefusals(t *testing.T) {
	s := apitest.New(t, nil)
	id := string(s.Submit(t, "A", ""))
	for _, args := range [][]string{{id}, {id, "--on"}, {id, "--on", "--off", "--reason", "x"}, {id, "--reason", "x"}} {
		sambung(t, s, apitest.TokenQA, append([]string{"recordings", "hold"}, args...)...).want(t, exitUsage)
	}
	sambung(t, s, apitest.TokenQA, "recordings", "hold", id, "--on", "--reason", "surat S-17").want(t, exitRefused, "not sealed yet")
	sambung(t, s, apitest.TokenSupervisor, "recordings", "hold", id, "--on", "--reason", "surat S-17").want(t, exitRefused, "not for the role supervisor")
}
