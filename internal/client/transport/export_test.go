package transport

// RepeatedCalls are the lines of the table of repeat rules, for the test that
// tries each of them.
func RepeatedCalls() []string {
	var calls []string
	for gateway, rules := range repeatRules {
		for operation := range rules {
			if gateway != testGateway {
				calls = append(calls, gateway+", "+operation)
			}
		}
	}
	return calls
}
