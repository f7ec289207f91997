// Package mutations proves that the tests of the invariants can fail: each
// patch in testdata breaks one thing in a scratch copy of the source, and a
// test that is named for it must turn red there, by an assertion of its own.
// The same tests must be green in a copy that nothing was done to.
//
// A patch is a unified diff against the root of the repository, headed by lines
// with # that say what is broken and which invariant that violates. It must
// apply and compile: one that does neither proves nothing, and fails. To add
// one, make the mistake in the source, and
//
//	git diff -- FILE... >internal/mutations/testdata/NAME.patch
//
// undo it, write the head, and add NAME with its test to the table.
package mutations
