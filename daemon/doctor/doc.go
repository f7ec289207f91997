// Package doctor examines an installation and says of everything the daemon
// needs whether it is well, and if not, what is wrong and how to mend it.
//
// What it promises:
//   - It may run beside a daemon at work. It rings nobody, takes no lease, opens
//     no event stream under the daemon's application, and removes what it makes
//     at a switch. The passwords of telephones in browsers are tried by a REGISTER
//     that registers nothing. In the bucket it leaves three small objects under
//     storage.ProbePrefix, the same ones each time. It makes no bucket.
//   - Checks run side by side, each with a time-out. One that cannot run says so
//     and names what it depends on; it is not silently left out.
//   - A finding names no person and holds no secret.
package doctor
