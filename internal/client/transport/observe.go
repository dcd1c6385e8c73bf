package transport

import (
	"net/http"
	"time"
)

// Attempt is what one attempt of a call brought, as it came: for who has to see the shape of an
// answer, which the clients hide. It may hold secrets and payers.
type Attempt struct {
	Operation string
	Duration  time.Duration
	// Response is nil when none came. Its body was read.
	Response *http.Response
	Body     []byte
	// Err is why there is no complete answer.
	Err error
}
