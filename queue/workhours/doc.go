// Package workhours is the office clock: it counts time only while the office
// is open. A follow-up must be delivered within one working hour of its receipt
// (SOP LIP20-0020, "Jangka Waktu Penyelesaian"), and that hour runs by this clock.
//
// # Model
//
// A [Calendar] is a time zone, weekly opening intervals (several a day leave
// breaks between them), dated overrides that replace the week for a range of
// dates (Ramadan), and holidays. Holidays come in one file per year, which names
// the decree it copies (the joint decree, SKB, of three ministers) and says
// whether it is final or tentative. A holiday closes its whole day and outranks
// an override, which outranks the week.
//
// Intervals are half-open: at 08:00 the office is open, at 16:00 it is closed.
// Work that needs the last minute of an interval ends at its close, not at the
// next opening: 15:00 plus one hour is 16:00 the same day. Work received at the
// close starts at the next opening.
//
// # Guarantees
//
//   - A calendar is immutable after [Load] and safe for concurrent use.
//   - Load is strict: an unknown key or file name, overlapping or reversed times,
//     a doubled or misplaced holiday, is refused with file, line and remedy, all of
//     them at once. A calendar that stays closed for more than 60 days in a row is
//     refused too, which bounds every search.
//   - Results are in the calendar's zone and carry no monotonic reading, so they
//     can be stored and compared.
//   - A year without a file is never guessed silently: [Calendar.Add] refuses a
//     receipt in it and marks a deadline that reaches into it as provisional.
//   - [Calendar.Version] names the rules: two calendars of one version compute the
//     same results.
//
// The time zone database is embedded, so a machine without one serves.
package workhours
