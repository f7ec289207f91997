// Package s3 keeps the archive on a server that speaks the S3 protocol.
//
// # Writing
//
// The body is hashed before the first byte is sent, so that a file that was
// damaged on the way never takes a key that cannot be written twice. It goes
// out as one PUT of known size with the condition that nothing is there
// (If-None-Match: *), its SHA-256 in the signed headers, so that the server
// itself refuses other bytes, and its MD5, which servers ask for where a bucket
// retains objects by default. The hash is kept as metadata (x-amz-meta-sha256).
// Multipart uploads are not used: some servers overwrite on a conditional one.
// Nor are trailing checksums (STREAMING-UNSIGNED-PAYLOAD-TRAILER, CVE-2026-40344).
//
// A PUT whose fate is unknown (no reply, a time-out, a server error) is
// repeated a few times; a condition that failed then (412) says no more than
// that something is there. What decides is the read-back that follows either
// answer: the same content is success, other content is ErrCorrupt if it claims
// to be ours, else ErrConflict.
//
// # Time
//
// Every request ends: one without content after Config.Timeout, one with
// content after that and the time its length takes at Config.MinRate. A body
// that the caller reads at their own pace is cut when the server sends nothing
// for Config.Timeout.
package s3
