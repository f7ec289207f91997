// Package console serves the people's pages: a single-page application that is
// built from web (Vite, TypeScript) into dist and embedded here.
//
// What was not built is not served: without dist every page says how to build it,
// and the daemon works all the same. Only the files that dist holds, and the paths
// of [Paths], exist; a path is looked up as it is, never resolved.
package console
