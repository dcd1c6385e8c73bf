//go:build !race

package provider

const manyInvoices = 10000
