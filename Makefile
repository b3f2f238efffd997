# Builds, checks and installs callbackd. `make` alone lists what can be made.

PREFIX ?= /usr/local
DESTDIR ?=
# The mail program of the host, where the unit needs a drop-in for it: postfix or exim.
MTA ?=

BINARIES := callbackd callbackctl callback-mail
BINDIR := $(PREFIX)/bin
LIBDIR := $(PREFIX)/lib
UNITDIR := $(LIBDIR)/systemd/system
DOCDIR := $(PREFIX)/share/doc/callbackd
MANDIR := $(PREFIX)/share/man
# Where the programs look for it.
CONFIG := /etc/callbackd/callbackd.toml

SWIFT ?= swift
RELEASE := -c release --static-swift-stdlib
FORMATTED := Sources Tests Package.swift

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
.PHONY: help deps build release test lint verify simulate fuzz run bench install clean

help: ## list what can be made
	@echo "make TARGET [PREFIX=$(PREFIX)] [DESTDIR=] [MTA=postfix|exim]"
	sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST)

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
	# An MTA for the tests; where there is one, it would be replaced.
	[[ -z "$(NEEDS_MTA)" || -e /usr/sbin/sendmail || -x /usr/sbin/dma ]] || missing+=(dma)
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

# A mail program only for the tests, which hand a mail to a real one: nobody wants one for having looked at `make run`.
test: NEEDS_MTA := yes
# The simulation by itself: it takes every core, and other tests wait for things to happen in time.
test: lint verify ## check everything: format, unit files, tests, simulation
	$(SWIFT) test --skip SimulationTests
	$(SWIFT) test --skip-build --filter SimulationTests

lint: deps ## check the format of the code
	$(SWIFT) format lint --strict -r $(FORMATTED)

# The unit is checked as it is, and with each drop-in. Its program is not there yet, so another stands in for it.
verify: deps ## check what is in systemd/ with systemd's own tools, and the manual pages
	@mandoc -T lint -W warning docs/*.5
	scratch=$$(mktemp -d)
	trap 'rm -rf "$$scratch"' EXIT
	for dropin in "" systemd/callbackd.service.d-*; do
	  unit=$$scratch/unit$${dropin##*.d}
	  mkdir "$$unit"
	  sed 's|^\(Exec[A-Za-z]*=\)/usr/bin/callbackd|\1/bin/true|' systemd/callbackd.service >"$$unit/callbackd.service"
	  [[ -z $$dropin ]] || cp -r "$$dropin" "$$unit/callbackd.service.d"
	  systemd-analyze verify --man=no --recursive-errors=no "$$unit/callbackd.service"
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
FUZZ_TARGETS := file text prose json csv mail time value
fuzz: SECONDS_EACH ?= 600
fuzz: ONLY ?= $(FUZZ_TARGETS)
fuzz: deps ## feed every parser what libFuzzer makes up (SECONDS_EACH=600, ONLY=json)
	@export FUZZ=1 SWIFT_BACKTRACE=enable=no
	build=($(SWIFT) build -c release --scratch-path $(FUZZ_BUILD) --sanitize fuzzer --sanitize address --product Fuzz)
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

bench: release ## measure the release build (QUICK=1: less of it; DIR=: on this disk)
	@bin=$$($(SWIFT) build $(RELEASE) --show-bin-path)
	commit=$$(git describe --always --dirty --exclude '*' 2>/dev/null || echo unknown)
	"$$bin/Benchmarks" --commit "$$commit" $(if $(filter 1,$(QUICK)),--quick) $(if $(DIR),--dir "$(DIR)")

install: ## install what `make release` built, and never overwrite the configuration
	@bin=.build/release # not by asking Swift, which root often has not on its path
	for binary in $(BINARIES); do
	  if [[ ! -x $$bin/$$binary ]]; then
	    echo "$$bin/$$binary is not there. Run 'make release' first." >&2
	    exit 1
	  fi
	  install -D -m 755 "$$bin/$$binary" "$(DESTDIR)$(BINDIR)/$$binary"
	done
	[[ -e "$(DESTDIR)$(CONFIG)" ]] || install -D -m 644 config/callbackd.toml "$(DESTDIR)$(CONFIG)"
	# By install, so that what is there is replaced whole, with the right mode whatever the umask.
	with_prefix() {
	  sed 's|/usr/bin/callback|$(BINDIR)/callback|; s|/usr/share/doc/callbackd|$(DOCDIR)|' "$$1" \
	    | install -D -m 644 /dev/stdin "$(DESTDIR)$$2"
	}
	with_prefix systemd/callbackd.service "$(UNITDIR)/callbackd.service"
	with_prefix systemd/callbackd.catalog "$(LIBDIR)/systemd/catalog/callbackd.catalog"
	if [[ -n "$(MTA)" ]]; then
	  install -D -m 644 "systemd/callbackd.service.d-$(MTA)/mta.conf" "$(DESTDIR)$(UNITDIR)/callbackd.service.d/mta.conf"
	fi
	install -D -m 644 systemd/sysusers.d/callbackd.conf "$(DESTDIR)$(LIBDIR)/sysusers.d/callbackd.conf"
	install -D -m 644 systemd/tmpfiles.d/callbackd.conf "$(DESTDIR)$(LIBDIR)/tmpfiles.d/callbackd.conf"
	install -D -m 644 -t "$(DESTDIR)$(DOCDIR)" README.md CHANGELOG.md LICENSE config/callbackd.toml docs/*.md docs/*.svg
	install -D -m 644 -t "$(DESTDIR)$(MANDIR)/man5" docs/*.5
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
	  if [[ ! -e "$(UNITDIR)/callbackd.service.d/mta.conf" ]]; then
	    [[ ! -x /usr/sbin/postdrop ]] || echo "Postfix is here: no mail will leave without 'make install MTA=postfix'." >&2
	    [[ ! -x /usr/sbin/exim4 ]] || echo "Exim is here: no mail will leave without 'make install MTA=exim'." >&2
	  fi
	fi

clean: ## remove what was built
	$(SWIFT) package clean
