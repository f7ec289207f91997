// Package everypage opens every page of the daemon in a real browser, in both
// languages and both themes, and has axe-core judge it (W3C WCAG 2.2). It needs
// Chromium and the built pages (make console); what stands behind the pages is in
// the process.
//
// With -screenshots DIR it leaves a picture of each there: see make screenshots.
package everypage
