// Package api is the HTTP interface of the daemon: what supervisors, agents,
// quality assurance and operators ask of it, described in openapi.yaml, which the
// handler serves itself.
//
// Handlers are thin: they read strictly, ask the ledger, and answer. Guarantees:
//
//   - a request without a valid bearer token or session, or of a role that the route
//     is not for, changes nothing and learns nothing; role agent reaches its own
//     agent and the follow-ups in that agent's hands alone;
//   - what comes under a session's cookie and changes something was made by a page of
//     this address, and carries the session's token against forgery;
//   - what is not understood is refused whole: unknown fields, unknown query
//     parameters, text that is not UTF-8, bodies above 64 KiB. The answer names
//     each field, what is wrong with it and what would be right;
//   - a repeated Idempotency-Key enqueues once;
//   - no name, number or message appears in a URL, a log line, a metric or the
//     stream of events;
//   - every request ends: bodies are read and answers written within a time, and
//     streams end with their request's context, when their reader is slow, or with the
//     daemon ([Deps.Closing]).
package api
