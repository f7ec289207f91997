// Package promises sees that every promise of docs/failures.md names a test that
// is there.
package promises
