// Package verify says what a pair of records proves.
package verify

import (
	"crypto/ed25519"
	"fmt"
	"reflect"
	"time"

	"private-llm/tools/egress-probe/internal/attempt"
	"private-llm/tools/egress-probe/internal/plan"
	"private-llm/tools/egress-probe/internal/pod"
	"private-llm/tools/egress-probe/internal/record"
	"private-llm/tools/egress-probe/internal/schedule"
)

// Results of a verification.
const (
	// Valid: the probe got nothing back where the control did.
	Valid = "valid"
	// Red: something got through. It needs no control to be true.
	Red = "red"
	// Invalid: the records prove nothing, for the reasons given.
	Invalid = "invalid"
)

// skew is how far clocks of nodes may differ.
const skew = 2 * time.Minute

// Input is what is put side by side. Records are signed files; Control and Witness may be absent.
type Input struct {
	Plan    plan.WithHash
	Keys    []ed25519.PublicKey
	Probe   []byte
	Control []byte
	Witness []byte
	// MaxGap is how far apart in time control and probe may be.
	MaxGap time.Duration
	// MaxAge is how old the probe may be; 0: any age.
	MaxAge time.Duration
	Now    time.Time
}

// Report is the result with all its reasons.
type Report struct {
	Result  string   `json:"result"`
	Reasons []string `json:"reasons"`
	// Conclusive counts the attempts of the probe that failed where the control got through, by way.
	Conclusive []Count `json:"conclusive"`
	// Gaps are ways about which the pair says nothing.
	Gaps []string `json:"gaps"`
	// Witness says what the other side saw; empty without a witness.
	Witness string `json:"witness"`
}

// Verify puts the records side by side. A probe that is authentic and saw something come back is red
// whatever the control says; everything else without a sound control is invalid.
func Verify(input Input) Report {
	report := Report{Result: Valid, Reasons: []string{}, Conclusive: []Count{}, Gaps: []string{}}
	var probe record.Record
	if fault := open(input, input.Probe, record.Probe, &probe); fault != "" {
		report.invalid("probe: %s", fault)
		return report
	}
	report.Gaps = append(report.Gaps, probe.Verdict.Gaps...)
	switch probe.Verdict.Result {
	case record.Red:
		report.Result = Red
		report.Reasons = append(report.Reasons, probe.Verdict.Reasons...)
	case record.Green:
	default:
		for _, reason := range probe.Verdict.Reasons {
			report.invalid("probe: %s", reason)
		}
	}
	report.age(input, probe)
	control := report.pair(input, probe)
	report.witness(input, probe, control)
	return report
}

// invalid adds a reason; a red result stays red.
func (report *Report) invalid(format string, values ...any) {
	report.Reasons = append(report.Reasons, fmt.Sprintf(format, values...))
	if report.Result != Red {
		report.Result = Invalid
	}
}

func (report *Report) age(input Input, probe record.Record) {
	ended, err := record.Moment(probe.Ended)
	if err != nil {
		report.invalid("probe: ended: %v", err)
		return
	}
	if ended.After(input.Now.Add(skew)) {
		report.invalid("probe: it ended at %s, which is still to come", probe.Ended)
	}
	if input.MaxAge > 0 && input.Now.Sub(ended) > input.MaxAge {
		report.invalid("probe: it ended at %s, more than %s ago", probe.Ended, input.MaxAge)
	}
}

// open reads a record and checks all that does not need another one.
func open(input Input, text []byte, mode string, one *record.Record) string {
	if err := record.Open(text, input.Keys, one); err != nil {
		return err.Error()
	}
	switch {
	case one.Version != record.Version:
		return fmt.Sprintf("made by version %s; this is %s, whose list of attempts may differ", one.Version, record.Version)
	case one.Mode != mode:
		return fmt.Sprintf("is the record of a %s", one.Mode)
	case one.PlanHash != input.Plan.Hash:
		return fmt.Sprintf("was made with the plan %s, not with the one given, %s", one.PlanHash, input.Plan.Hash)
	case one.CNIProfile != input.Plan.CNIProfile:
		return fmt.Sprintf("is about %q, and the plan about %q", one.CNIProfile, input.Plan.CNIProfile)
	}
	if missing := lacks(input.Plan, one.Attempts); missing != "" {
		return "the attempt " + missing + " is missing"
	}
	uncovered := schedule.Uncovered(factsOf(*one))
	if again := record.Judge(mode, input.Plan, one.Attempts, uncovered); !reflect.DeepEqual(again, one.Verdict) {
		return fmt.Sprintf("its verdict is %q, and its attempts say %q", one.Verdict.Result, again.Result)
	}
	return ""
}

// lacks names the first attempt of the plan that a record does not hold.
func lacks(plan plan.WithHash, attempts []attempt.Attempt) string {
	made := map[attempt.Spec]bool{}
	for _, one := range attempts {
		made[one.Spec] = true
	}
	for _, spec := range schedule.Planned(plan) {
		if !made[spec] {
			return fmt.Sprintf("%s %s %s to %s port %d", spec.Kind, spec.Family, spec.Protocol, spec.Target, spec.Port)
		}
	}
	return ""
}

func factsOf(one record.Record) pod.Facts {
	return pod.Facts{Interfaces: one.Interfaces, DefaultRoutes: one.DefaultRoutes}
}
