"""How people are named in pages, and the drawn avatar of who has no picture."""

import pytest

from community.models import User
from community.templatetags.people import display_name, initials, tone_class


def member(name, username="ana"):
    return User(name=name, username=username)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Duarte", "AD"),
        ("Ana", "A"),
        ("ana maria duarte", "AD"),
        ("李 小龍", "李小"),
        ("Ana 🌞", "A"),
        ("🌞", "A"),
        ("", "A"),
    ],
)
def test_avatar_shows_the_letters_of_the_first_and_last_word(name, letters):
    assert initials(member(name)) == letters


def test_member_without_a_name_goes_by_the_username():
    assert display_name(member("  ")) == "ana"


def test_avatar_keeps_its_colour_when_the_name_changes():
    assert tone_class(member("Ana")) == tone_class(member("Someone else"))


def test_avatars_come_in_all_the_colours_of_the_sheet():
    assert {tone_class(member("x", f"user{n}")) for n in range(200)} == {f"tone-{n}" for n in range(8)}
