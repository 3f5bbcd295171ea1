"""Names that are not what they look like: of members, of galleries, in hashtags and usernames."""

import pytest
from django.core.exceptions import ValidationError

from community.actions.rename_member import rename_member
from community.forms import SignupForm
from community.names import username_validator, validate_not_the_team
from gallery.actions.create_gallery import create_gallery
from gallery.naming import clean_name
from gallery.text import clean_text, tokens
from tests.community.joining import answers
from tests.factories import a_member

CLEANED = {
    "zero-width": ("A\u200bn\u2060a\ufeff", "Ana"),
    "soft hyphen": ("An\u00ada", "Ana"),
    "an override of direction": ("Ana\u202egpj.exe", "Anagpj.exe"),
    "isolates and marks of direction": ("\u2067Ana\u2069\u200f", "Ana"),
    "a joiner between Latin letters": ("A\u200dna\u200c", "Ana"),
    "tags": ("Ana\U000e0041\U000e0042", "Ana"),
    "lines": ("Ana\r\nBcc: x@y.example\u2028", "Ana Bcc: x@y.example"),
    "many marks": ("A" + "\u0301\u0316" * 40 + "na", None),
}
KEPT = [
    "علی\u200cرضا",
    "👩\u200d🚀 Ana",
    "क्\u200dष",
    "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
    "Việt",
    "O’Brien",
]
UNSEEN = ["\u200b\u200b", "\u3164", "\u2800\u2800", "\u115f\u1160", " \u00a0", "\u0301", "\u202e"]
# Sound like the team: plainly, with look-alike digits, in Cyrillic, fullwidth, with marks, apart.
TEAM = [
    "PixlPix",
    "P1xlPix Support",
    "РіхlРіх",
    "ＰｉｘｌＰｉｘ",
    "Pixl-Pix team",
    "Píxlpïx",
    "Administrator",
    "Sτaff",
    "𝐓𝐞𝐚𝐦",
    "S u p p o r t",
]


@pytest.mark.parametrize("case", CLEANED)
def test_what_is_not_seen_is_left_out(case):
    typed, kept = CLEANED[case]
    cleaned = clean_name(typed)
    assert cleaned == kept if kept else len(cleaned) < 8


@pytest.mark.parametrize("name", KEPT)
def test_what_writing_needs_stays(name):
    assert clean_name(name) == name


@pytest.mark.django_db
@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_that_nobody_could_see_is_refused_wherever_one_is_given(name):
    ana = a_member("ana")
    with pytest.raises(ValidationError):
        rename_member(ana, name)
    with pytest.raises(ValidationError):
        create_gallery(ana, name)
    assert "name" in SignupForm(answers(name=name)).errors


@pytest.mark.django_db
@pytest.mark.parametrize("name", TEAM)
def test_nobody_passes_for_the_team(name):
    with pytest.raises(ValidationError, match="sounds like our team"):
        rename_member(a_member("ana"), name)
    assert "sounds like our team" in str(SignupForm(answers(name=name)).errors["name"])


@pytest.mark.parametrize("name", ["Ana Duarte", "Teamo", "Анна Каренина", "Стас", "Picasso", "Admiral"])
def test_people_keep_their_names(name):
    assert validate_not_the_team(name) is None


@pytest.mark.parametrize("name", ["аna", "ana\u200b", "ａｎａ", "ana\u202e", "ana\n", "ana.", "åna", "ana\0x"])
def test_usernames_are_letters_that_nothing_else_looks_like(name):
    with pytest.raises(ValidationError):
        username_validator(name)


def test_captions_turn_nothing_around_and_hashtags_are_one_however_they_are_written():
    assert "\u202e" not in clean_text("Look \u202eelgnis \u202a")
    written = ["#Fog", "#ｆｏｇ", "#f\u200do\u00adg", "#fo\u0301g", "#𝐟𝐨𝐠"]
    assert {tokens(text)[-1] for text in written} == {tokens("#fog")[-1]}
