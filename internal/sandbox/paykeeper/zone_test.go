package paykeeper

import (
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// A server of Vladivostok writes its own times. People read those of Moscow, the same
// ones on all pages and in mails.
func TestTimesOfAnotherZone(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"paykeeper_timezone": "Asia/Vladivostok"}})
	id := b.pkBill("client_email", "a@example.com", "expiry", "2026-03-20")
	b.pkPost("send", "id", id)
	const end, now = "19.03.2026 17:00 МСК", "01.03.2026 12:30 МСК"
	_, bill := b.Browse("/paykeeper/bill/" + id + "/")
	contains(t, bill, end)
	_, outbox := b.Browse(outboxPath)
	contains(t, outbox, "Оплатить до "+end, now)
	_, index := b.Browse("/")
	contains(t, index, end, now)
	absent(t, bill+outbox+index, "20.03.2026", "01.03.2026 19:30")
}
