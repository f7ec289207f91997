// Package accounts lets people in: it checks passwords, opens and closes sessions,
// and slows down whoever guesses.
//
// A password is kept as argon2id (RFC 9106) with its parameters; one of older
// parameters gets a new digest when its owner signs in. A session is a random id of
// 256 bits: the browser has it in a cookie, the ledger only its SHA-256, and the token
// against forged requests (CSRF) is derived from it, so that a copy of the ledger lets
// nobody in. An unknown name, a wrong password and a disabled user get one answer,
// after the same work.
package accounts
