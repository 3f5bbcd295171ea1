"""Which tests are left out, and that in CI no other is.

A test marked `postgres` or `sqlite` is about that database alone and is left out on the other. Whatever else skips itself
(no browser, no object store on a newcomer's machine) is a failure in CI, so that nobody believes in a check that did
not run.
"""

import os

import pytest
from django.db import connection

EXPECTED = "only on "
VENDORS = {"postgres": ("postgresql", "PostgreSQL"), "sqlite": ("sqlite", "SQLite")}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    for item in items:
        for marker, (vendor, name) in VENDORS.items():
            if marker in item.keywords and connection.vendor != vendor:
                item.add_marker(pytest.mark.skip(reason=EXPECTED + name))


def refuse_in_ci(report):
    """Make a failure of a report that says "skipped", where CI did not expect it; returns the report."""
    skipped = report.skipped and not hasattr(report, "wasxfail")
    if skipped and os.environ.get("CI") == "true":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not reason.removeprefix("Skipped: ").startswith(EXPECTED):
            report.outcome = "failed"
            report.longrepr = f"{report.nodeid} was skipped, which CI does not accept: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return refuse_in_ci((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return refuse_in_ci((yield))
