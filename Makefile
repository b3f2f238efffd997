# Builds, checks and installs callbackd. `make` alone lists what can be made.

PREFIX ?= /usr/local
DESTDIR ?=

BINARIES := callbackd callbackctl callback-mail
BINDIR := $(PREFIX)/bin
LIBDIR := $(PREFIX)/lib
UNITDIR := $(LIBDIR)/systemd/system
GENERATORDIR := $(LIBDIR)/systemd/system-generators
MTADIR := $(LIBDIR)/callbackd/mta
DOCDIR := $(PREFIX)/share/doc/callbackd
MANDIR := $(PREFIX)/share/man
DEB_DIR := .build/deb
# Where bash, zsh and fish look for what completes a command.
BASHDIR := $(PREFIX)/share/bash-completion/completions
ZSHDIR := $(PREFIX)/share/zsh/site-functions
FISHDIR := $(PREFIX)/share/fish/vendor_completions.d
# Where the programs look for it.
CONFIG := /etc/callbackd/callbackd.toml

SWIFT ?= swift
# Swift's own linker, and the addresses to adjust at the start packed (glibc 2.36): that saves 4 of 31 MB resident.
RELEASE := -c release --static-swift-stdlib -Xswiftc -use-ld=lld -Xlinker -z -Xlinker pack-relative-relocs
FORMATTED := Sources Tests Package.swift

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
.PHONY: help deps build release man test lint verify simulate fuzz run bench install deb system-test can-boot fault-test \
  mta-test clean

help: ## list what can be made
	@echo "make TARGET [PREFIX=$(PREFIX)] [DESTDIR=]"
	sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST)

deps: ## install the system packages that are missing (Debian, Ubuntu)
	@missing=()
	pkg-config --exists libsystemd 2>/dev/null || missing+=(libsystemd-dev)
	pkg-config --exists gmime-3.0 2>/dev/null || missing+=(libgmime-3.0-dev)
	pkg-config --exists sqlite3 2>/dev/null || missing+=(libsqlite3-dev)
	pkg-config --exists libcrypto 2>/dev/null || missing+=(libssl-dev)
	command -v pkg-config >/dev/null || missing+=(pkg-config)
	command -v systemd-analyze >/dev/null || missing+=(systemd)
	command -v python3 >/dev/null || missing+=(python3)
	command -v setpriv >/dev/null || missing+=(util-linux)
	command -v mandoc >/dev/null || missing+=(mandoc)
	command -v shellcheck >/dev/null || missing+=(shellcheck)
	# An MTA for the tests; where there is one, it would be replaced.
	[[ -z "$(NEEDS_MTA)" || -e /usr/sbin/sendmail || -x /usr/sbin/dma ]] || missing+=(dma)
	if [[ -n "$(NEEDS_MACHINES)" ]]; then
	  command -v debootstrap >/dev/null || missing+=(debootstrap)
	  command -v systemd-nspawn >/dev/null || missing+=(systemd-container)
	fi
	[[ -z "$(NEEDS_FAULTS)" ]] || command -v strace >/dev/null || missing+=(strace)
	if [[ -n "$(NEEDS_DEBHELPER)" ]]; then
	  command -v dh >/dev/null || missing+=(debhelper)
	  command -v lintian >/dev/null || missing+=(lintian)
	fi
	if [[ -n "$(NEEDS_PEERS)" ]]; then
	  command -v at >/dev/null || missing+=(at)
	  command -v msmtp >/dev/null || missing+=(msmtp)
	  command -v prometheus-alertmanager >/dev/null || missing+=(prometheus-alertmanager)
	fi
	# A terminal in which the tests look at `callbackctl watch`.
	[[ -z "$(NEEDS_TMUX)" ]] || command -v tmux >/dev/null || missing+=(tmux)
	if (( $${#missing[@]} )); then
	  if ! command -v apt-get >/dev/null; then
	    echo "These are missing, by their Debian names: $${missing[*]}. Install them and try again." >&2
	    exit 1
	  fi
	  as_root=(env DEBIAN_FRONTEND=noninteractive)
	  if (( $$(id -u) != 0 )); then
	    if ! command -v sudo >/dev/null; then
	      echo "As root, run 'apt-get install $${missing[*]}', and try again." >&2
	      exit 1
	    fi
	    as_root=(sudo "$${as_root[@]}")
	  fi
	  "$${as_root[@]}" apt-get update -qq
	  "$${as_root[@]}" apt-get install -qq -y --no-install-recommends "$${missing[@]}"
	fi
	if ! command -v $(SWIFT) >/dev/null; then
	  echo "There is no $(SWIFT) on the PATH. Install Swift 6.2 or later: https://www.swift.org/install/linux/" >&2
	  exit 1
	fi

build: deps ## build for debugging
	$(SWIFT) build

release: deps ## build for use: optimised, needing no Swift on the host
	$(SWIFT) build $(RELEASE)

# Committed, so that installing needs no Swift; a test finds what is out of step.
man: build ## make the manual pages anew from the programs' help and the shipped configuration
	docs/man/pages "$$($(SWIFT) build --show-bin-path)"

# A mail program only for the tests, which hand a mail to a real one: nobody wants one for having looked at `make run`.
test: NEEDS_MTA := yes
test: NEEDS_TMUX := yes
# Each by themselves: the simulation and the other tests take every core, and with real programs things must happen in time.
# A client of the control socket that is not ours comes from PyPI; where it can't be had, its test is left out.
test: lint verify ## check everything: format, unit files, tests, simulation
	if ! PYTHONPATH=.build/varlink python3 -c 'import varlink' 2>/dev/null; then
	  python3 -m pip install --quiet --root-user-action ignore --target .build/varlink varlink==31.0.0 \
	    || echo "PyPI's varlink can't be installed: its test is left out." >&2
	fi
	$(SWIFT) test --skip SimulationTests --skip EndToEndTests
	$(SWIFT) test --skip-build --filter EndToEndTests
	$(SWIFT) test --skip-build --filter SimulationTests

lint: deps ## check the format of the code
	$(SWIFT) format lint --strict -r $(FORMATTED)

# The unit is checked as it is, and with each drop-in. Its program is not there yet, so another stands in for it.
verify: deps ## check what is in systemd/ with systemd's own tools, the manual pages and the scripts
	@mandoc -T lint -W warning docs/*.[158]
	shellcheck systemd/callbackd-alarm systemd/callbackd-mta-generator debian/callbackd.postinst debian/callbackd.postrm
	scratch=$$(mktemp -d)
	trap 'rm -rf "$$scratch"' EXIT
	for dropin in "" systemd/mta/*.conf; do
	  unit=$$scratch/unit-$$(basename "$$dropin" .conf)
	  mkdir "$$unit"
	  for name in callbackd.service callbackd-alarm@.service; do
	    sed 's|^\(Exec[A-Za-z]*=[-+]*\)/usr/[a-z/]*/callbackd[a-z-]*|\1/bin/true|' "systemd/$$name" >"$$unit/$$name"
	  done
	  [[ -z $$dropin ]] || install -D -m 644 "$$dropin" "$$unit/callbackd.service.d/50-mta.conf"
	  systemd-analyze verify --man=no --recursive-errors=no "$$unit"/*.service
	done
	catalog=$$scratch/usr/lib/systemd/catalog
	mkdir -p "$$catalog" "$$scratch"/{etc,var/lib/systemd/catalog}
	cp systemd/callbackd.catalog "$$catalog"
	journalctl --root="$$scratch" --update-catalog
	if (( $$(id -u) == 0 )); then
	  users=$$(systemd-sysusers --root="$$scratch" "$$PWD/systemd/sysusers.d/callbackd.conf" 2>&1) || { echo "$$users"; exit 1; }
	  systemd-tmpfiles --root="$$scratch" --create "$$PWD/systemd/tmpfiles.d/callbackd.conf"
	else
	  echo "Only root can check sysusers.d and tmpfiles.d: left out."
	fi

simulate: SEEDS ?= 1000
simulate: FROM ?= 1
simulate: deps ## simulate offices and look whether promises are kept (SEEDS=1000 FROM=1 [TRACE=60])
	@$(SWIFT) build $(RELEASE) --product Simulate
	bin=$$($(SWIFT) build $(RELEASE) --show-bin-path)
	"$$bin/Simulate" --seeds $(SEEDS) --from $(FROM) $(if $(TRACE),--trace $(TRACE))

# On another path, because everything is built otherwise: with the fuzzer's eyes and the address sanitizer.
FUZZ_BUILD := .build-fuzz
FUZZ_TARGETS := file text prose json csv mime mail time value answer
fuzz: SECONDS_EACH ?= 600
fuzz: ONLY ?= $(FUZZ_TARGETS)
fuzz: deps ## feed every parser what libFuzzer makes up (SECONDS_EACH=600, ONLY=json)
	@export FUZZ=1 SWIFT_BACKTRACE=enable=no
	# Of several -sanitize= the compiler takes the last alone, and SwiftPM has its own in any order. Its --sanitize renames `main`.
	build=($(SWIFT) build -c release --scratch-path $(FUZZ_BUILD) --sanitize fuzzer -Xswiftc -sanitize=address,fuzzer --product Fuzz)
	"$${build[@]}" 2>&1 | { grep -v 'Cannot export local symbol' || true; }
	bin=$$("$${build[@]}" --show-bin-path)/Fuzz
	for target in $(ONLY); do
	  seeds=Tests/IntakeTests/Corpus/$$target
	  found=$(FUZZ_BUILD)/found/$$target
	  mkdir -p "$$seeds" "$$found"
	  echo "== $$target, $(SECONDS_EACH) s: what it learns is in $$found, what breaks goes to $$seeds"
	  FUZZ_TARGET=$$target "$$bin" -max_total_time=$(SECONDS_EACH) -timeout=5 -rss_limit_mb=2048 -max_len=8192 \
	    -print_final_stats=1 -verbosity=0 -artifact_prefix="$$seeds/" "$$found" "$$seeds" Tests/IntakeTests/Samples
	done

run: build ## show callbackd at work, in a directory of its own
	demo/run

# Peers to measure against.
bench: NEEDS_PEERS := yes
bench: release ## measure the release build beside peers (QUICK=1: less of it; DIR=: on this disk; ONLY="backlog second")
	@bin=$$($(SWIFT) build $(RELEASE) --show-bin-path)
	commit=$$(git describe --always --dirty --exclude '*' 2>/dev/null || echo unknown)
	"$$bin/Benchmarks" $(ONLY) --commit "$$commit" $(if $(DIR),--dir "$(DIR)") \
	  $(if $(filter 1,$(QUICK)),--quick,$(if $(ONLY),,--write docs))

install: ## install what `make release` built, and never overwrite the configuration
	@bin=.build/release # not by asking Swift, which root often has not on its path
	for binary in $(BINARIES); do
	  if [[ ! -x $$bin/$$binary ]]; then
	    echo "$$bin/$$binary is not there. Run 'make release' first." >&2
	    exit 1
	  fi
	  install -D -m 755 "$$bin/$$binary" "$(DESTDIR)$(BINDIR)/$$binary"
	done
	# Without a first line that names a shell, for bash reads it, and nothing runs it.
	completion() {
	  .build/release/callbackctl --generate-completion-script "$$1" | sed '1{/^#!/d}' | install -D -m 644 /dev/stdin "$(DESTDIR)$$2"
	}
	completion bash "$(BASHDIR)/callbackctl"
	completion zsh "$(ZSHDIR)/_callbackctl"
	completion fish "$(FISHDIR)/callbackctl.fish"
	[[ -e "$(DESTDIR)$(CONFIG)" ]] || install -D -m 644 config/callbackd.toml "$(DESTDIR)$(CONFIG)"
	# By install, so that what is there is replaced whole, with the right mode whatever the umask.
	with_prefix() {
	  sed 's|/usr/bin/callback|$(BINDIR)/callback|; s|/usr/lib/callbackd|$(LIBDIR)/callbackd|
	    s|/usr/share/doc/callbackd|$(DOCDIR)|' "$$1" \
	    | install -D -m "$${3:-644}" /dev/stdin "$(DESTDIR)$$2"
	}
	with_prefix systemd/callbackd.service "$(UNITDIR)/callbackd.service"
	with_prefix systemd/callbackd.catalog "$(LIBDIR)/systemd/catalog/callbackd.catalog"
	with_prefix systemd/callbackd-alarm@.service "$(UNITDIR)/callbackd-alarm@.service"
	install -D -m 755 systemd/callbackd-alarm "$(DESTDIR)$(LIBDIR)/callbackd/callbackd-alarm"
	with_prefix systemd/callbackd-mta-generator "$(GENERATORDIR)/callbackd-mta-generator" 755
	install -D -m 644 -t "$(DESTDIR)$(MTADIR)" systemd/mta/*.conf
	install -D -m 644 systemd/sysusers.d/callbackd.conf "$(DESTDIR)$(LIBDIR)/sysusers.d/callbackd.conf"
	install -D -m 644 systemd/tmpfiles.d/callbackd.conf "$(DESTDIR)$(LIBDIR)/tmpfiles.d/callbackd.conf"
	install -D -m 644 -t "$(DESTDIR)$(DOCDIR)" README.md CHANGELOG.md LICENSE config/callbackd.toml docs/*.md docs/*.svg
	install -D -m 644 -t "$(DESTDIR)$(DOCDIR)/templates" config/templates/*.mustache
	install -D -m 755 -t "$(DESTDIR)$(DOCDIR)/examples" config/examples/*
	for section in 1 5 8; do
	  install -D -m 644 -t "$(DESTDIR)$(MANDIR)/man$$section" docs/*."$$section"
	done
	if [[ -z "$(DESTDIR)" ]]; then
	  systemd-sysusers callbackd.conf
	  systemd-tmpfiles --create callbackd.conf
	  journalctl --update-catalog
	  [[ ! -d /run/systemd/system ]] || systemctl daemon-reload
	  if systemctl --quiet is-active callbackd 2>/dev/null; then
	    echo "Installed over a callbackd that runs: it is the new one after 'systemctl restart callbackd'."
	  else
	    echo "Installed. Edit $(CONFIG), then: systemctl enable --now callbackd"
	  fi
	fi

deb: NEEDS_DEBHELPER := yes
deb: release ## build a package for Debian 12 and later, in .build/deb
	@export DEB_RULES_REQUIRES_ROOT=no DEB_DIR=$(DEB_DIR)
	rm -rf $(DEB_DIR)
	mkdir -p $(DEB_DIR)
	debian/rules clean
	debian/rules binary
	debian/rules clean
	lintian --allow-root --fail-on error,warning $(DEB_DIR)/*.deb

# In machines that boot (systemd-nspawn), whose roots are made once (debootstrap) and kept in .build/roots. Only by root.
system-test: NEEDS_MACHINES := yes
system-test: deb ## install the package on a Debian that boots, and try it (QUICK=1: without what mostly waits)
	@PYTHONDONTWRITEBYTECODE=1 python3 Tests/SystemTests/system_test.py $(if $(filter 1,$(QUICK)),--quick) $(DEB_DIR)/*.deb

can-boot: NEEDS_MACHINES := yes
can-boot: deps ## whether a machine boots here, as system-test needs one: it tries
	@PYTHONDONTWRITEBYTECODE=1 python3 Tests/SystemTests/system_test.py --probe

fault-test: CUTS ?= 10
fault-test: KILLS ?= 50
fault-test: SECONDS_EACH ?= 3
fault-test: SOAK ?= 1
fault-test: NEEDS_FAULTS := yes
fault-test: release ## kill it, cut its power, let its disk fail, let a day pass in minutes (KILLS=50 CUTS=10 SECONDS_EACH=3 SOAK=1; QUICK=1: the first two)
	@PYTHONDONTWRITEBYTECODE=1 python3 Tests/SystemTests/fault_test.py --kills $(KILLS) --cuts $(CUTS) \
	  $(if $(filter 1,$(QUICK)),,--errors $(SECONDS_EACH) --scarcity $(SECONDS_EACH) --damage --soak $(SOAK))

mta-test: NEEDS_MACHINES := yes
mta-test: deb ## try six mail programs, each in a machine of its own (ONLY=postfix)
	@PYTHONDONTWRITEBYTECODE=1 python3 Tests/SystemTests/mta_test.py $(DEB_DIR)/*.deb $(ONLY)

clean: ## remove what was built
	$(SWIFT) package clean
