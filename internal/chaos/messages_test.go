package chaos

import "regexp"

// What the provider's errors say. An operator follows these words, and so does the
// harness. The other words that it looks for are in remedies.
const (
	refundFailed       = "Cannot make the refund"
	payoutFailed       = "Cannot make the payout"
	mayHaveBeenMade    = "may have been made"
	isNotSentAgain     = "It is not sent again."
	lookPaymentUp      = "look the payment up in the merchant's account"
	lookAtPayouts      = "look at the store's payouts"
	mayHaveBeenIssued  = "may have been issued"
	mayHaveBeenCreated = "may have been created"
	paidIsNotReplaced  = "A paid payment link cannot be replaced"
	mayStillBeIssued   = "A payment may still be issued"
	refundWasFound     = "The earlier refund was made"
	refundIsAccepted   = "The refund is accepted, and not shown yet"
	acceptedWasFound   = "The accepted refund is there"
	wasAdopted         = "An existing object was adopted"
	importTheRightOne  = "import the one that it is"
	isNotThereYet      = "is not there yet"
	noneOfAmount       = "has no new refund of this amount"
	importThatOne      = "import that one"
)

var applyAgainIn = regexp.MustCompile(`Apply again in (\w+):`)
