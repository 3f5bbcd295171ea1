"""How tests are shared out among processes: each by itself, but those that share a costly preparation together."""

import pytest

# Modules whose tests of one parameter run in one process, which prepares what they look at once.
TOGETHER = (
    "tests/gallery/test_killed.py",
    "tests/pixlpix/backups/test_disaster.py",
    "tests/pixlpix/backups/test_drill.py",
    "tests/pixlpix/backups/test_killed.py",
    "tests/pixlpix/backups/test_read_only.py",
    "tests/pixlpix/backups/test_restore.py",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            module, _, name = nodeid.partition("::")
            return f"{module}[{name.partition('[')[2]}" if module in TOGETHER else nodeid

    return Scheduling(config, log)
