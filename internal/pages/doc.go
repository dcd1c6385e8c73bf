// Package pages reads the documentation and does what it says: every fenced block of the
// README, of the guides and of the modules' pages is run or checked as it is printed. It has
// tests only.
//
// TestPages runs them, one subtest for each page. Each page has a sandbox, a home with the
// provider installed, and one terminal: the blocks run in their order, and what one exports
// and where it changes to hold for the next. The terminal begins in an empty folder, or, with
// <!-- folder: examples/guides/payouts-and-refunds --> at the top of the page, in a copy of that folder.
//
// What is done with a block follows from its language:
//
//	shell          runs with sh -eu and has to succeed
//	text, console  is what the block before it prints: each line in this order; … is anything
//	terraform      is a whole configuration, applied in a folder of its own; then its plan is empty
//
// A comment above the fence changes that. It is a directive, and any other comment there is an
// error:
//
//	<!-- fails -->                      it has to fail
//	<!-- cli: tofu -->                  it runs on this CLI alone; also: terraform 1.14, tofu 1.12
//	<!-- file: main.tf -->              it is written to this file, where the terminal is
//	<!-- excerpt: examples/x/main.tf -->  it is a part of this file of the repository, word for word
//	<!-- run by .ci/run -->             this file of the repository runs each of its lines
//	<!-- not run: REASON -->            it cannot be run here
//
// A block in another language needs one of them. The address http://127.0.0.1:8085 is replaced
// by that of the page's sandbox, and a module's address at GitHub by its folder here. Where a
// message breaks its lines, and how long something takes, may differ from the page.
//
// TestPagesRender looks at every page as the registries and GitHub render it.
// TestBlocksAreFormatted runs terraform fmt over the blocks. TestExamplesDoNotCollide finds order ids and aliases that two examples use.
//
// It is a module of its own, so that the provider's go.mod does not name a parser of Markdown.
package pages
