package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"private-llm/tools/egress-probe/internal/attempt"
	"private-llm/tools/egress-probe/internal/pod"
	"private-llm/tools/egress-probe/internal/record"
	"private-llm/tools/egress-probe/internal/schedule"
)

func runCommand(args []string, out, errors io.Writer) (int, error) {
	flags := newFlags("run")
	mode := flags.String("mode", "", "")
	planFile := flags.String("plan", "", "")
	keyFile := flags.String("key", "", "")
	files := pod.Files{}
	flags.StringVar(&files.Labels, "labels", "", "")
	message := flags.String("message", "", "")
	flags.StringVar(&files.ResolvConf, "resolv-conf", "/etc/resolv.conf", "")
	if err := parse(flags, args); err != nil {
		return 0, err
	}
	if *mode != record.Control && *mode != record.Probe {
		return 0, fmt.Errorf("--mode is %q; give control or probe\n%s", *mode, usage)
	}
	plan, err := readPlan(*planFile)
	if err != nil {
		return 0, err
	}
	// Before anything is tried: a run that nobody can sign is not worth its packets.
	key, err := record.ReadPrivateKey(*keyFile)
	if err != nil {
		return 0, fmt.Errorf("--key: %w", err)
	}
	facts, err := pod.Read(files, os.Getenv)
	if err != nil {
		return 0, err
	}
	one := record.Record{
		Version:       record.Version,
		Mode:          *mode,
		Run:           record.NewRun(),
		Started:       record.Stamp(time.Now()),
		Pod:           facts.Identity,
		ImageDigest:   os.Getenv("IMAGE_DIGEST"),
		CNIProfile:    plan.CNIProfile,
		PlanHash:      plan.Hash,
		Interfaces:    facts.Interfaces,
		DefaultRoutes: facts.DefaultRoutes,
		Resolvers:     facts.Resolvers,
	}
	one.Attempts = schedule.Try(schedule.All(plan, facts), attempt.Settings{
		Timeout: time.Duration(plan.TimeoutMilliseconds) * time.Millisecond,
		Run:     one.Run,
		Zone:    plan.DNS.Zone,
	})
	one.Ended = record.Stamp(time.Now())
	one.Verdict = record.Judge(*mode, plan, one.Attempts, schedule.Uncovered(facts))
	signed, err := record.Sign(one, key)
	if err != nil {
		return 0, err
	}
	fmt.Fprintf(out, "%s\n", signed)
	summarise(errors, one)
	leaveMessage(*message, one, errors)
	return exitOfRun(one.Verdict.Result), nil
}

// summarise says last, and so in the end of the pod's log, what the record shows.
func summarise(out io.Writer, one record.Record) {
	fmt.Fprintf(out, "%s %s: %s, %d attempts\n", one.Mode, one.Run, one.Verdict.Result, len(one.Attempts))
	for _, reason := range one.Verdict.Reasons {
		fmt.Fprintf(out, "  %s\n", reason)
	}
	for _, gap := range one.Verdict.Gaps {
		fmt.Fprintf(out, "  not shown: %s\n", gap)
	}
}

// leaveMessage writes the verdict where the kubelet takes it into the pod's status; whoever may not read
// logs sees there what to ask for. A message is a courtesy: without one the record is no worse.
func leaveMessage(path string, one record.Record, errors io.Writer) {
	if path == "" {
		return
	}
	text := fmt.Sprintf("%s %s: %s", one.Mode, one.Run, one.Verdict.Result)
	for _, reason := range one.Verdict.Reasons[:min(5, len(one.Verdict.Reasons))] {
		text += "\n" + reason
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		fmt.Fprintf(errors, "  no message: %v\n", err)
	}
}

func exitOfRun(result string) int {
	switch result {
	case record.Green, record.Passed:
		return exitGood
	case record.Red:
		return exitRed
	}
	return exitUndecided
}
