package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"private-llm/tools/egress-probe/internal/plan"
)

// list is a flag that may be given several times.
type list []string

func (values *list) String() string { return strings.Join(*values, " ") }

func (values *list) Set(value string) error {
	*values = append(*values, value)
	return nil
}

func newFlags(name string) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	return flags
}

// parse refuses words that no flag takes: a forgotten dash would otherwise change what is judged.
func parse(flags *flag.FlagSet, args []string) error {
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("%w\n%s", err, usage)
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q is not understood\n%s", flags.Arg(0), usage)
	}
	return nil
}

func readPlan(path string) (plan.WithHash, error) {
	if path != "" {
		text, err := os.ReadFile(path)
		if err != nil {
			return plan.WithHash{}, err
		}
		return plan.Parse(text)
	}
	text := os.Getenv("EGRESS_PROBE_PLAN")
	if text == "" {
		return plan.WithHash{}, errors.New("no plan: give --plan FILE or the variable EGRESS_PROBE_PLAN")
	}
	return plan.Parse([]byte(text))
}
