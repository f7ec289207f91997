// Package ari is a typed client of the Asterisk REST Interface (Asterisk 22):
// the requests the call flow makes, and the stream of events.
//
// Requests have a context and a time-out and are never repeated by the client:
// whoever asked decides, knowing by MaybeDone whether the request can have been
// carried out although no reply was seen.
//
// The stream never loses an event silently. Each subscription receives the
// events of the objects it is keyed by, in order. When the socket was away, the
// events in between are lost at the server; then every subscription receives an
// event of type Gap, after the new socket is trusted, and its owner takes a
// snapshot. A stream whose application was taken over by another connection
// ends for good with ErrReplaced.
package ari
