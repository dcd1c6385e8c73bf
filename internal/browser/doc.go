// Package browser uses the sandbox's pages as a person does: in Debian's chromium, with
// the mouse or with keys alone, in Russian and in English, with and without scripts. It
// has tests only.
//
// Elements are found by their role and their accessible name, as a screen reader finds
// them. After a form was sent, the gateway's API is asked: what a page shows is not
// enough. Every page is looked at on a phone and on a screen.
//
// Without chromium the tests are skipped, and say so. make screenshots takes a picture of
// every page.
//
// It is a module of its own, so that the provider's go.mod does not name what only these
// tests need.
package browser
