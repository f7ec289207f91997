.DEFAULT_GOAL := help

# The release of Go that go.mod names is fetched where an older one is installed:
# what is known to be vulnerable in that one is neither built nor judged then.
export GOTOOLCHAIN ?= auto

.PHONY: help
help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## Show the main job on this machine, with Go and nothing else
	@command -v npm >/dev/null && timeout 40 scripts/console >/dev/null 2>&1 || echo 'demo: the web pages were not built (they need npm); see make console' >&2
	go build -o bin/sambung ./cmd/sambung
	@# On a terminal a Ctrl-C is for the demonstration alone, which drains and ends well: make, and go run, call it an error.
	@if [ -t 0 ]; then set -m; fi; bin/sambung demo

.PHONY: console
console: ## Build the web pages into the daemon (needs npm)
	scripts/console

.PHONY: build
build: ## Build bin/sambung, with the web pages where npm is there
	@scripts/console || echo 'build: goes on with the web pages that were built before, or without any' >&2
	go build -trimpath -o bin/sambung ./cmd/sambung

.PHONY: servers
servers: ## Install the servers and tools the tests need (Debian 12, as root)
	scripts/install-test-servers

.PHONY: lint
lint: servers ## Check formatting, go vet, staticcheck, govulncheck
	scripts/lint

.PHONY: test
test: lint console ## Install what is missing, lint, build the web pages (npm), and run every test on real servers
	scripts/test
	scripts/faults

.PHONY: faults
faults: ## Run 2,000 fault schedules over the stand-ins
	scripts/faults

.PHONY: soak
soak: servers ## Kill daemons 200 times over 300 real calls (ten minutes)
	scripts/soak

.PHONY: bench
bench: servers ## Measure ours against bare peers on real servers (twenty minutes)
	scripts/bench

.PHONY: try-install
try-install: servers ## Install by the guide on a Debian with systemd (three minutes)
	scripts/try-install

.PHONY: prompts
prompts: ## Make the spoken prompts anew from their texts
	scripts/make-prompts

.PHONY: voices
voices: ## Make the voices of the demonstration anew from their texts
	scripts/make-voices

.PHONY: picture
picture: ## Make the picture of the demonstration anew
	scripts/make-picture

.PHONY: screenshots
screenshots: console ## Make the pictures of the guides anew (needs Chromium)
	scripts/make-screenshots

.PHONY: clean
clean: ## Remove what was built here (the cache of servers stays)
	rm -rf bin
