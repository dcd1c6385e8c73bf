package provider

// Keys of the private state: what the provider has to know about an object
// and Terraform does not show.
const (
	// privateImported is true from an import until the first apply after it.
	// Until then, what the gateway never gives back is null in the state.
	privateImported = "imported"
	// privateUnpayable is true when Read saw that the link failed or expired. The
	// clock is read there and not while planning, so that plan and apply agree.
	privateUnpayable = "unpayable"
	// privateAnswers holds the [answers] about an invoice.
	privateAnswers = "answers"
	// privateUnread is true until the first read after a creation.
	privateUnread = "unread"
)
