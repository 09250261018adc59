// Standard library alone: what runs beside prompts should be read in an hour.
module private-llm/tools/egress-probe

go 1.26.0
