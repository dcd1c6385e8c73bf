package doctor

// Status says how good a finding is.
type Status string

// The statuses of checks.
const (
	OK      Status = "ok"
	Warning Status = "warning"
	Error   Status = "error" // something would not work
	Unknown Status = "unknown"
)

// Check is one finding. The name and the value of a doubtful point of a gateway are those of the
// sandbox's switch.
type Check struct {
	Gateway string `json:"gateway"`
	Name    string `json:"name"`
	Value   string `json:"value"`
	Status  Status `json:"status"`
	// Means is what it means for the provider, and which setting follows.
	Means string `json:"means"`
}

// Report is everything that was found.
type Report struct {
	Checks []Check `json:"checks"`
}

// Count is how many checks have a status.
func (r *Report) Count(status Status) (count int) {
	for _, one := range r.Checks {
		if one.Status == status {
			count++
		}
	}
	return count
}

// IsHealthy reports whether nothing was found that would not work.
func (r *Report) IsHealthy() bool { return r.Count(Error) == 0 }
