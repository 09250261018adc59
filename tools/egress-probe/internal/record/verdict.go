package record

import (
	"fmt"
	"slices"

	"private-llm/tools/egress-probe/internal/attempt"
	"private-llm/tools/egress-probe/internal/plan"
)

// Results of a run by itself. Only the pair of control and probe says more: see package verify.
const (
	// Green: nothing came back of anything that the probe tried.
	Green = "green"
	// Red: something came back.
	Red = "red"
	// Undecided: something happened that is neither.
	Undecided = "undecided"
	// Passed: the control got through wherever the plan demands it.
	Passed = "passed"
	// Failed: it did not, so no failure of a probe means anything.
	Failed = "failed"
)

// Verdict is what a run by itself shows.
type Verdict struct {
	Result string `json:"result"`
	// Reasons for anything but green and passed.
	Reasons []string `json:"reasons"`
	// Gaps are ways about which the run says nothing.
	Gaps []string `json:"gaps"`
}

// Judge gives the verdict of a run from its attempts alone.
func Judge(mode string, plan plan.WithHash, attempts []attempt.Attempt, uncovered []string) Verdict {
	if mode == Control {
		return judgeControl(plan, attempts)
	}
	return judgeProbe(plan, attempts, uncovered)
}

func judgeProbe(plan plan.WithHash, attempts []attempt.Attempt, uncovered []string) Verdict {
	verdict := Verdict{Result: Green, Reasons: []string{}, Gaps: gaps(attempts)}
	for _, name := range uncovered {
		verdict.Gaps = append(verdict.Gaps, fmt.Sprintf("interface %s: network policies do not cover it; only the targets of the plan were tried through it", name))
	}
	tried := 0
	for _, one := range attempts {
		switch {
		case one.Outcome == attempt.NotTried:
			continue
		case one.Outcome.GotThrough():
			if reason := acceptance(plan, one); reason != "" {
				verdict.Gaps = append(verdict.Gaps, Line(one)+"; accepted: "+reason)
				break
			}
			verdict.Result = Red
			verdict.Reasons = append(verdict.Reasons, Line(one))
		case one.Outcome == attempt.Failed:
			if verdict.Result == Green {
				verdict.Result = Undecided
			}
			verdict.Reasons = append(verdict.Reasons, Line(one))
		}
		tried++
	}
	if tried == 0 {
		verdict.Result = Undecided
		verdict.Reasons = append(verdict.Reasons, "nothing was tried")
	}
	return verdict
}

func judgeControl(plan plan.WithHash, attempts []attempt.Attempt) Verdict {
	verdict := Verdict{Result: Passed, Reasons: []string{}, Gaps: gaps(attempts)}
	for _, required := range plan.Required {
		// A refusal shows a way as well, but not that the target is the one that was meant.
		open := slices.ContainsFunc(attempts, func(one attempt.Attempt) bool {
			return Meets(required, one.Spec) && (one.Outcome == attempt.Connected || one.Outcome == attempt.Answered)
		})
		if !open {
			verdict.Result = Failed
			verdict.Reasons = append(verdict.Reasons, fmt.Sprintf("nothing got through of %s over %s %s, which the plan requires", required.Kind, required.Family, required.Protocol))
		}
	}
	return verdict
}

// Meets says whether an attempt is of the way that the plan requires.
func Meets(required plan.Required, spec attempt.Spec) bool {
	return spec.Kind == required.Kind && spec.Family == required.Family && spec.Protocol == required.Protocol
}

func acceptance(plan plan.WithHash, one attempt.Attempt) string {
	for _, accepted := range plan.Accepted {
		if accepted.Kind == one.Kind && accepted.Protocol == one.Protocol && accepted.Port == one.Port {
			return accepted.Reason
		}
	}
	return ""
}

// gaps are the attempts that were not made, each reason once.
func gaps(attempts []attempt.Attempt) []string {
	type gap struct{ protocol, family, detail string }
	counts := map[gap]int{}
	order := []gap{}
	for _, one := range attempts {
		if one.Outcome != attempt.NotTried {
			continue
		}
		key := gap{one.Protocol, one.Family, one.Detail}
		if counts[key] == 0 {
			order = append(order, key)
		}
		counts[key]++
	}
	lines := []string{}
	for _, key := range order {
		lines = append(lines, fmt.Sprintf("%s %s: %d not tried: %s", key.family, key.protocol, counts[key], key.detail))
	}
	return lines
}

// Line is an attempt as people read it.
func Line(one attempt.Attempt) string {
	target := one.Target
	if one.Port != 0 {
		target = fmt.Sprintf("%s port %d", one.Target, one.Port)
	}
	through := ""
	if one.Interface != "" {
		through = " through " + one.Interface
	}
	return fmt.Sprintf("%s: %s %s to %s%s: %s: %s", one.Kind, one.Family, one.Protocol, target, through, one.Outcome, one.Detail)
}
