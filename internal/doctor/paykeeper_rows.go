package doctor

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// seeRows looks at how invoices are written.
func (k *payKeeperVisit) seeRows() {
	for _, row := range k.rows {
		k.seeAmount(row.text("pay_amount"))
		k.seeServiceName(row.text("service_name"))
		expires, err := time.ParseInLocation(time.DateTime, row.text("expiry_datetime"), k.client.Zone())
		// A day more, since the server may be in another zone.
		if err == nil && row.text("status") == "expired" && expires.After(k.serverTime.Add(24*time.Hour)) {
			k.sees("paykeeper_revoked", "expired")
		}
	}
	k.seeZone()
}

// seeAmount goes by zeros at the end. An amount that ends with another digit says nothing.
func (k *payKeeperVisit) seeAmount(amount string) {
	_, fraction, hasPoint := strings.Cut(amount, ".")
	switch {
	case amount == "":
	case !hasPoint, len(fraction) == 1:
		k.sees("paykeeper_amount", "plain")
	case len(fraction) == 2 && strings.HasSuffix(fraction, "0"):
		k.sees("paykeeper_amount", "fixed")
	}
}

func (k *payKeeperVisit) seeServiceName(name string) {
	var wire object
	if json.Unmarshal([]byte(name), &wire) == nil {
		k.sees("paykeeper_service_name", map[string]string{"array": "sent", "string": "string"}[wire.kind("cart")])
	}
}

// zones are a zone for each offset from UTC in hours that is Russia's.
var zones = map[int]string{
	2: "Europe/Kaliningrad", 3: "Europe/Moscow", 4: "Europe/Samara", 5: "Asia/Yekaterinburg", 6: "Asia/Omsk", 7: "Asia/Krasnoyarsk",
	8: "Asia/Irkutsk", 9: "Asia/Yakutsk", 10: "Asia/Vladivostok", 11: "Asia/Magadan", 12: "Asia/Kamchatka",
}

// freshness is how old the newest time may be that shows the zone. One that is older by just so many
// hours looks the same in another zone, which is why the finding says on what it rests.
const freshness = time.Minute

// seeZone compares the newest time, which has no offset, with the server's clock, which has one.
// No time is in the future, so it tells how far west the zone is at most. One that was just
// written tells the zone.
func (k *payKeeperVisit) seeZone() {
	var newest time.Time
	for _, row := range k.rows {
		for _, name := range []string{"created_datetime", "paid_datetime"} {
			if at, err := time.Parse(time.DateTime, row.text(name)); err == nil && at.After(newest) {
				newest = at
			}
		}
	}
	if newest.IsZero() {
		return
	}
	ahead := newest.Sub(k.serverTime.UTC())
	_, seconds := k.serverTime.In(k.client.Zone()).Zone()
	set := time.Duration(seconds) * time.Second
	if ahead > set+freshness {
		k.add("times", "in the future", Warning, fmt.Sprintf("The newest time of an invoice lies %s in the future, if the server is in the zone %s. So it is in a zone further east: "+
			"set paykeeper.timezone (INVOICE_PAYKEEPER_TIMEZONE).", (ahead-set).Round(time.Minute), k.zoneName()))
	}
	hours := int((ahead - freshness/2 + time.Hour - 1).Truncate(time.Hour) / time.Hour)
	name, isRussian := zones[hours]
	age := time.Duration(hours)*time.Hour - ahead
	if !isRussian || age > freshness {
		k.cannotSee("Times have no offset, so only one that was just written shows the zone. Issue an invoice, or pay one, and ask again within a minute; look at a created one with -invoice.",
			"paykeeper_timezone")
		return
	}
	if time.Duration(hours)*time.Hour == set {
		name = k.zoneName()
		k.finds("paykeeper_timezone", name, OK, "The server's times fit the zone that is set.")
		return
	}
	k.finds("paykeeper_timezone", name, Warning, fmt.Sprintf("If an invoice was issued or paid in the last minute, the server is in this zone, or in one with the same offset: "+
		"set paykeeper.timezone (INVOICE_PAYKEEPER_TIMEZONE) to %q. If not, issue one and ask again. Now the provider takes its times for those of %s.", name, k.zoneName()))
}

// zoneName is the name of the zone that is set.
func (k *payKeeperVisit) zoneName() string {
	if k.client.Zone() == values.Moscow {
		return "Europe/Moscow"
	}
	return k.client.Zone().String()
}
