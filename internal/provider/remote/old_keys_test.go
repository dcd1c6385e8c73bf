package remote

import (
	"context"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// oldPrivate is private data of an older version.
type oldPrivate map[string]string

func (p oldPrivate) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return []byte(p[key]), nil
}

func (p oldPrivate) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	p[key] = string(value)
	return nil
}

func TestOldKeysAreRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		old  oldPrivate
		want Memory
	}{
		"a link": {
			oldPrivate{
				"echo":      `{"amount":{"applied":"1500.50","answer":"1500.50"},"description":{"applied":"Заказ 1","answer":"Заказ 1, филиал №7"}}`,
				"unpayable": "true", "unread": "false", "destroy": "false",
			},
			Memory{
				Answers: map[string]string{"amount": "1500.50", "description": "Заказ 1, филиал №7"},
				Applied: map[string]string{"amount": "1500.50", "description": "Заказ 1"},
				Marks:   Marks{Unpayable: true},
			},
		},
		"an imported terminal": {
			oldPrivate{"echo": `{"can_comments":{"applied":"true","answer":"true"},"default_price":{"applied":"","answer":""}}`, "imported": "true"},
			Memory{
				Answers: map[string]string{"can_comments": "true", "default_price": ""},
				Applied: map[string]string{"can_comments": "true", "default_price": ""},
				Marks:   Marks{Imported: true},
			},
		},
		"a link with all its answers": {
			oldPrivate{
				"remote": `{"answers":{"amount":"1500.50","description":"Заказ 1, филиал №7"},"applied":{"amount":"1"},"imported":true,"unread":true,"unpayable":true}`,
				"echo":   `{"amount":{"applied":"2","answer":"2"}}`,
			},
			Memory{
				Answers: map[string]string{"amount": "1500.50", "description": "Заказ 1, филиал №7"},
				Applied: map[string]string{"amount": "1"},
				Marks:   Marks{Imported: true, Unread: true, Unpayable: true},
			},
		},
		// This version wrote "r", and then an older one was used for a while.
		"an imported link that an older version has applied": {
			oldPrivate{
				"r":      `{"i":true,"x":true,"a":{"amount":"2"},"p":{"amount":"3"}}`,
				"remote": `{"answers":{"amount":"1500.50"}}`,
			},
			Memory{Answers: map[string]string{"amount": "1500.50"}},
		},
		"nothing": {oldPrivate{}, Memory{Answers: map[string]string{}, Applied: map[string]string{}}},
		"an invoice": {
			oldPrivate{
				"answers": `{"amount":"\"1500.50\"","paykeeper.cart":"[{\"name\":\"Окно\"}]","paykeeper.send":"false","paykeeper.service_name":"\"Ремонт \u003cокон\u003e \\\"и\\\" дверей\""}`,
				"unread":  "true",
			},
			Memory{
				Answers: map[string]string{"amount": "1500.50", "paykeeper.cart": `[{"name":"Окно"}]`, "paykeeper.send": "false", "paykeeper.service_name": `Ремонт <окон> "и" дверей`},
				Applied: map[string]string{},
				Marks:   Marks{Unread: true},
			},
		},
	} {
		table, m := Table[model, answer]{{Name: "currency", Answer: text("currency")}}, &model{Currency: types.StringValue("RUB")}
		if got := table.Read(t.Context(), m, test.old); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
		if got := ReadMarks(t.Context(), test.old); got != test.want.Marks {
			t.Errorf("%s: the marks are %+v, want %+v", name, got, test.want.Marks)
		}
		// The first write takes the old keys away.
		want := Memory{Answers: map[string]string{"currency": "RUR"}}
		table.Write(t.Context(), m, want, test.old)
		if got := table.Read(t.Context(), m, test.old); !reflect.DeepEqual(got, want) {
			t.Errorf("%s, written anew: %+v, want %+v", name, got, want)
		}
		for _, key := range oldKeys {
			if left := test.old[key]; left != "" {
				t.Errorf("%s: %s is still %s", name, key, left)
			}
		}
	}
}
