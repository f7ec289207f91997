// Package browser drives a headless Chromium for tests, with a microphone that
// speaks from a file and a telephone that stays on this machine.
//
// A [Page] waits for conditions and never for a time. What a page writes to its
// console as an error, throws, or fails to load, fails the test.
package browser
