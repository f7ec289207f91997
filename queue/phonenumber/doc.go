// Package phonenumber turns a telephone number as people write it into the one
// form the system dials, E.164 ("+62" and digits), or refuses it with a reason
// and a remedy.
//
// It is the only gate between outside input and a dial string, so it refuses
// rather than guesses: what reaches the wrong person discloses a taxpayer's
// affairs to a stranger. Guarantees, for any input whatever:
//
//   - a result is "+62" and 7 to 13 digits, or, where foreign numbers are allowed,
//     "+" and 7 to 15 digits; nothing else ever follows;
//   - normalising a result gives the same result;
//   - an error never repeats any part of the input, so it can be logged.
//
// The numbering plan is libphonenumber's, with the Indonesian service numbers it
// lets through (such as 021 1500200) refused here. The national Fundamental
// Technical Plan (KM 4/2001, appendix 2 as amended by KM 28/2004) gives the rules:
// a subscriber's own number begins with 2 to 9, numbers that begin with 1 and those
// under 080x are services.
package phonenumber
