// Package daemon is the roof over the three pillars: App wires the queue, the
// telephone switches and the archive together and runs them.
//
// Starting, App checks everything it cannot work without (the store's
// persistence, the archive's conditional writes, the calendar of this year) and
// refuses to start with the remedy said. Stopping, it claims nothing more at
// once, lets live calls finish and their recordings reach the archive until the
// drain limit, gives its switches up, and returns. Calls still alive then go on
// at the switch and are taken over by its next owner.
package daemon
