# Tribute: `make` alone lists what it can do. GNU make 3.81 or newer; Python 3.11 or newer.
# Tools are started as `python -m …`, so that a checkout may be moved and its path may hold spaces.

PORT ?= 8000
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
FLASK := $(PY) -m flask --app wsgi
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
COUNT ?= 1000000
POSTGRESQL ?= $(BENCH_POSTGRESQL)
LOAD ?= 5000
SOAK ?= 1800
WORKERS ?= $(shell [ $(CORES) -lt 4 ] && echo $(CORES) || echo 4)

.DEFAULT_GOAL := help
.PHONY: help run demo test lint lint-python lint-types lint-templates lint-lock lint-assets lint-translations \
	format lock audit assets bench bench-desk bench-search bench-serving install rehearse storm faults soak servers scale pictures \
	translations clean venv runtime dev port chromium promtool recheck mutants

help: # this list
	@echo "Tribute, a memorial guestbook. What make can do:"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  make %-13s %s\n", $$1, $$2 }'

run: runtime port ## install, prepare the database, serve and send mail on http://127.0.0.1:8000 (PORT=8001 for another)
	@$(FLASK) tribute prepare
	@$(serve)

demo: runtime port ## the same with sample tributes, in a database of its own
	@$(FLASK) tribute prepare
	@$(FLASK) tribute demo
	@$(serve)

install: runtime ## install the libraries and nothing else, for a server that systemd runs
	@$(PY) -m compileall -q tribute migrations wsgi.py

test: dev chromium promtool recheck ## run every test (ARGS="-k wall" for some)
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

rehearse: dev ## move 100,000 tributes from SQLite to PostgreSQL, some minutes (COUNT=1000000 for more)
	@TRIBUTE_REHEARSE=$(if $(filter command line,$(origin COUNT)),$(COUNT),100000) $(PY) -m pytest tests/cli/test_move.py -k large --durations=3 -o faulthandler_timeout=0

lint: lint-python lint-types lint-templates lint-lock lint-assets lint-translations ## check style, types, templates, locks and what is built

format: dev ## put Python into the project's form
	@$(PY) -m ruff check --fix-only --quiet
	@$(PY) -m ruff format

lock: dev ## settle requirements*.txt anew from requirements*.in (UPGRADE=1 for newer versions)
	@$(call compile,requirements,$(if $(UPGRADE),--upgrade))
	@$(call compile,requirements-dev,$(if $(UPGRADE),--upgrade))
	@$(call compile,requirements-mutants,$(if $(UPGRADE),--upgrade))

# Strict: a library about which nothing could be learnt is no good news.
audit: dev ## ask the Python package index which libraries of the site have a known weakness
	@$(VENV)/bin/uv tool run --quiet pip-audit --strict --disable-pip --require-hashes --progress-spinner off \
		--requirement requirements.txt

assets: dev ## make fonts, styles and scripts anew from their sources (needs npm)
	@command -v npm >/dev/null || { echo "make assets needs npm. On Debian and Ubuntu: apt install npm"; exit 1; }
	@cd deploy/assets && npm ci --no-audit --no-fund --loglevel=error
	@$(PY) deploy/assets/build.py --fonts

bench bench-serving bench-search bench-desk: export BENCH_POSTGRESQL := $(POSTGRESQL)

bench: dev chromium ## measure reading, writing, the anniversary, triage and the desk (ARGS=--write)
	@$(PY) -m bench.serving $(ARGS)
	@$(PY) -m bench.triage $(ARGS)
	@$(PY) -m bench.desk $(ARGS)

bench-serving: runtime ## measure reading, writing and the anniversary alone (ARGS="--sizes 1000 10000" for small corpora)
	@$(PY) -m bench.serving $(ARGS)

bench-search: runtime ## measure the search at 1,000,000 tributes; an hour at first (COUNT=100000 for fewer, ARGS=--write)
	@$(PY) -m bench.search --count $(COUNT) $(ARGS)

bench-desk: dev chromium ## measure a key at the desk, and its queue at 1,000,000 tributes (ARGS="--queue-at 100000")
	@$(PY) -m bench.desk $(ARGS)

storm: dev ## send 5,000 tributes to several machines while one after another of them goes (LOAD=20000 for more)
	@LOAD=$(LOAD) $(PY) -m pytest -q -o faulthandler_timeout=0 tests/deploy/test_machines.py --durations=1

mutants: dev ## change the cleaner, lifecycle and limits in a thousand ways; do tests fail? (ARGS="tribute.domain.text*")
	@$(call install,requirements-mutants.txt)
	@$(PY) -m mutmut run --max-children $(CORES) $(ARGS)
	@$(PY) -m mutmut results

faults: dev ## hurt the site in every way that docs/reliability.md names: killed, full, locked, gone, slow; half an hour
	@FAULTS=long $(PY) -m pytest -q -o faulthandler_timeout=0 tests/faults --deselect tests/faults/test_soak.py --durations=0 $(ARGS)

soak: dev ## mixed load on each database for 30 minutes, watching for errors, memory and drift (SOAK=180 for 3)
	@SOAK=$(SOAK) $(PY) -m pytest -q -o faulthandler_timeout=0 tests/faults/test_soak.py $(ARGS)

servers: ## install the nginx, PostgreSQL, Redis, systemd and libfaketime that tests use; no service is started
	@$(have_servers) || { $(get_servers); }

scale: dev ## work out the tables of docs/scale.md anew, after make bench has written docs/performance.md
	@$(PY) -m docs.scale

pictures: dev chromium ## take the pictures in docs/img anew
	@$(PY) -m docs.pictures

translations: dev ## gather the texts of the interface into the catalogues and compile them
	@$(call extract,$(VENV)/messages.pot)
	@$(BABEL) update $(UPDATE) -i $(VENV)/messages.pot
	@$(BABEL) compile -d $(CATALOGUES)

clean: ## remove .venv and caches; never instance/
	@rm -rf $(VENV) mutants $(RECHECK)/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* htmlcov test-results
	@find . \( -name instance -o -name node_modules -o -name .git \) -prune -o -name __pycache__ -type d -exec rm -rf {} +

# ---- serving

# The demo keeps everything in a folder of its own, whatever database and mail server the surroundings name.
run demo: export TRIBUTE_BASE_URL ?= http://127.0.0.1:$(PORT)
demo: export TRIBUTE_INSTANCE_PATH := $(CURDIR)/instance/demo
demo: export TRIBUTE_MAIL_URL :=
demo: FLASK := env -u TRIBUTE_DATABASE_URL $(FLASK)
demo: APART := env -u TRIBUTE_DATABASE_URL

# The site and the worker that sends its mail: they start and stop together.
# 128 threads a worker of the site: fewer, and a handful of unfinished requests would stop every answer.
define serve
echo "Tribute is served at http://127.0.0.1:$(PORT) (Ctrl-C stops it)."; \
exec $(APART) $(PY) deploy/together.py $(PY) -m granian --interface wsgi --http 1 --no-ws --host 127.0.0.1 --port $(PORT) \
	--workers $(WORKERS) --blocking-threads 128 --respawn-failed-workers --workers-kill-timeout 10 \
	--log-level error wsgi:app -- $(PY) -m flask --app wsgi tribute work
endef

port:
	@$(PY) -c 'import socket; socket.create_server(("127.0.0.1", $(PORT))).close()' 2>/dev/null || \
	{ echo "Port $(PORT) is not free. Another: make $(firstword $(MAKECMDGOALS)) PORT=8001"; exit 1; }

# ---- installing

venv:
	@$(PY) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { $(make_venv); }

define make_venv
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "Tribute needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>/dev/null || echo missing)."; \
	echo "Where another stands beside it, name it: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }; \
$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	echo "Python's venv module is missing. On Debian and Ubuntu: apt install python3-venv"; \
	echo "Then run this again: make $(MAKECMDGOALS)"; exit 1; }; \
echo "Making $(VENV) with $$($(PYTHON) --version)."; \
$(PYTHON) -m venv --clear $(VENV)
endef

runtime: venv
	@$(call install,requirements.txt)

dev: runtime
	@$(call install,requirements-dev.txt)

# A lock is installed once: a stamp keeps its checksum.
define install
sum=$$(cksum < $(1)); stamp=$(VENV)/.$(1).installed; \
[ "$$(cat $$stamp 2>/dev/null)" = "$$sum" ] || { \
	echo "Installing $(1); this takes a minute, once."; \
	$(PY) -m pip install -qq --no-input --disable-pip-version-check --require-hashes -r $(1) && echo "$$sum" > $$stamp; }
endef

RECHECK := tests/habits/recheck
CHROMIUM := $(firstword $(foreach name,chromium chromium-browser google-chrome google-chrome-stable,$(shell command -v $(name))))
# Debian has its shell apart: the same pages, without the window around them that nobody sees, in half the time.
HAS_CHROMIUM := [ -n "$(CHROMIUM)" ] && { [ "$(CHROMIUM)" != /usr/bin/chromium ] || command -v chromium-headless-shell >/dev/null; }
INSTALL := apt-get install -y -qq --no-install-recommends
GET_CHROMIUM := apt-get update -qq && $(INSTALL) chromium && { $(INSTALL) chromium-headless-shell || true; }

chromium:
	@{ $(HAS_CHROMIUM); } || { $(get_chromium); } || { $(without_chromium); }

become = if [ "$$(id -u)" = 0 ]; then become=; else become="sudo -n"; fi && $$become true 2>/dev/null

define get_chromium
command -v apt-get >/dev/null && \
$(become) && \
echo "Installing Chromium for the browser tests." && \
$$become env DEBIAN_FRONTEND=noninteractive sh -c '$(GET_CHROMIUM)' >/dev/null
endef

define without_chromium
echo "Chromium is missing, and the browser tests stay out. To have them:"; \
if command -v apt-get >/dev/null; then echo "  sudo sh -c '$(GET_CHROMIUM)'"; else echo "  install Chromium or Google Chrome"; fi; \
case ",$$TRIBUTE_REQUIRE," in *,chromium,*) exit 1;; esac
endef

# What judges regular expressions, in the Node.js of requirements-dev.txt.
recheck: dev
	@sum=$$(cksum < $(RECHECK)/package-lock.json); stamp=$(RECHECK)/node_modules/.installed; \
	[ "$$(cat $$stamp 2>/dev/null)" = "$$sum" ] || { \
		cd $(RECHECK) && PATH="$(CURDIR)/$(VENV)/bin:$$PATH" npm ci --omit=optional --loglevel=error >/dev/null && \
		echo "$$sum" > node_modules/.installed; } || { $(without_recheck); }

define without_recheck
echo "recheck could not be installed, and the test of regular expressions stays out."; \
case ",$$TRIBUTE_REQUIRE," in *,recheck,*) exit 1;; esac
endef

promtool: venv
	@[ -x $(VENV)/bin/promtool ] || command -v promtool >/dev/null || { $(get_promtool); } || { $(without_promtool); }

# The one program out of Debian's package: nothing else is installed, and no service is started.
define get_promtool
command -v apt-get >/dev/null && echo "Fetching promtool for the tests of the alert rules." && \
tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && cd "$$tmp" && \
{ apt-get download -qq prometheus || { $(become) && $$become apt-get update -qq && apt-get download -qq prometheus; }; } >/dev/null 2>&1 && \
dpkg-deb --fsys-tarfile prometheus_*.deb | tar -xO ./usr/bin/promtool > promtool && [ -s promtool ] && chmod 755 promtool && \
mv promtool "$(CURDIR)/$(VENV)/bin/promtool"
endef

define without_promtool
echo "promtool is missing, and the tests of the alert rules stay out. It comes with Prometheus: apt install prometheus"; \
case ",$$TRIBUTE_REQUIRE," in *,promtool,*) exit 1;; esac
endef

# Tests start these themselves, each on a port of its own; where they are absent those tests are left out.
SERVERS := nginx-light redis-server postgresql systemd libfaketime
NO_START := /usr/sbin/policy-rc.d

have_servers = PATH="$$PATH:/usr/sbin"; command -v nginx >/dev/null && command -v redis-server >/dev/null && \
	command -v systemd-analyze >/dev/null && ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1 && \
	ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1

define get_servers
if [ "$$(id -u)" = 0 ]; then become=; else become="sudo -n"; fi; \
command -v apt-get >/dev/null && $$become true 2>/dev/null || { \
	echo "These must be installed by hand: $(SERVERS)"; exit 1; }; \
echo "Installing $(SERVERS)."; \
$$become env DEBIAN_FRONTEND=noninteractive sh -c '[ -e $(NO_START) ] || { \
	trap "rm -f $(NO_START)" EXIT; printf "#!/bin/sh\nexit 101\n" > $(NO_START); chmod 755 $(NO_START); }; \
	apt-get update -qq && apt-get install -y -qq --no-install-recommends $(SERVERS)' >/dev/null
endef

# ---- checking

lint-python: dev
	@$(PY) -m ruff check --quiet
	@$(PY) -m ruff format --check --quiet || { echo "make format puts this right."; exit 1; }
	@$(PY) -m bandit --quiet --recursive --configfile pyproject.toml tribute migrations deploy docs bench wsgi.py

lint-types: dev
	@$(PY) -m mypy --no-error-summary

# Templates are linted, not reformatted: the formatter moves spaces that readers see.
lint-templates: dev
	@$(PY) -m djlint --lint --quiet templates

# With the lock as it stands for preference, the inputs must resolve to that very lock.
lint-lock: dev
	@tmp=$$(mktemp -d); trap 'rm -rf "$$tmp"' EXIT; cp requirements*.in requirements*.txt "$$tmp"; cd "$$tmp"; \
	$(call compile,requirements) && $(call compile,requirements-dev) && $(call compile,requirements-mutants) || exit 1; \
	for lock in requirements.txt requirements-dev.txt requirements-mutants.txt; do \
		cmp -s $$lock "$(CURDIR)/$$lock" || { echo "$$lock does not follow from its inputs: make lock"; exit 1; }; done

compile = "$(CURDIR)/$(VENV)/bin/uv" pip compile --quiet --no-config --universal --no-strip-extras --generate-hashes --python-version 3.11 \
	--python "$(CURDIR)/$(PY)" --custom-compile-command "make lock" $(2) $(1).in -o $(1).txt

lint-assets: dev
	@$(PY) deploy/assets/build.py --check

# ---- translating

CATALOGUES := tribute/translations
BABEL := $(PY) -m babel.messages.frontend --quiet
UPDATE := -d $(CATALOGUES) --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 100
extract = $(BABEL) extract -F babel.cfg --no-location --sort-output --ignore-dirs ".* __pycache__" --width 100 --project Tribute --version "" \
	-k _l -k _ln:1,2 -k lazy_pgettext:1c,2 -o $(1) tribute templates

lint-translations: dev
	@$(call extract,$(VENV)/messages.pot)
	@$(BABEL) update $(UPDATE) --check -i $(VENV)/messages.pot 2>/dev/null || \
	{ echo "make translations gathers the new texts."; exit 1; }
	@for po in $(CATALOGUES)/*/LC_MESSAGES/*.po; do \
		$(BABEL) compile -i $$po -o $(VENV)/check.mo && cmp -s $(VENV)/check.mo $${po%.po}.mo || \
		{ echo "$${po%.po}.mo is older than its catalogue: make translations"; exit 1; }; done
