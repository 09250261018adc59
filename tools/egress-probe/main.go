// The egress probe tries every way out of a pod and signs what came back.
//
// What a green record does not show: packets that leave and are never answered (see witness), covert
// channels, and anything outside its list. It shows one moment of one pod under one network plugin.
package main

import (
	"fmt"
	"io"
	"os"
)

// Exit codes, the same for every command that judges.
const (
	exitGood      = 0
	exitRed       = 1
	exitUsage     = 2
	exitUndecided = 3
)

const usage = `usage: egress-probe run --mode control|probe --plan FILE --key FILE [--labels FILE] [--resolv-conf FILE]
                        [--message FILE]
       egress-probe witness --plan FILE --key FILE [--listen ADDRESS ...] [--for DURATION]
       egress-probe verify --plan FILE --key PUBLIC ... --probe FILE [--control FILE] [--witness FILE]
                           [--max-gap 15m] [--max-age 0] [--json]
       egress-probe keys --private FILE --public FILE
  run      tries the plan from this pod; writes one signed record to standard output
  witness  answers on the ports of the plan and counts what arrives; writes its record when it is ended
  verify   says what records prove: valid, red or invalid
  keys     makes a key pair
The plan may stand in the variable EGRESS_PROBE_PLAN instead of a file.
exit: run: 0 green or passed, 1 red, 3 undecided or failed; verify: 0 valid, 1 red, 3 invalid; 2 usage
`

func main() {
	os.Exit(command(os.Args[1:], os.Stdout, os.Stderr))
}

func command(args []string, out, errors io.Writer) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		fmt.Fprint(errors, usage)
		return exitUsage
	}
	commands := map[string]func([]string, io.Writer, io.Writer) (int, error){
		"run": runCommand, "witness": witnessCommand, "verify": verifyCommand, "keys": keysCommand,
	}
	chosen, known := commands[args[0]]
	if !known {
		fmt.Fprintf(errors, "egress-probe: %q is no command\n%s", args[0], usage)
		return exitUsage
	}
	code, err := chosen(args[1:], out, errors)
	if err != nil {
		fmt.Fprintf(errors, "egress-probe %s: %v\n", args[0], err)
		return exitUsage
	}
	return code
}
