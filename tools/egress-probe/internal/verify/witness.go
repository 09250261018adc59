package verify

import (
	"fmt"

	"private-llm/tools/egress-probe/internal/record"
)

// witness asks the other side: a datagram that got out and whose answer got lost looks like a wall from
// inside the pod.
func (report *Report) witness(input Input, probe record.Record, control *record.Record) {
	if input.Witness == nil {
		report.Gaps = append(report.Gaps, "no witness: one way out without a way back cannot be seen from inside a pod")
		return
	}
	var other record.WitnessRecord
	if err := record.Open(input.Witness, input.Keys, &other); err != nil {
		report.invalid("witness: %v", err)
		return
	}
	if other.Mode != record.Witness || other.Version != record.Version || other.PlanHash != input.Plan.Hash {
		report.invalid("witness: it is no record of a witness of this version and plan")
		return
	}
	// Texts of one form in UTC are in the order of time.
	if other.Started > probe.Started || other.Ended < probe.Ended {
		report.invalid("witness: it watched from %s to %s, and the probe ran from %s to %s", other.Started, other.Ended, probe.Started, probe.Ended)
	}
	ofProbe, ofControl := int64(0), int64(0)
	for _, one := range other.Seen {
		switch {
		case one.Run == probe.Run:
			ofProbe += one.TCP + one.UDP
		case control != nil && one.Run == control.Run:
			ofControl += one.TCP + one.UDP
		}
	}
	report.Witness = fmt.Sprintf("the witness got %d messages of the probe, %d of the control and %d of nobody known", ofProbe, ofControl, other.Other)
	if ofProbe > 0 {
		report.Result = Red
		report.Reasons = append(report.Reasons, fmt.Sprintf("the witness got %d messages of the probe", ofProbe))
	}
	if ofControl == 0 {
		report.invalid("witness: it got nothing of the control either, so it does not stand where packets go")
	}
}
