# Mooring: `make run` to try it, `make test` to check everything.

# Of the module of one backend, which is what a page loads.
WASM_BROTLI_BUDGET = 800000
STATICCHECK_VERSION = v0.8.2

GOROOT := $(shell go env GOROOT)
STATICCHECK := .tools/staticcheck-$(STATICCHECK_VERSION)
# The wasm host passes its whole environment to the Go program, which has only
# 12 kB for it: a big CI environment would stop every test.
WASM_EXEC = env -i PATH=$(PATH) HOME=$(HOME) $(GOROOT)/lib/wasm/go_js_wasm_exec
WASM_ENV = GOOS=js GOARCH=wasm
# Not ./...: npm packages bring Go files along.
GO_PACKAGES = ./backends/... ./wasm/...

GO_SOURCES := $(shell find backends wasm third_party -name '*.go' ! -name '*_test.go') go.mod $(wildcard go.sum)
JS_SOURCES := $(shell find js/src -type f) tsconfig.json tsconfig.build.json
BUILT := js/dist/build-info.json
GITHUB_OPENAPI := .tools/github-openapi.json

.DEFAULT_GOAL := help
.PHONY: help setup node-modules cc chromium openapi build run hosts test test-go test-wasm test-types lint test-node test-browser e2e diff test-gitea size fuzz bench screenshot format clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

setup: node-modules cc chromium openapi $(STATICCHECK) ## Install whatever is missing: npm packages, C compiler, Chromium, staticcheck

# A file time says nothing about node_modules (a checkout touches the lock
# file), so its content decides.
node-modules:
	@cmp -s package-lock.json node_modules/.installed-lock.json || \
		{ npm ci --no-audit --no-fund && cp package-lock.json node_modules/.installed-lock.json; }

cc:
	@sh scripts/cc.sh

chromium:
	@sh scripts/chromium.sh >/dev/null

# The fake GitHub checks requests against this.
openapi: $(GITHUB_OPENAPI)

$(GITHUB_OPENAPI): scripts/openapi.mjs package.json | node-modules
	node scripts/openapi.mjs $@

$(STATICCHECK):
	@mkdir -p .tools
	GOBIN="$(CURDIR)/.tools" go install honnef.co/go/tools/cmd/staticcheck@$(STATICCHECK_VERSION)
	@mv .tools/staticcheck $@

build: node-modules $(BUILT) ## Build js/dist

$(BUILT): $(GO_SOURCES) $(JS_SOURCES) scripts/build.mjs package.json
	node scripts/build.mjs

# Some shells export HOST as the machine's name, so it counts as make's argument only.
RUN_HOST = $(or $(if $(filter command line,$(origin HOST)),$(HOST)),$(BACKEND))

run: build $(if $(filter github git-gateway,$(RUN_HOST)),openapi) ## Try it (HOST=proxy, github, gitlab, gitea, forgejo, bitbucket, git-gateway or test-repo; PROVIDER=gitlab WORKFLOW=1 OPEN_AUTHORING=1 REPO=path CONFIG=path)
	@HOST="$(RUN_HOST)" PROVIDER="$(PROVIDER)" REPO="$(REPO)" CONFIG="$(CONFIG)" WORKFLOW="$(WORKFLOW)" \
		OPEN_AUTHORING="$(OPEN_AUTHORING)" node scripts/run.mjs

hosts: node-modules openapi ## Serve a fake of each Git host with a sample repository (HOST=name for one, PROVIDER=gitlab)
	@HOST="$(RUN_HOST)" PROVIDER="$(PROVIDER)" node scripts/hosts.mjs

test: setup test-go test-wasm build test-types lint test-node test-browser e2e diff ## Run every check and test

test-go: cc openapi $(STATICCHECK) ## Vet, staticcheck and the native Go tests
	go vet $(GO_PACKAGES)
	$(WASM_ENV) go vet ./wasm/...
	$(STATICCHECK) $(GO_PACKAGES)
	$(WASM_ENV) $(STATICCHECK) ./wasm/...
	go test -race $(GO_PACKAGES)

test-wasm: ## The Go tests that need js/wasm, in Node
	$(WASM_ENV) go test -exec="$(WASM_EXEC)" ./wasm/...

test-types: build ## Type-check the TypeScript
	npx --no-install tsc --noEmit

lint: node-modules ## Lint scripts and TypeScript
	npx --no-install biome lint --error-on-warnings

test-node: build ## The built package in Node
	node --test js/test/node/

test-browser: build ## Unit tests in Chromium, on the built files
	npx --no-install web-test-runner --config web-test-runner.config.mjs

e2e: build openapi ## End-to-end tests in the real CMS (ONLY=text picks tests by name)
	node js/e2e/run.mjs $(if $(ONLY),--only="$(ONLY)")

diff: build openapi ## Each Git host's backend against the CMS's own, on equal repositories (ONLY=text)
	node js/diff/run.mjs $(if $(ONLY),--only="$(ONLY)")

test-gitea: cc ## The Gitea driver and its fake against a real Gitea, which is built first
	@sh scripts/gitea.sh

size: build ## Print each wasm's size; fail over the budget
	@node scripts/size.mjs --budget=$(WASM_BROTLI_BUDGET) js/dist/*.wasm

fuzz: ## Run each fuzz target for FUZZTIME (30s), without a crash
	@sh scripts/fuzz.sh $(or $(FUZZTIME),30s)

bench: build openapi ## Run the benchmarks (ONLY=group)
	node js/bench/run.mjs $(if $(ONLY),--only="$(ONLY)")

screenshot: build ## Renew the pictures in js/docs
	node scripts/screenshot.mjs

format: node-modules ## Format Go, TypeScript and JSON
	gofmt -w backends wasm
	npx --no-install biome format --write

clean: ## Remove what was built, and the demo site
	rm -rf js/dist js/.build js/e2e/.out .demo
