"""The first policy says all that people must know before they join."""

import hashlib

import pytest
from django.utils.html import strip_tags

from community.models import PolicyVersion
from community.rich_text import shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def words():
    return " ".join(strip_tags(PolicyVersion.objects.current().shown_text()).split())


def test_a_fresh_database_has_one_published_policy_in_force():
    assert list(PolicyVersion.objects.published().values_list("number", "binding_number", "is_minor")) == [
        (1, 1, False)
    ]


def test_hash_is_of_the_text_that_is_shown():
    policy = PolicyVersion.objects.current()
    assert policy.text_sha256 == hashlib.sha256(policy.shown_text().encode()).hexdigest() == policy.hash_of_text()


def test_text_is_stored_as_it_is_shown_so_that_cleaning_it_again_changes_nothing():
    policy = PolicyVersion.objects.current()
    assert shown(policy.text) == policy.text


@pytest.mark.parametrize(
    "phrase",
    [
        # What is kept
        "images you upload", "captions", "comments", "profile picture", "your name", "email address", "images, and text",
        # How it is collected
        "By forms", "nothing that you did not give us",
        # Who owns it, and what that means for the author
        "PixlPix owns the data that is uploaded", "You stay the author", "We may keep that copy and show it on PixlPix",
        # What for
        "core features", "better", "We do not sell it",
        # Who sees it
        "PixlPix, and DigitalOcean", "two companies only",
        # Public until deleted, and then
        "public until you delete it", "The team still has the image, out of public reach", "out of our reach",
        "on a schedule", "Nobody else ever sees the place",
        # Age, export, leaving
        "16 years", "export everything", "leave", "no account",
    ],
)  # fmt: skip
def test_it_says(words, phrase):
    assert phrase in words
