package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// Options configure a Sandbox. The zero value is a sandbox in memory with the
// guide's demo credentials.
type Options struct {
	// Database is the path of the SQLite file that keeps the state. It is
	// created when absent. "" and ":memory:" keep the state in memory.
	Database string
	// Dialect picks between readings of doubtful points.
	Dialect Dialect
	// PublicURL is put in front of the links in answers, such as
	// "https://sandbox.example.com". "" takes the host of each request.
	PublicURL string
	// MerchantID and APIKey are what Invoice API calls must carry. "" means
	// TestMerchantID and TestAPIKey.
	MerchantID, APIKey string
	// LinkLifetime is how long a payment can be paid after it was created;
	// 24 hours when zero. The guide shows that payments expire (section
	// 7.2.3, expire_date) but not when [?].
	LinkLifetime time.Duration
	// PayKeeperLogin and PayKeeperPassword are what PayKeeper calls must
	// carry. "" means DemoPayKeeperLogin and DemoPayKeeperPassword.
	PayKeeperLogin, PayKeeperPassword string
	// P2PAPIKey and P2PSecretKey identify and sign calls of the merchant
	// invoices API. "" means DemoP2PAPIKey and DemoP2PSecretKey.
	P2PAPIKey, P2PSecretKey string
	// P2PNotificationInterval is the time between the three tries to deliver
	// a notification; 60 seconds when zero.
	P2PNotificationInterval time.Duration
	// P2PRequisites is how many deals can wait for a transfer at the same
	// time; without limit when zero.
	P2PRequisites int
	// IntellectMoneyBearerToken, IntellectMoneySignSecretKey and
	// IntellectMoneyUserToken are what IntellectMoney calls must carry and be
	// signed with; the login and password are what a user token is given for.
	// "" means the value of the Demo constant of the same name.
	IntellectMoneyBearerToken, IntellectMoneySignSecretKey, IntellectMoneyUserToken string
	IntellectMoneyLogin, IntellectMoneyPassword                                     string
	// IntellectMoneyMostInvoices is how many invoices a selection may have,
	// Skip and Take aside, before it is refused as too large; without limit
	// when zero. That there is a limit is in the document, how much it is not.
	IntellectMoneyMostInvoices int
	// Now is the sandbox's clock; time.Now when nil. Advance moves it on.
	Now func() time.Time
	// OnRequest, when set, is told of every API call after it was dealt
	// with. It must be safe for concurrent use.
	OnRequest func(Request)

	// tickInterval is how late something may be noticed that happens by
	// itself while nobody asks; 5 seconds when zero.
	tickInterval time.Duration
}

// complete fills in the defaults and refuses values that make no sense.
func (o *Options) complete() error {
	if o.LinkLifetime < 0 || (o.LinkLifetime > 0 && o.LinkLifetime < time.Millisecond) {
		return fmt.Errorf("link lifetime %v: dates carry milliseconds, so a payment must live for one at least", o.LinkLifetime)
	}
	if o.LinkLifetime == 0 {
		o.LinkLifetime = 24 * time.Hour
	}
	if o.P2PNotificationInterval < 0 || o.P2PRequisites < 0 {
		return errors.New("the notification interval and the number of requisites must not be negative")
	}
	if o.IntellectMoneyMostInvoices < 0 {
		return errors.New("the most invoices of a selection must not be negative")
	}
	o.P2PNotificationInterval = cmp.Or(o.P2PNotificationInterval, time.Minute)
	o.tickInterval = cmp.Or(o.tickInterval, 5*time.Second)
	o.MerchantID = cmp.Or(o.MerchantID, TestMerchantID)
	o.APIKey = cmp.Or(o.APIKey, TestAPIKey)
	o.PayKeeperLogin = cmp.Or(o.PayKeeperLogin, DemoPayKeeperLogin)
	o.PayKeeperPassword = cmp.Or(o.PayKeeperPassword, DemoPayKeeperPassword)
	o.P2PAPIKey = cmp.Or(o.P2PAPIKey, DemoP2PAPIKey)
	o.P2PSecretKey = cmp.Or(o.P2PSecretKey, DemoP2PSecretKey)
	o.IntellectMoneyBearerToken = cmp.Or(o.IntellectMoneyBearerToken, DemoIntellectMoneyBearerToken)
	o.IntellectMoneySignSecretKey = cmp.Or(o.IntellectMoneySignSecretKey, DemoIntellectMoneySignSecretKey)
	o.IntellectMoneyUserToken = cmp.Or(o.IntellectMoneyUserToken, DemoIntellectMoneyUserToken)
	o.IntellectMoneyLogin = cmp.Or(o.IntellectMoneyLogin, DemoIntellectMoneyLogin)
	o.IntellectMoneyPassword = cmp.Or(o.IntellectMoneyPassword, DemoIntellectMoneyPassword)
	if o.Now == nil {
		o.Now = time.Now
	}
	return nil
}
