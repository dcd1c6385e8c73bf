package remote

import (
	"context"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
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
				Answers:   map[string]string{"amount": "1500.50", "description": "Заказ 1, филиал №7"},
				Applied:   map[string]string{"amount": "1500.50", "description": "Заказ 1"},
				Unpayable: true,
			},
		},
		"an imported terminal": {
			oldPrivate{"echo": `{"can_comments":{"applied":"true","answer":"true"},"default_price":{"applied":"","answer":""}}`, "imported": "true"},
			Memory{
				Answers:  map[string]string{"can_comments": "true", "default_price": ""},
				Applied:  map[string]string{"can_comments": "true", "default_price": ""},
				Imported: true,
			},
		},
		"an invoice": {
			oldPrivate{
				"answers": `{"amount":"\"1500.50\"","paykeeper.cart":"[{\"name\":\"Окно\"}]","paykeeper.send":"false","paykeeper.service_name":"\"Ремонт \u003cокон\u003e \\\"и\\\" дверей\""}`,
				"unread":  "true",
			},
			Memory{
				Answers: map[string]string{"amount": "1500.50", "paykeeper.cart": `[{"name":"Окно"}]`, "paykeeper.send": "false", "paykeeper.service_name": `Ремонт <окон> "и" дверей`},
				Applied: map[string]string{},
				Unread:  true,
			},
		},
	} {
		if got := Read(t.Context(), test.old); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
		// Once the new key exists, the old ones no longer count.
		want := Memory{Answers: map[string]string{"amount": "1"}}
		want.Write(t.Context(), test.old)
		if got := Read(t.Context(), test.old); !reflect.DeepEqual(got, want) {
			t.Errorf("%s, written anew: %+v, want %+v", name, got, want)
		}
	}
}
