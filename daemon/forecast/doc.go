// Package forecast says which waiting follow-ups will be late, and why, while
// something can still be done about it.
//
// It plays the office on from the present a number of times: the agents who are
// ready take what waits, earliest deadline first; attempts end as the attempts
// that were seen lately did; what was not reached is tried again by the policy.
// A follow-up that is late in at least half of the plays is foretold to be late.
// The draws have a fixed seed, so that the same office gives the same forecast.
//
// It is a forecast. Whoever has let something wait, or is on a pause, is taken to
// need as long again as so far, in half of the plays; agents who are offline to
// stay away, those who are ready to stay, and no follow-up to be added. How many calls a switch carries at
// once is left out, and so is that two follow-ups may have one number.
package forecast
