//go:build race

package provider

// The race detector makes the sandbox ten times slower, so a fifth of the invoices has to do
// there. The run of CI without it reads all of them.
const manyInvoices = 2000
