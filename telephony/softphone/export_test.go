package softphone

import "time"

// WithT1 makes the timers of a phone faster that repeat a 200 until its ACK.
func WithT1(c Config, t1 time.Duration) Config {
	c.t1 = t1
	return c
}
