# make run: install missing packages, build, and start the console on the bundled model.
# make test: install missing packages and run all tests.
# make install: build a program that includes Swift's runtime and install it in PREFIX with all that belongs to it; make uninstall removes it.
# make dist: the same as a tarball, .build/circuit-tracer-VERSION-linux-ARCH.tar.gz (docs/install.md).
# Other targets: build, test-instruction-sets, fuzz READER=..., lint, format, undocumented, examples, bench, try-dist, atlas, reference, clean.

PREFIX ?= /usr/local
# Not every shell does it.
override PREFIX := $(patsubst ~/%,$(HOME)/%,$(PREFIX))

# What --version says besides the number; empty in sources that are not git's (not those of a repository around them either).
COMMIT = $(shell git --git-dir=.git log -1 --format='%h, %cs' 2>/dev/null)$(shell git --git-dir=.git diff --quiet HEAD 2>/dev/null; [ $$? = 1 ] && echo ', with changes')
SWIFT_BUILD = CIRCUIT_TRACER_COMMIT='$(COMMIT)' swift build -c release --product circuit-tracer
PROGRAM = .build/release/circuit-tracer

# Debian packages. The tests also need a browser for the viewer, and a program that draws figures.
PACKAGES = libopenblas-dev libreadline-dev libssl-dev zlib1g-dev libsqlite3-dev pkg-config
test: PACKAGES += chromium librsvg2-bin

.PHONY: run build test test-instruction-sets fuzz lint format undocumented examples bench static stage install uninstall dist try-dist atlas reference dependencies swift clean

run: build
	@$(PROGRAM)

build: dependencies
	$(SWIFT_BUILD)

test: dependencies
	swift build --build-tests
	swift test --skip-build

# Runs the numeric suites with each of OpenBLAS's kernel sets that this processor supports. (The suites themselves run all of this
# project's own kernels.)
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

# Searches with libFuzzer for inputs on which a reader neither succeeds nor fails with an error message. The output names the
# inputs that were found. READER=list lists the readers; SECONDS is the duration of the search.
SECONDS ?= 600
fuzz: dependencies
	CIRCUIT_TRACER_FUZZ=1 swift build -c release --sanitize fuzzer -Xswiftc -enable-testing --scratch-path .build/fuzz --product fuzz
	@mkdir -p .build/fuzz/found
	.build/fuzz/release/fuzz $(READER) .build/fuzz/inputs/$(READER) -max_total_time=$(SECONDS) -rss_limit_mb=700 -timeout=5 -max_len=4096 \
	    -artifact_prefix=.build/fuzz/found/$(READER)- -print_final_stats=1

# Checks the format, citations of docs/method.md, links between Markdown files, phrases to avoid, and doc comments of public declarations.
lint:
	@Tools/lint

# Formats the Swift sources (.swift-format).
format:
	swift format --in-place --parallel --recursive Sources Tests Package.swift examples/programs

# Lists the public declarations without a doc comment, and fails if there are any.
undocumented:
	@Tools/undocumented

# Builds the programs in examples/programs as another package would, and runs them and those in examples/python on the bundled model.
examples: dependencies
	@# The plan of an earlier build may name files that have since been renamed.
	@rm -f .build/examples/debug.yaml
	swift build --package-path examples/programs --scratch-path .build/examples
	cd examples/programs && ../../.build/examples/debug/FirstGraph >../../.build/FirstGraph.txt
	cd examples/programs && ../../.build/examples/debug/FirstIntervention >../../.build/FirstIntervention.txt
	grep -q 'Dallas is -> Austin' .build/FirstGraph.txt
	grep -A 1 '^without' .build/FirstIntervention.txt | grep -q 'Austin" (p = 0.7'
	@# The client for Python, where there is one.
	if command -v python3 >/dev/null; then \
	    swift build --product circuit-tracer && python3 examples/python/dallas.py .build/debug/circuit-tracer >.build/dallas.txt && \
	    grep -q "' Austin' becomes ' Sacramento'" .build/dallas.txt; \
	fi

# Times the bundled model, and models of the sizes of real ones, which it makes once in the user's cache folder: 19 GB.
bench: build
	@$(PROGRAM) bench
	@$(PROGRAM) bench --shape all

# With Swift's runtime linked in, for machines that do not have it, and without symbols. CCurl takes libcurl's place, so the linker is given
# an empty library. Nothing is exported, or the start would look up every symbol. In a folder of its own, so that the usual build stays as it is.
ifneq ($(shell uname),Darwin)
NO_CURL = $(abspath .build/static/no-curl)
STATIC_FLAGS = --static-swift-stdlib -Xswiftc -L$(NO_CURL) -Xlinker -s -Xlinker --no-export-dynamic
endif
static: dependencies
	@if [ -n "$(NO_CURL)" ]; then mkdir -p "$(NO_CURL)" && ar rcs "$(NO_CURL)/libcurl.a"; fi
	$(SWIFT_BUILD) --scratch-path .build/static $(STATIC_FLAGS)

# What is installed and packed, as it lies below PREFIX.
STAGE = .build/stage
STAGED_PROGRAM = .build/static/release/circuit-tracer
CHECKOUTS = .build/static/checkouts
MANUAL = share/man/man1/circuit-tracer.1
COMPLETIONS = share/bash-completion/completions/circuit-tracer share/zsh/site-functions/_circuit-tracer \
    share/fish/vendor_completions.d/circuit-tracer.fish

stage: static
	@rm -rf "$(STAGE)"
	@umask 022; set -e; \
	for file in bin/circuit-tracer share/circuit-tracer/licenses/LICENSE share/circuit-tracer/atlas/model $(MANUAL) $(COMPLETIONS); do \
	    mkdir -p "$(STAGE)/$$(dirname $$file)"; \
	done; \
	install -m 755 "$(STAGED_PROGRAM)" "$(STAGE)/bin/circuit-tracer"; \
	"$(STAGED_PROGRAM)" reference --man >"$(STAGE)/$(MANUAL)"; \
	for file in $(COMPLETIONS); do \
	    shell=$${file#share/}; shell=$${shell%%[-/]*}; \
	    "$(STAGED_PROGRAM)" --generate-completion-script $$shell >"$(STAGE)/$$file"; \
	done; \
	cp -R examples/atlas/model examples/atlas/plt examples/atlas/clt examples/atlas/corpus.txt "$(STAGE)/share/circuit-tracer/atlas/"; \
	cp LICENSE LICENSES/*.txt "$(STAGE)/share/circuit-tracer/licenses/"; \
	for file in "$(CHECKOUTS)"/*/LICENSE* "$(CHECKOUTS)"/*/NOTICE* "$(CHECKOUTS)"/swift-nio/Sources/CNIOLLHTTP/LICENSE; do \
	    if [ -f "$$file" ]; then name=$${file#"$(CHECKOUTS)"/}; cp "$$file" "$(STAGE)/share/circuit-tracer/licenses/$$(echo $$name | tr / -)"; fi; \
	done; \
	chmod -R u=rwX,go=rX "$(STAGE)"

install: stage
	@umask 022; set -e; find "$(STAGE)" -type f | while read -r file; do \
	    target="$(DESTDIR)$(PREFIX)$${file#"$(STAGE)"}"; \
	    mkdir -p "$$(dirname "$$target")"; \
	    case "$$file" in */bin/*) mode=755;; *) mode=644;; esac; \
	    install -m $$mode "$$file" "$$target"; \
	done
	@echo "Installed in $(DESTDIR)$(PREFIX)."

uninstall:
	cd "$(DESTDIR)$(PREFIX)" && rm -rf bin/circuit-tracer share/circuit-tracer $(MANUAL) $(COMPLETIONS)

# One program packs to the same file, whoever does it and when.
dist: stage
	@set -e; \
	name=circuit-tracer-$$("$(STAGE)/bin/circuit-tracer" --version | cut -d ' ' -f 2)-linux-$$(uname -m); \
	rm -rf .build/dist; mkdir .build/dist; \
	cp -R "$(STAGE)" ".build/dist/$$name"; \
	install -m 644 Tools/tarball/README ".build/dist/$$name/README"; \
	tar -C .build/dist --sort=name --owner=0 --group=0 --numeric-owner --mtime="$$(git --git-dir=.git log -1 --format=%cI 2>/dev/null || date -I)" \
	    -c "$$name" | gzip -9n >".build/$$name.tar.gz"; \
	ls -l ".build/$$name.tar.gz"

# Runs what `make dist` made on a Debian without Swift, in a folder (as root; it takes debootstrap and the network).
try-dist: dist
	Tools/try-tarball "$$(ls -t .build/circuit-tracer-*-linux-*.tar.gz | head -n 1)"

# Rebuilds the bundled model from scratch in .build/atlas/made (40 minutes on two cores).
atlas:
	@command -v python3 >/dev/null || { echo "The recipe needs Python 3.10 or later with venv (on Debian: python3-venv)." >&2; exit 1; }
	python3 -m venv .build/atlas/venv
	.build/atlas/venv/bin/pip install --quiet -r examples/atlas/recipe/requirements.txt
	.build/atlas/venv/bin/python examples/atlas/recipe/make.py .build/atlas/made
	@echo "Made in .build/atlas/made. To bundle it, copy model, plt, clt, report.json and heldout.json from there to examples/atlas, then circuit-tracer replay --update transcripts/*.txt transcripts/demos/atlas/*.txt"

# Writes the reference page of the console's commands from the command table.
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
