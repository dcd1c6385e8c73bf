package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
)

// dialects are all readings of the points that the documents of Invoice API v2 leave open: each
// alone, and all together.
var dialects = [][]string{
	nil,
	{"ids=number"},
	{"terminal_types=statical"},
	{"rewrite_description=true"},
	{"date_names=date_insert"},
	{"taken_alias=existing"},
	{"repeated_order=error"},
	{"error_status=200"},
	{"closed_answer=init"},
	{"expired=fail"},
	{"refund_status=init"},
	{"spelling=php"},
	{"terminal_alias=shown"},
	{
		"ids=number", "terminal_types=statical", "rewrite_description=true", "date_names=date_insert", "taken_alias=existing",
		"repeated_order=error", "error_status=200", "closed_answer=init", "expired=fail", "refund_status=init",
		"spelling=php", "terminal_alias=shown",
	},
}

// inEveryDialect runs a test in each dialect of Invoice API v2.
func inEveryDialect(t *testing.T, test func(t *testing.T, dialect []string)) {
	for _, dialect := range dialects {
		t.Run(dialectName(dialect), func(t *testing.T) { test(t, dialect) })
	}
}

func dialectName(dialect []string) string {
	switch len(dialect) {
	case 0:
		return "default"
	case 1:
		return dialect[0]
	default:
		return "all"
	}
}

// dialectsOf lists all readings of the points that one gateway's documents leave open: each
// alone, and all together.
func dialectsOf(prefix string, but ...string) [][]string {
	all := []string{}
	list := [][]string{nil}
	for _, one := range gateways.Switches {
		if !strings.HasPrefix(one.Name, prefix) {
			continue
		}
		for _, value := range one.Values[1:] {
			if setting := one.Name + "=" + value; !slices.Contains(but, setting) {
				list, all = append(list, []string{setting}), append(all, setting)
			}
		}
	}
	return append(list, all)
}

// together puts up to so many dialects of one reading into one, for tests that take long. No
// switch is in one twice. The last of the list, which has them all, stays.
func together(size int, list [][]string) [][]string {
	grouped := [][]string{nil}
	for _, dialect := range list {
		if len(dialect) != 1 {
			continue
		}
		name, _, _ := strings.Cut(dialect[0], "=")
		at := slices.IndexFunc(grouped[1:], func(group []string) bool {
			return len(group) < size && !slices.ContainsFunc(group, func(one string) bool { return strings.HasPrefix(one, name+"=") })
		})
		if at < 0 {
			grouped = append(grouped, dialect)
			continue
		}
		grouped[at+1] = append(grouped[at+1], dialect[0])
	}
	return append(grouped, list[len(list)-1])
}

// paykeeperHistoryDialects concern calls that invoices do not make.
var paykeeperHistoryDialects = []string{"paykeeper_login=303", "paykeeper_login=html", "paykeeper_dates=inclusive", "paykeeper_fullcount=number", "paykeeper_max_page=10"}

// inDialects runs a test on one workspace per dialect.
func inDialects(t *testing.T, list [][]string, test func(t *testing.T, w *clitest.Workspace)) {
	for _, dialect := range list {
		t.Run(dialectName(dialect), func(t *testing.T) { test(t, newWorkspace(t, dialect...)) })
	}
}
