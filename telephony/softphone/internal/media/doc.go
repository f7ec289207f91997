// Package media is the sound of one telephone call: the SDP that agrees on it
// (RFC 3264, RFC 8866), and a [Session] that speaks and hears RTP (RFC 3550)
// with G.711 and RFC 4733 digits on one UDP socket.
//
// A session sends one packet every 20 ms, timed from its start and not from the
// packet before, so that it never drifts. The RTP timestamp is the time since
// the start as well: when nothing is sent for a while (a pause, a hold) it goes
// on counting, and the first packet afterwards carries the marker.
//
// What is heard is placed by RTP timestamp into a [Track]; what never came is
// silence of true length.
//
// A session runs two goroutines, from Start to Close.
package media
