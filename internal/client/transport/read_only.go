package transport

// readOnlyError is why a call was not sent that would change something.
type readOnlyError struct{ setting string }

func (e *readOnlyError) Error() string {
	return "it changes something at the gateway, and " + e.setting + " forbids that, so it was not sent"
}

// IsReadOnly reports whether a call failed because [Config.ReadOnly] holds it back.
func IsReadOnly(err error) bool { return isA[*readOnlyError](err) }
