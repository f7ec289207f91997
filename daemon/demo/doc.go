// Package demo runs the main job on one machine with nothing installed: the
// daemon as it is, over an embedded Redis, an embedded S3 server and a simulated
// switch with agents and taxpayers who talk.
//
// Only addresses and times differ from an office: the calendar is always open,
// retries come after seconds, and the people follow stories, one for every kind
// of result and outcome. What it does, it does through the daemon's API, as
// everybody else.
//
// Whoever opens the pages is let in by a click, as an agent, a supervisor or Quality
// Assurance: accounts of this run alone, with passwords that GET /v1/demo tells. These
// routes are no part of the API; [daemon.WithDemonstration] puts them there, and nothing
// that can be configured does.
package demo
