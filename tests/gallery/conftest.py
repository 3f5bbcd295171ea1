"""What the tests of gallery share."""

import pytest
from django.core.files.storage import storages

from gallery.files import StorageUnavailable


@pytest.fixture
def vault_is_down(monkeypatch):
    """The vault takes no ledger entry: every try ends as it would after the 2 seconds that an act waits."""
    tries = []

    def write_now(name, data, *, timeout):
        tries.append(timeout)
        raise StorageUnavailable("down")

    monkeypatch.setattr(storages["vault"], "write_now", write_now, raising=False)
    return tries
