"""Database and vault are gone: the newest snapshot has every row and every original."""

import pytest


@pytest.fixture
def disaster(play):
    return play("disaster")


def test_after_a_disaster_every_row_and_every_original_is_back(disaster):
    assert disaster["rows"] > 200
    assert disaster["originals"] == 7
    assert disaster["differ"] == {}
    assert disaster["originals differ"] == []
    assert disaster["ledger lost"] == []


def test_the_site_is_open_again_and_shows_its_pictures_once_the_worker_has_made_them(disaster):
    assert disaster["maintenance"] is False
    assert disaster["media before the worker"] == 0
    assert disaster["page"] == 200
    assert disaster["public files differ"] == []
