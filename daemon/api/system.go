package api

import (
	"context"
	"net/http"

	"sambung/queue"
)

// System is how the installation is at this moment.
type System struct {
	Version  string        `json:"version"`
	Node     string        `json:"node"` // the daemon that answers
	Dialling Part          `json:"dialling"`
	Switches []SwitchState `json:"switches"`
	// Counts are the follow-ups by status.
	Counts map[queue.Status]int `json:"counts"`
	Spool  SpoolState           `json:"spool"`
	// EvidencePending are the follow-ups whose evidence is not complete in the bucket,
	// AwaitingBucket the recordings among it that are still at their switch.
	EvidencePending int  `json:"evidence_pending"`
	AwaitingBucket  int  `json:"awaiting_bucket"`
	Redis           Part `json:"redis"`
	Archive         Part `json:"archive"`
}

// Part is something that the daemon stands on.
type Part struct {
	Version string `json:"version,omitempty"`
	OK      bool   `json:"ok"`
	Why     string `json:"why,omitempty"` // it is not
}

// SwitchState is one switch, as this daemon sees it.
type SwitchState struct {
	Name      string `json:"name"`
	Owned     bool   `json:"owned"`           // by this daemon
	Owner     string `json:"owner,omitempty"` // whoever holds its lease
	Reachable bool   `json:"reachable"`
	Why       string `json:"why,omitempty"` // it is not
}

// SpoolState is the folder in which recordings wait for the bucket.
type SpoolState struct {
	Bytes int64 `json:"bytes"`
	Limit int64 `json:"limit"`
	Files int   `json:"files"`
}

// Inspector looks at the installation.
type Inspector interface {
	// System returns within the context's time; what does not answer is told in it.
	System(ctx context.Context) System
}

func (s *server) system(w http.ResponseWriter, r *http.Request, _ Token) error {
	return respond(w, http.StatusOK, s.Inspector.System(r.Context()))
}
