// Package ari is a typed client of the Asterisk REST Interface (Asterisk 22):
// the requests the call flow makes, and the stream of events.
//
// # Requests
//
// Every request has a context and a time-out, and none is repeated by the
// client: whoever asked decides. A request that failed is one of three:
// Asterisk answered that it refuses ([IsNotFound], [IsConflict], [Status]); it
// certainly never reached Asterisk; or it can have been carried out although no
// reply was seen ([MaybeDone]).
//
// # Events
//
// A [Stream] keeps one WebSocket connected under the application's name. A
// socket is trusted once it has brought an event that the stream sent itself.
// Each [Subscription] receives the events of one key, in order: the key is cut
// out of the ids of channels, bridges, recordings and playbacks, so that one
// call's goroutine receives all of its call and nothing else. Subscribe before
// the request that causes events: they can come before its response.
//
// No event is lost silently. When the socket was away, or the owner of a
// subscription did not take its events in time, the subscription receives an
// event of type [Gap] in their place, once events flow again; its owner then
// asks for the state of its objects. A stream whose application was taken over
// by another connection ends for good with [ErrReplaced], and every
// subscription receives [Replaced] as its last event.
//
// Order is the order in which Asterisk sends. Dial events have none: Asterisk
// says that a dial was carried out when it has been, and "Ringing" can come first.
package ari
