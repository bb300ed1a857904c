# Every target works on a fresh clone. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test check bench explore catalogues
PYTHON := deploy/local/python
VENV := .venv/bin/python
BABEL := $(VENV) -m babel.messages.frontend --quiet

help: ## List what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

run: ## Install, migrate, load demo data, start web and worker on http://127.0.0.1:8000
	@exec $(PYTHON) -m deploy.local.run

test: ## Fetch what the tests need, then run them; ARGS="tests/points -k score" narrows them
	@$(PYTHON) -m deploy.local.environment dev
	@$(PYTHON) -m deploy.local.system_packages
	@$(VENV) -m pytest -n auto --dist worksteal $(ARGS)

check: ## Lint, formatting, types, import contracts, templates
	@$(PYTHON) -m deploy.local.environment dev
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) -m mypy
	$(VENV) -c "from importlinter.cli import lint_imports_command; lint_imports_command()" --no-cache
	$(VENV) -m djlint templates --lint --quiet

bench: ## Compare what requests, widgets, collecting and sharing out cost with their bare parts
	@$(PYTHON) -m deploy.local.environment dev
	@$(PYTHON) -m deploy.local.system_packages bench
	$(VENV) -m bench.speed
	$(VENV) -m bench.embeds
	$(VENV) -m bench.collecting
	$(VENV) -m bench.splitting
	$(VENV) -m bench.microcache

explore: ## Let schemathesis try the whole JSON interface, as much as it does by itself and anew each time
	@$(PYTHON) -m deploy.local.environment dev
	$(VENV) -m tests.api.exploring $(ARGS)

catalogues: ## Collect every translatable sentence and merge it into the catalogues
	@$(PYTHON) -m deploy.local.environment dev
	@mkdir -p var
	$(BABEL) extract -F app/translations/babel.cfg -k lazy_gettext -k _l --add-location=file --sort-by-file \
		--width=110 -o var/messages.pot .
	$(BABEL) update -d app/translations -i var/messages.pot --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date --width=110
