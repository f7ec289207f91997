// Package storagetest holds the suite that every [storage.Archive] passes, an
// archive in memory that passes it too, and a decorator that does harm on
// demand, so that callers can be tested against an archive that fails.
package storagetest
