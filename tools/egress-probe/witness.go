package main

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"private-llm/tools/egress-probe/internal/plan"
	"private-llm/tools/egress-probe/internal/record"
	"private-llm/tools/egress-probe/internal/witness"
)

func witnessCommand(args []string, out, errors io.Writer) (int, error) {
	flags := newFlags("witness")
	var listen list
	flags.Var(&listen, "listen", "")
	planFile := flags.String("plan", "", "")
	keyFile := flags.String("key", "", "")
	limit := flags.Duration("for", time.Hour, "")
	if err := parse(flags, args); err != nil {
		return 0, err
	}
	plan, err := readPlan(*planFile)
	if err != nil {
		return 0, err
	}
	key, err := record.ReadPrivateKey(*keyFile)
	if err != nil {
		return 0, fmt.Errorf("--key: %w", err)
	}
	addresses, err := listenAddresses(listen, plan)
	if err != nil {
		return 0, err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, *limit)
	defer cancel()
	counter := witness.NewCounter()
	one := record.WitnessRecord{Version: record.Version, Mode: record.Witness, PlanHash: plan.Hash}
	err = witness.Serve(ctx, addresses, ports(plan), counter, func() {
		one.Started = record.Stamp(time.Now())
		fmt.Fprintf(errors, "witness: listening on %v\n", addresses)
	})
	if err != nil {
		return 0, err
	}
	one.Ended = record.Stamp(time.Now())
	one.Seen, one.Other = counter.Sightings()
	signed, err := record.Sign(one, key)
	if err != nil {
		return 0, err
	}
	fmt.Fprintf(out, "%s\n", signed)
	return exitGood, nil
}

// listenAddresses are those given, else all targets of the plan.
func listenAddresses(given list, plan plan.WithHash) ([]netip.Addr, error) {
	addresses := []netip.Addr{}
	for _, text := range given {
		address, err := netip.ParseAddr(text)
		if err != nil {
			return nil, fmt.Errorf("--listen: %w", err)
		}
		addresses = append(addresses, address)
	}
	if len(addresses) > 0 {
		return addresses, nil
	}
	for _, target := range plan.World {
		addresses = append(addresses, target.Address)
	}
	return addresses, nil
}

// ports are those of every target, the drawn one, and the one for names.
func ports(plan plan.WithHash) []uint16 {
	all := []uint16{53, plan.DrawnPort}
	for _, target := range plan.World {
		all = append(all, target.Ports...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
