package main

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"private-llm/tools/egress-probe/internal/record"
	"private-llm/tools/egress-probe/internal/verify"
)

func verifyCommand(args []string, out, _ io.Writer) (int, error) {
	flags := newFlags("verify")
	var keyFiles list
	flags.Var(&keyFiles, "key", "")
	planFile := flags.String("plan", "", "")
	probe := flags.String("probe", "", "")
	control := flags.String("control", "", "")
	witness := flags.String("witness", "", "")
	maxGap := flags.Duration("max-gap", 15*time.Minute, "")
	maxAge := flags.Duration("max-age", 0, "")
	asJSON := flags.Bool("json", false, "")
	if err := parse(flags, args); err != nil {
		return 0, err
	}
	input := verify.Input{MaxGap: *maxGap, MaxAge: *maxAge, Now: time.Now()}
	var faults [5]error
	input.Plan, faults[0] = readPlan(*planFile)
	input.Keys, faults[1] = readKeys(keyFiles)
	if *probe == "" {
		faults[2] = errors.New("--probe: give the record of a probe")
	} else {
		input.Probe, faults[2] = os.ReadFile(*probe)
	}
	input.Control, faults[3] = readOptional(*control)
	input.Witness, faults[4] = readOptional(*witness)
	if err := errors.Join(faults[:]...); err != nil {
		return 0, err
	}
	report := verify.Verify(input)
	if err := write(out, report, *asJSON); err != nil {
		return 0, err
	}
	switch report.Result {
	case verify.Valid:
		return exitGood, nil
	case verify.Red:
		return exitRed, nil
	}
	return exitUndecided, nil
}

func write(out io.Writer, report verify.Report, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(report)
	}
	fmt.Fprintln(out, report.Result)
	for _, reason := range report.Reasons {
		fmt.Fprintf(out, "  %s\n", reason)
	}
	for _, count := range report.Conclusive {
		fmt.Fprintf(out, "  %s: %s %s: %d of %d attempts prove something\n", count.Kind, count.Family, count.Protocol, count.Conclusive, count.Made)
	}
	for _, gap := range report.Gaps {
		fmt.Fprintf(out, "  not shown: %s\n", gap)
	}
	if report.Witness != "" {
		fmt.Fprintf(out, "  %s\n", report.Witness)
	}
	return nil
}

func readKeys(files list) ([]ed25519.PublicKey, error) {
	if len(files) == 0 {
		return nil, errors.New("--key: give the public key of whoever signs")
	}
	keys := []ed25519.PublicKey{}
	for _, file := range files {
		key, err := record.ReadPublicKey(file)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func readOptional(path string) ([]byte, error) {
	if path == "" {
		return nil, nil
	}
	return os.ReadFile(path)
}

func keysCommand(args []string, _, _ io.Writer) (int, error) {
	flags := newFlags("keys")
	private := flags.String("private", "", "")
	public := flags.String("public", "", "")
	if err := parse(flags, args); err != nil {
		return 0, err
	}
	if *private == "" || *public == "" {
		return 0, fmt.Errorf("give --private and --public\n%s", usage)
	}
	privateText, publicText, err := record.NewKeyPair()
	if err != nil {
		return 0, err
	}
	if err := writeNew(*private, privateText, 0o600); err != nil {
		return 0, err
	}
	return exitGood, writeNew(*public, publicText, 0o644)
}

// writeNew never replaces a file: it may be the only copy of a key.
func writeNew(path string, text []byte, mode os.FileMode) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Close())
}
