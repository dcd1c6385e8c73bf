package transport

import "fmt"

// repetition says what follows an attempt that left a doubt: no complete answer
// came, or one with a 5xx, 503 with Retry-After included. An attempt that was
// provably not carried out (a refused connection, a failed handshake, 429) is
// followed by the next one whatever the rule.
type repetition int

const (
	never repetition = iota + 1
	afterLookUp
	atOnce
)

// Rule says whether a call may be sent again. Each client has a table with a rule for
// every call of its gateway; a call without a rule is not sent.
type Rule struct {
	repeat repetition
	key    string // what an object is looked up by, in the words of errors
}

// Never is for what moves money, and for what nothing can find again: a doubt ends in
// the error, which says what may have happened. Anything but a success, a proof that
// nothing was done, and the gateway's own words with a 2xx or 4xx leaves a doubt here,
// such as a bare 403. The call goes out on a connection of its own.
func Never() Rule { return Rule{repeat: never} }

// AfterLookUp is for what creates an object that has a key. The object is looked up by
// its key for as long as the gateway may still be working ([Config.Patience]), and taken
// when it is there. Only when it is provably absent then, the call is repeated
// ([CreateByKey]). After a time-out (ours, or 504) it is not, since no patience is long
// enough. Where an object has no key, or the key had an object before the call, and
// whenever the look-up leaves a doubt: the error.
func AfterLookUp(key string) Rule { return Rule{afterLookUp, key} }

// AtOnce is for reads, and for writes that do no more when they are done twice.
func AtOnce() Rule { return Rule{repeat: atOnce} }

// ruleFor returns the rule for a call, and an error where there is none.
func (c *Client) ruleFor(operation string) (Rule, error) {
	rule, ok := c.config.Rules[operation]
	if !ok {
		return Rule{}, fmt.Errorf("there is no rule for repeating %q of %q, so it was not sent: this is a bug in the provider", operation, c.config.Name)
	}
	return rule, nil
}
