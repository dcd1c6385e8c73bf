package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// group are workspaces with one sandbox. Both are made when a job first needs them, so that no
// process waits for its turn for half an hour.
type group struct {
	tools   tools
	latency time.Duration
	rounds  int

	box    *sandboxProcess
	spaces []*workspace
}

func (g *group) sandbox(ctx context.Context) (*sandboxProcess, error) {
	var err error
	if g.box == nil {
		g.box, err = startSandbox(ctx)
	}
	return g.box, err
}

// workspace is that of so many objects of a kind.
func (g *group) workspace(ctx context.Context, k kind, objects int) (*workspace, error) {
	for _, w := range g.spaces {
		if w.kind == k && w.objects == objects {
			return w, nil
		}
	}
	box, err := g.sandbox(ctx)
	if err != nil {
		return nil, err
	}
	w, err := newWorkspace(g.tools, box, k, objects)
	g.spaces = append(g.spaces, w)
	return w, err
}

// run is a job: one step in one workspace.
func (g *group) run(in scene, s step, k kind, objects, round int) job {
	return g.runAt(g.latency, in, s, k, objects, round)
}

// runAt is the same at another latency. Before a plan of ours one object is changed at the
// gateway.
func (g *group) runAt(latency time.Duration, in scene, s step, k kind, objects, round int) job {
	what := fmt.Sprintf("%s of %s %s at %v, %s", s, thousands(objects), k, latency, in)
	if g.rounds > 1 {
		what += fmt.Sprintf(", round %d", round)
	}
	return job{what, expected(k, s, objects, latency), func(ctx context.Context) ([]run, error) {
		w, err := g.workspace(ctx, k, objects)
		if err != nil {
			return nil, err
		}
		w.latency = latency
		var result run
		if s == plan && k.isOurs() {
			result, err = w.planShowing(ctx)
		} else {
			result, _, err = w.run(ctx, s)
		}
		result.Scene, result.Round = in, round
		return []run{result}, err
	}}
}

// ask is a job: what the sandbox is asked to do between runs.
func (g *group) ask(what string, o order, title string, takes time.Duration) job {
	return job{title, takes, func(ctx context.Context) ([]run, error) {
		box, err := g.sandbox(ctx)
		if err != nil {
			return nil, err
		}
		return nil, box.do(ctx, what, o, nil)
	}}
}

// close is a job: it ends what the group has made.
func (g *group) close() job {
	return job{"stop the sandbox", 0, func(context.Context) ([]run, error) {
		for _, w := range g.spaces {
			w.remove()
		}
		g.box.stop()
		return nil, nil
	}}
}

// rotated begins with another element each time.
func rotated[T any](all []T, by int) []T {
	by %= len(all)
	return slices.Concat(all[by:], all[:by])
}
