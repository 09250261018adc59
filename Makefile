# The whole way in: make up, make test, make down. Everything they need beyond Node, npm, Go, git and (for tests) Python 3
# with pip they get themselves.
STACK ?= dev
ARGS ?=

# Node of the project, whatever the machine has; installing puts it there.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
# Telemetry of the tools used here stays off.
export PULUMI_SKIP_UPDATE_CHECK := true

.PHONY: help install up down status test lint check bench clean-cache

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: node_modules/.installed

node_modules/.installed: package.json package-lock.json
	@# Not `npm ci`: it demands an entry for every platform's binaries, also those no registry at hand serves.
	npm install --no-save --no-audit --no-fund
	@touch $@

up: install ## start the local cluster if the stack wants one, check, deploy, wait (STACK=dev)
	node cli/run.ts up $(STACK) $(ARGS)

down: install ## remove what `make up` made (STACK=dev)
	node cli/run.ts down $(STACK) $(ARGS)

status: install ## what the local cluster does
	node cli/run.ts cluster status --name $(STACK)

test: install ## format, lint, types, all tests; ends with `N passed, N failed, N skipped`
	node tests/run.ts

lint: install ## format, lint and types alone
	npm run --silent lint

check: install ## all stacks against all policies, without engine, cluster or cloud account
	node cli/run.ts check $(ARGS)

bench: install ## time and memory of `check` at several sizes
	node cli/run.ts bench
