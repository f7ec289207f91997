// Package bench measures Sambung against bare peers and shows what it found.
//
// Every goal is a ratio: ours and the peer's are measured in one run, on the
// same servers, in turns, several times over. A round gives one pair; what is
// judged is the median of the pairs, and the spread is told beside it. Absolute
// figures say something of the machine alone.
//
// The measuring itself is in the tests of this package, because it needs the
// servers of package realservers: BenchmarkGoals runs all of it, TestSmoke the
// same with tiny numbers. The rest of the package keeps, prints and draws the
// results; it measures nothing.
package bench
