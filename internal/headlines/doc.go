// Package headlines compares the guide about errors with the code: every headline that the code can
// make is in the guide, and the guide has no other. Everything is in the tests. They follow each text
// from the call that makes a diagnostic back to its constants, through variables, fields, parameters
// and results; what only a run knows becomes "…", as in the guide.
package headlines
