#!/bin/sh
# Before a new version answers, while the old one still does. What fails here stops the deployment, and the old version goes
# on: its code runs on the new tables as well, because migrations first only add (CONTRIBUTING.md, "Migrations").
set -eu
cd "$(dirname "$0")/.."
python manage.py check --deploy --fail-level WARNING  # settings
python manage.py setup_storage --check                # nobody reads the vault, everybody reads a public file
python manage.py migrate --no-input
# Everybody has consented, search has its tables, and the policy in force names the companies that the settings name.
python manage.py check --deploy --database default
