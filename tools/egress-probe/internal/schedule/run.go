package schedule

import (
	"context"
	"sync"
	"time"

	"private-llm/tools/egress-probe/internal/attempt"
)

// Bounds of a run. With every list of a plan at its limit there are about 1,100 attempts.
const (
	// Parallel attempts; more would look like a flood and lose packets by itself.
	parallel = 64
	// WholeRun is the time after which nothing new is begun.
	WholeRun = 90 * time.Second
)

// Try works the list off and returns one attempt for each entry, in order.
func Try(specs []attempt.Spec, settings attempt.Settings) []attempt.Attempt {
	ctx, cancel := context.WithTimeout(context.Background(), WholeRun)
	defer cancel()
	attempts := make([]attempt.Attempt, len(specs))
	queue := make(chan int)
	var workers sync.WaitGroup
	for range min(parallel, len(specs)) {
		workers.Go(func() {
			for index := range queue {
				attempts[index] = attempt.Try(ctx, specs[index], settings)
			}
		})
	}
	for index := range specs {
		queue <- index
	}
	close(queue)
	workers.Wait()
	return attempts
}
