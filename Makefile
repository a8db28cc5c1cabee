# Thin: everything is in tools/run.py, which works without make too.
# It chooses the Python of the portal; here, any that can read it.
CAN_READ_IT := import sys; sys.exit(sys.version_info < (3, 8))
PYTHON3 := $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c '$(CAN_READ_IT)' 2>/dev/null && echo $$p && break; done)
ifeq ($(PYTHON3),)
$(error harbourgate: Python 3.11 or newer is required. None was found. \
	Install it, then run this again)
endif
VENV := .venv/bin/python

.PHONY: run test test-fast test-slow coverage check setup lock bench faults properties mutants screenshots

run:
	@exec $(PYTHON3) tools/run.py run

test test-fast test-slow coverage check setup lock:
	@$(PYTHON3) tools/run.py $@

bench screenshots: setup
	@$(VENV) tools/$@.py

mutants: setup
	@$(VENV) -m mutmut run && $(VENV) -m mutmut results

faults: setup
	@FAULTS=full $(VENV) -m pytest -m faults

properties: setup
	@HYPOTHESIS_PROFILE=properties $(VENV) -m pytest -n auto -m properties
