package workhours

// closedRun finds a run of more than maxClosedDays without an opening. Only dated
// entries can make one, because every week has an open hour: so the days from the
// first entry to the last, with a week on either side, are all there is to look at.
func (c *Calendar) closedRun() (from, to date, found bool) {
	first, last := c.dated()
	var run int
	for d := first - 7; d <= last+7; d++ {
		if run++; len(c.daySpans(d)) > 0 {
			run = 0
		}
		if run > maxClosedDays {
			return d - maxClosedDays, d, true
		}
	}
	return 0, 0, false
}

// dated is the first and the last day that a holiday or an override names.
func (c *Calendar) dated() (first, last date) {
	first, last = date(1<<30), date(0)
	for d := range c.holidays {
		first, last = min(first, d), max(last, d)
	}
	for _, o := range c.overrides {
		first, last = min(first, o.from), max(last, o.to)
	}
	return first, last
}
