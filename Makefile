.DEFAULT_GOAL := help

.PHONY: help
help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build bin/sambung
	go build -trimpath -o bin/sambung ./cmd/sambung

.PHONY: servers
servers: ## Install the servers and tools the tests need (Debian 12, as root)
	scripts/install-test-servers

.PHONY: lint
lint: servers ## Check formatting, go vet, staticcheck, govulncheck
	scripts/lint

.PHONY: test
test: lint ## Install what is missing, lint, and run every test on real servers
	scripts/test

.PHONY: prompts
prompts: ## Make the spoken prompts anew from their texts
	scripts/make-prompts

.PHONY: clean
clean: ## Remove what was built here (the cache of servers stays)
	rm -rf bin
