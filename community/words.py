"""What members write about posts and themselves, cleaned and held to its length."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gallery.text import clean_text
from gallery.words import held

MOST_IN_COMMENT = 2000
MOST_IN_HIDDEN_WORDS = 2000
MOST_IN_REPORT = 2000
MOST_HIDDEN = 100  # lines


def says_something(text):
    """Whether there is anything to be seen in `text`: a letter, a number, a sign."""
    return any(unicodedata.category(character)[0] in "LNPS" for character in text)


def clean_comment(text):
    """A comment as it is stored. Raises ValidationError by field where it is too long or says nothing."""
    text = held(clean_text(text), "text", MOST_IN_COMMENT)
    if not says_something(text):
        raise ValidationError({"text": _("Write something first.")}, code="empty")
    return text


def clean_report(text):
    """The words of a report as they are stored; there may be none. Raises ValidationError where they are too long."""
    text = held(clean_text(text), "text", MOST_IN_REPORT)
    return text if says_something(text) else ""


def clean_hidden_words(text):
    """Hidden words as they are stored, one a line, without empty lines and repetitions. Raises ValidationError by field."""
    lines = (" ".join(line.split()) for line in clean_text(text).splitlines())
    lines = dict.fromkeys(filter(says_something, lines))
    if len(lines) > MOST_HIDDEN:
        message = _("There is room for %(most)s words; these are %(number)s.")
        raise ValidationError({"hidden_words": message % {"most": MOST_HIDDEN, "number": len(lines)}})
    return held("\n".join(lines), "hidden_words", MOST_IN_HIDDEN_WORDS)
