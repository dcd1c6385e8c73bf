package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// changedAmount is what somebody changes an amount to. No configuration has it.
const changedAmount = "999.99"

// planShowing plans after one object was changed at the gateway. The plan must show that
// change, and no other: one that is fast because it does not look is worth nothing.
func (w *workspace) planShowing(ctx context.Context) (run, error) {
	id, err := w.openObject()
	if err != nil {
		return run{}, err
	}
	undo, err := w.box.change(ctx, change{Kind: w.kind, ID: id, To: changedAmount})
	if err != nil {
		return run{}, err
	}
	result, output, err := w.run(ctx, plan)
	if err != nil {
		return result, err
	}
	if !showsOneChange(output, id) {
		return result, fmt.Errorf("plan of %d %s: %s was changed at the gateway, and the plan does not show that one alone:\n%s", w.objects, w.kind, id, end(output))
	}
	_, err = w.box.change(ctx, undo)
	return result, err
}

var summaryPattern = regexp.MustCompile(`(?m)^Plan: (\d+) to add, (\d+) to change, (\d+) to destroy\.$`)

// showsOneChange reports whether a plan replaces this object, because of its amount, and
// changes nothing else.
func showsOneChange(output, id string) bool {
	summary := summaryPattern.FindStringSubmatch(output)
	return summary != nil && slices.Equal(summary[1:], []string{"1", "0", "1"}) &&
		strings.Contains(output, `"`+id+`" -> (known after apply)`) && strings.Contains(output, `"`+changedAmount+`" -> `)
}

// openObject is the id of an object in the middle of the state, of those that are not paid:
// what is paid may be left out of a refresh.
func (w *workspace) openObject() (string, error) {
	content, err := os.ReadFile(filepath.Join(w.dir, stateFile))
	if err != nil {
		return "", err
	}
	var state struct {
		Resources []struct {
			Instances []struct {
				Attributes struct {
					ID   string
					Paid bool
				}
			}
		}
	}
	if err := json.Unmarshal(content, &state); err != nil {
		return "", err
	}
	var open []string
	for _, resource := range state.Resources {
		for _, instance := range resource.Instances {
			if !instance.Attributes.Paid {
				open = append(open, instance.Attributes.ID)
			}
		}
	}
	if len(open) == 0 {
		return "", errors.New("the state has nothing that could change")
	}
	return open[len(open)/2], nil
}
