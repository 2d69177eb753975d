# make run: install what is missing, build, start the console on the bundled model.
# make test: install what is missing, run the whole suite.
# Others: build, test-instruction-sets, fuzz READER=..., lint, undocumented, examples, bench, install PREFIX=..., atlas, reference, clean.

PREFIX ?= /usr/local
SWIFT_BUILD = swift build -c release --product circuit-tracer
PROGRAM = .build/release/circuit-tracer

# Debian packages; the tests also look at the viewer in a browser.
PACKAGES = libopenblas-dev libreadline-dev libssl-dev zlib1g-dev pkg-config
test: PACKAGES += chromium

.PHONY: run build test test-instruction-sets fuzz lint undocumented examples bench install uninstall atlas reference dependencies swift clean

run: build
	@$(PROGRAM)

build: dependencies
	$(SWIFT_BUILD)

test: dependencies
	swift build --build-tests
	swift test --skip-build

# The numeric suites with OpenBLAS's kernels for each generation of processors that this one can run. (The suites force our own
# kernels themselves.)
test-instruction-sets: dependencies
	swift build --build-tests
	@cores=Nehalem; \
	if grep -qw avx2 /proc/cpuinfo; then cores="$$cores Haswell Zen"; fi; \
	if grep -qw avx512bw /proc/cpuinfo; then cores="$$cores SkylakeX Cooperlake"; fi; \
	for core in $$cores; do \
	    echo "OpenBLAS for $$core"; \
	    OPENBLAS_CORETYPE=$$core swift test --skip-build \
	        --filter 'Tensors|Transformers|Transcoders|Replacement|Attribution|Graphs|Workbench' >.build/$$core.log 2>&1 \
	        || { grep -a 'recorded an issue' .build/$$core.log; exit 1; }; \
	    tail -n 1 .build/$$core.log; \
	done

# Looks for inputs that a reader does not take and does not refuse in words, guided by the code that they reach (libFuzzer).
# What it finds is named in its output; READER=list names the readers, SECONDS is how long it looks.
SECONDS ?= 600
fuzz: dependencies
	CIRCUIT_TRACER_FUZZ=1 swift build -c release --sanitize fuzzer -Xswiftc -enable-testing --scratch-path .build/fuzz --product fuzz
	@mkdir -p .build/fuzz/found
	.build/fuzz/release/fuzz $(READER) .build/fuzz/inputs/$(READER) -max_total_time=$(SECONDS) -rss_limit_mb=700 -timeout=5 -max_len=4096 \
	    -artifact_prefix=.build/fuzz/found/$(READER)- -print_final_stats=1

# Citations of docs/method.md, links between Markdown files, phrases to avoid, and public declarations without a doc comment.
lint:
	@Tools/lint

# Lists the public declarations without a doc comment; an error if there are any.
undocumented:
	@Tools/undocumented

# The programs in examples/programs, built as another package would and run on the bundled model.
examples: dependencies
	@# The plan of an earlier build would still name files that were renamed since.
	@rm -f .build/examples/debug.yaml
	swift build --package-path examples/programs --scratch-path .build/examples
	cd examples/programs && ../../.build/examples/debug/FirstGraph >../../.build/FirstGraph.txt
	cd examples/programs && ../../.build/examples/debug/FirstIntervention >../../.build/FirstIntervention.txt
	grep -q 'Dallas is -> Austin' .build/FirstGraph.txt
	grep -A 1 '^without' .build/FirstIntervention.txt | grep -q 'Austin" (p = 0.7'

bench: build
	@$(PROGRAM) bench

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/circuit-tracer/atlas"
	install -m 755 $(PROGRAM) "$(DESTDIR)$(PREFIX)/bin/circuit-tracer"
	install -m 644 LICENSE LICENSES/GPL-3.0.txt "$(DESTDIR)$(PREFIX)/share/circuit-tracer/"
	cp -R examples/atlas/model examples/atlas/plt examples/atlas/clt "$(DESTDIR)$(PREFIX)/share/circuit-tracer/atlas/"

uninstall:
	rm -rf "$(DESTDIR)$(PREFIX)/bin/circuit-tracer" "$(DESTDIR)$(PREFIX)/share/circuit-tracer"

# Makes the bundled model again from nothing, in .build/atlas/made (40 minutes on two cores).
atlas:
	@command -v python3 >/dev/null || { echo "The recipe needs Python 3.10 or later with venv (on Debian: python3-venv)." >&2; exit 1; }
	python3 -m venv .build/atlas/venv
	.build/atlas/venv/bin/pip install --quiet -r examples/atlas/recipe/requirements.txt
	.build/atlas/venv/bin/python examples/atlas/recipe/make.py .build/atlas/made
	@echo "Made in .build/atlas/made. To bundle it, copy model, plt, clt, report.json and heldout.json from there to examples/atlas, then circuit-tracer replay --update transcripts/*.txt"

# The reference page of the console's commands, from the command table.
reference: build
	$(PROGRAM) reference > docs/commands.md

clean:
	rm -rf .build

swift:
	@command -v swift >/dev/null || { \
	    echo "Swift is not installed. Get Swift 6.2 or later from https://www.swift.org/install (on Debian: the tarball or swiftly), put it on the PATH, and try again." >&2; \
	    exit 1; }

ifeq ($(shell uname),Darwin)
dependencies: swift
	@command -v brew >/dev/null || { echo "Homebrew is needed for OpenBLAS and readline: https://brew.sh" >&2; exit 1; }
	@for package in openblas readline pkg-config; do brew list $$package >/dev/null 2>&1 || brew install $$package || exit 1; done
else
dependencies: swift
	@missing=$$(for package in $(PACKAGES); do \
	    dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || echo $$package; done); \
	if [ -n "$$missing" ]; then \
	    missing=$$(echo $$missing); \
	    echo "Debian packages needed and not installed: $$missing" >&2; \
	    if [ "$$(id -u)" = 0 ]; then sudo=; else \
	        sudo=sudo; \
	        if [ -t 0 ]; then \
	            printf 'Install them with "sudo apt-get install"? [Y/n] ' >&2; read answer; \
	            case "$$answer" in ''|[Yy]*) ;; *) echo "Nothing was installed. Install them yourself and try again." >&2; exit 1;; esac; \
	        else \
	            sudo -n true 2>/dev/null || { echo "Run: sudo apt-get install $$missing" >&2; exit 1; }; \
	        fi; \
	    fi; \
	    $$sudo apt-get update && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing || exit 1; \
	fi
endif
