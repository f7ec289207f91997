// Package embedded starts a store for the queue where none is installed as a
// service: a redis-server or valkey-server of its own when one is on PATH, which
// writes everything through to its folder; else a Redis in the process, which
// forgets everything when the process ends and says so.
package embedded
