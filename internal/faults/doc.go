// Package faults has no code but tests: engines whose world stops, whose power
// is cut, whose clock jumps and whose commits are answered wrongly, and the
// proof that what was acknowledged is there afterwards and nothing else is.
// README.md says which test proves what.
package faults
