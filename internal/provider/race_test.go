//go:build race

package provider

// The race detector makes the sandbox ten times slower: there, a fifth of the
// invoices has to do. .ci/run reads all of them without it.
const manyInvoices = 2000
