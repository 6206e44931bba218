# make test is the one test command. It needs Go; redis-server, Chromium, npm and
# Java are installed if they are missing and that is allowed, else it says what
# to install.
.DEFAULT_GOAL := build
.PHONY: build demo test test-peers lint bench load vuln image

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)

build:
	CGO_ENABLED=0 go build -trimpath -tags timetzdata -ldflags '$(LDFLAGS)' -o bin/usher ./bot

demo:
	go run ./bot demo

COUNTED := ^(TestMatrixOfCommands|TestMatrixOfButtons|TestEveryChatGetsTheSameAnswers|TestNothingStaysBehind|TestPolicyFormsSentBackAsTheyAreChangeNothing|TestALongListIsGoneOnWithAfterARestart)$$

PEERS := bot/peers/node_modules/.package-lock.json

# lint has vetted everything: the tests need not do so again. The stories wait
# more than they compute, hence -parallel. What counts up to many thousands
# counts to the end without the race detector. There is memory enough to collect
# garbage less often, which saves a tenth of the time.
test: export GOGC = 400
test: lint $(PEERS)
	@.ci/need redis-server chromium java=default-jre-headless
	go test -vet=off -run '$(COUNTED)' ./adapters/chat/form ./adapters/desk ./adapters/discord
	go test -race -vet=off -timeout 9m -parallel 6 -tags peers ./...

# Only those against counterparts that others wrote, which make test runs as
# well; bot/peers/package-lock.json says which.
test-peers: $(PEERS)
	@.ci/need java=default-jre-headless
	go test -race -vet=off -timeout 9m -parallel 12 -tags peers ./bot/peers/...

$(PEERS): bot/peers/package.json bot/peers/package-lock.json bot/peers/.npmrc
	@.ci/need npm
	cd bot/peers && npm ci
	@touch $@

# The rules of our own (imports, sizes, pure core) are tests in bot/house.
lint:
	@unformatted="$$(gofmt -l -s adapters bot config core storage)"; \
	if [ -n "$$unformatted" ]; then echo "Not formatted, run gofmt -s -w on:"; echo "$$unformatted"; exit 1; fi
	go vet -tags peers ./...
	go tool staticcheck -tags peers ./...

bench:
	@.ci/need redis-server
	go test -run '^$$' -bench . -benchmem -timeout 60m ./core/... ./storage/... ./bot/...

# How long people wait when 500 a second press buttons, beside a bare handler.
load:
	@.ci/need redis-server
	go test -run '^$$' -bench . -benchtime 1x -timeout 20m ./bot/load

# Looks for known holes in what we depend on. It asks the Go vulnerability
# database over the network, so it is not part of make test.
vuln:
	go run golang.org/x/vuln/cmd/govulncheck@latest ./... || \
	{ echo "govulncheck found something or could not reach the Go vulnerability database (https://vuln.go.dev)."; exit 1; }

image:
	docker build --build-arg VERSION=$(VERSION) -t usher:$(VERSION) .
