package verify

import (
	"fmt"
	"time"

	"private-llm/tools/egress-probe/internal/attempt"
	"private-llm/tools/egress-probe/internal/record"
)

// Count says of one way how many attempts of the probe prove something.
type Count struct {
	Kind     string `json:"kind"`
	Family   string `json:"family"`
	Protocol string `json:"protocol"`
	// Conclusive attempts failed in the probe and got through in the control.
	Conclusive int `json:"conclusive"`
	Made       int `json:"made"`
}

// pair checks that the control belongs to the probe and counts what the two prove together. The control
// is nil where it is of no use.
func (report *Report) pair(input Input, probe record.Record) *record.Record {
	if input.Control == nil {
		report.invalid("no control: without one, a probe that reaches nothing may have had no network at all")
		return nil
	}
	var control record.Record
	if fault := open(input, input.Control, record.Control, &control); fault != "" {
		report.invalid("control: %s", fault)
		return nil
	}
	for _, reason := range control.Verdict.Reasons {
		report.invalid("control: %s", reason)
	}
	if control.Run == probe.Run {
		report.invalid("control and probe are the same run")
	}
	if control.Pod.Namespace == probe.Pod.Namespace {
		report.invalid("control and probe ran in the same namespace, %q", probe.Pod.Namespace)
	}
	if control.ImageDigest != probe.ImageDigest || probe.ImageDigest == "" {
		report.invalid("control ran the image %q and probe %q; they must be the same and known", control.ImageDigest, probe.ImageDigest)
	}
	if gap, err := gapBetween(control, probe); err != nil {
		report.invalid("%v", err)
	} else if gap > input.MaxGap {
		report.invalid("control and probe are %s apart, more than %s; what was open then may be closed now", gap.Round(time.Second), input.MaxGap)
	}
	report.count(input, control, probe)
	return &control
}

// gapBetween is the time between two runs; 0 where they overlap.
func gapBetween(one, other record.Record) (time.Duration, error) {
	var moments [4]time.Time
	for i, text := range []string{one.Started, one.Ended, other.Started, other.Ended} {
		moment, err := record.Moment(text)
		if err != nil {
			return 0, fmt.Errorf("times of the records: %w", err)
		}
		moments[i] = moment
	}
	if moments[1].Before(moments[0]) || moments[3].Before(moments[2]) {
		return 0, fmt.Errorf("a record ended before it started")
	}
	return max(0, moments[2].Sub(moments[1]), moments[0].Sub(moments[3])), nil
}

// count finds the attempts that prove something, and demands one for every way that the plan requires.
func (report *Report) count(input Input, control, probe record.Record) {
	open := map[attempt.Spec]bool{}
	for _, one := range control.Attempts {
		if one.Outcome.GotThrough() {
			open[ownAside(one.Spec)] = true
		}
	}
	counts := map[attempt.Spec]*Count{}
	order := []attempt.Spec{}
	for _, one := range probe.Attempts {
		way := attempt.Spec{Kind: one.Kind, Family: one.Family, Protocol: one.Protocol}
		if counts[way] == nil {
			counts[way] = &Count{Kind: one.Kind, Family: one.Family, Protocol: one.Protocol}
			order = append(order, way)
		}
		counts[way].Made++
		if open[ownAside(one.Spec)] && (one.Outcome == attempt.Blocked || one.Outcome == attempt.Sent) {
			counts[way].Conclusive++
		}
	}
	for _, way := range order {
		count := *counts[way]
		report.Conclusive = append(report.Conclusive, count)
		if count.Conclusive == 0 {
			report.Gaps = append(report.Gaps, fmt.Sprintf("%s: %s %s: the control got no answer either, so silence says nothing here", way.Kind, way.Family, way.Protocol))
		}
	}
	for _, required := range input.Plan.Required {
		way := attempt.Spec{Kind: required.Kind, Family: required.Family, Protocol: required.Protocol}
		if found := counts[way]; report.Result != Red && (found == nil || found.Conclusive == 0) {
			report.invalid("%s: %s %s: the plan requires it, and no attempt of the probe proves anything about it", way.Kind, way.Family, way.Protocol)
		}
	}
}

// ownAside leaves out what differs from pod to pod: each has a node and interfaces of its own.
func ownAside(spec attempt.Spec) attempt.Spec {
	if spec.Kind == "node" || spec.Kind == "link-local" || spec.Kind == "interface" {
		spec.Target, spec.Interface = "", ""
	}
	return spec
}
