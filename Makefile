# Two commands do all set-up: `make demo` (runs the main job) and `make test` (passes the tests).
# Each needs Python 3 and git only; uv is used if it works, otherwise it is put into .uv/ of this folder.

SHELL := /bin/sh
export UV_PROJECT_ENVIRONMENT := .venv
unexport VIRTUAL_ENV

# A uv on the PATH may be a shim that fails, so it is asked for its version. It is named by what works.
ifeq ($(shell uv --version >/dev/null 2>&1 && echo works),works)
UV := uv
else
UV := $(CURDIR)/.uv/bin/uv
OWN_UV := .uv/bin/uv
endif

# .python-version is preferred; where only 3.12 is at hand that is used; where neither is, uv fetches the former.
PYTHON = $$($(UV) python find --system --no-python-downloads "$$(cat .python-version)" >/dev/null 2>&1 \
  || ! $(UV) python find --system --no-python-downloads 3.12 >/dev/null 2>&1 \
  && cat .python-version || echo 3.12)
SYNC = $(UV) sync --frozen --compile-bytecode --python "$(PYTHON)"

.PHONY: help demo test calibration validation reversals sensitivity regret concepts benchmark bench describe lint wheel clean

help: ## Show the commands of this file.
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/synced-run ## Compare Midwest Telecom's strategies; the report goes to ungridlock-output/compare.
	.venv/bin/ungridlock compare

test: .venv/synced-dev ## Run all tests.
	.venv/bin/python -m pytest

concepts: .venv/synced-run ## Renew docs/concepts.md: every concept switched on and off.
	.venv/bin/ungridlock concepts output=ungridlock-output/concepts
	cp ungridlock-output/concepts/concepts.md docs/concepts.md

benchmark: .venv/synced-run ## Renew the shipped percentiles of the synthetic industry.
	.venv/bin/ungridlock survey output=ungridlock-output/survey
	cp ungridlock-output/survey/benchmark.csv ungridlock-output/survey/benchmark.json experiments/survey/

bench: .venv/synced-run ## Measure the speed against plain Mesa and renew docs/benchmarks.md (minutes).
	.venv/bin/python -m benchmarks output=ungridlock-output/benchmarks
	mkdir -p docs/figures
	cp ungridlock-output/benchmarks/benchmarks.md docs/
	cp ungridlock-output/benchmarks/figures/benchmarks.png docs/figures/

calibration: .venv/synced-run ## Fit the shipped ensemble to a changed model, renew docs/calibration.md (a quarter of an hour).
	.venv/bin/ungridlock calibrate members=88 begin=midwest_telecom output=ungridlock-output/calibrate
	cp ungridlock-output/calibrate/members.csv ungridlock-output/calibrate/provenance.json experiments/ensembles/midwest_telecom/
	cp ungridlock-output/calibrate/calibration.md docs/

validation: .venv/synced-run ## Renew docs/validation.md with its figures: published patterns, hits and misses.
	.venv/bin/ungridlock validate output=ungridlock-output/validate
	mkdir -p docs/figures
	cp ungridlock-output/validate/validation.md docs/
	cp ungridlock-output/validate/figures/validation_*.png docs/figures/

reversals: .venv/synced-run ## Renew docs/reversals.md: assumptions that could reverse the advice (a quarter of an hour).
	.venv/bin/ungridlock reversals replicates=16 output=ungridlock-output/reversals
	mkdir -p docs/figures
	cp ungridlock-output/reversals/reversals.md docs/
	cp ungridlock-output/reversals/figures/reversals.png docs/figures/

sensitivity: .venv/synced-run ## Renew docs/sensitivity.md: which parameters matter, and how much (a quarter of an hour on two idle cores).
	.venv/bin/ungridlock screen organisation=small_firm samples=16 output=ungridlock-output/screen
	.venv/bin/ungridlock sobol organisation=small_firm from=ungridlock-output/screen top=8 samples=512 \
	  output=ungridlock-output/sobol
	mkdir -p docs/figures
	cat ungridlock-output/screen/screen.md ungridlock-output/sobol/sobol.md > docs/sensitivity.md
	cp ungridlock-output/screen/figures/sensitivity_screen.png docs/figures/
	cp ungridlock-output/sobol/figures/sensitivity_sobol.png docs/figures/

regret: .venv/synced-dev ## Renew the figure of docs/regret.md: where leaving things as they are fails (minutes).
	.venv/bin/ungridlock regret organisation=small_firm 'strategies=[as_is,incentives_only,everything_at_once]' \
	  unknowns=prior samples=256 plan=as_is fails=3e6 output=ungridlock-output/regret
	mkdir -p docs/figures
	cp ungridlock-output/regret/figures/regret_rule.png docs/figures/

describe: .venv/synced-run ## Renew docs/parameters.md, processes.md, evidence.md and dictionary.md from the code.
	.venv/bin/ungridlock describe output=ungridlock-output/describe
	cp ungridlock-output/describe/*.md docs/

lint: .venv/synced-dev ## Check style and types.
	.venv/bin/ruff check .
	.venv/bin/mypy

wheel: | $(OWN_UV) ## Build the wheel and the source archive into dist/.
	$(UV) build

clean: ## Remove the environment, uv of this folder, caches and built files.
	rm -rf .venv .uv dist .mypy_cache .ruff_cache .pytest_cache
	find sim experiments benchmarks tests -name __pycache__ -type d -exec rm -rf {} +

# Without --inexact a run after the tests would take the test tools away again.
.venv/synced-run: uv.lock pyproject.toml .python-version | $(OWN_UV)
	$(SYNC) --no-dev --inexact
	@touch $@

.venv/synced-dev: uv.lock pyproject.toml .python-version | $(OWN_UV)
	$(SYNC)
	@touch $@ .venv/synced-run

# Made outside this folder: here a pyenv shim may insist on the version in .python-version. `venv` needs no
# permission of a managed Python; where a system leaves venv out, pip puts uv into a folder, which it allows as well.
.uv/bin/uv:
	@echo "No working uv found: putting one into .uv/ of this folder."
	@rm -rf .uv
	@cd / && { python3 -m venv "$(CURDIR)/.uv" >/dev/null 2>&1 \
	    && "$(CURDIR)/.uv/bin/python" -m pip install --quiet --disable-pip-version-check uv; } \
	  || { rm -rf "$(CURDIR)/.uv"; python3 -m pip install --quiet --disable-pip-version-check --target "$(CURDIR)/.uv" uv; } \
	  || { echo "uv could not be installed: give python3 the module venv or pip (Debian: apt install python3-venv)," \
	            "or install uv yourself" >&2; exit 1; }
