"""Names that people give, of themselves and of galleries: on one line, and nothing in them that is not seen.

A name stands beside other people's. One without any visible character could not be clicked on, one with hidden characters
passes for somebody else's, and a letter under fifty marks covers the lines around it.
"""

import re
import unicodedata

from .text import clean_text

MOST_MARKS = 3  # on one letter: no living language stacks more
# Not seen, whatever their category: marks of direction, joiners of words, fillers, blanks that are letters, annotations.
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2060-\u206f\u2800\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a]"
)
# Tags spell the flags of England, Scotland and Wales after a black flag, and elsewhere nothing.
TAGS = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+")
# Joiners shape Arabic, Indian scripts and emoji. After a Latin, Greek or Cyrillic letter they only hide.
IDLE_JOINERS = re.compile("(?:^|(?<=[\0-\u058f\u200c\u200d]))[\u200c\u200d]+|[\u200c\u200d]+$")
STACKED = re.compile(f"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{{{MOST_MARKS}}})"
                     "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")  # fmt: skip


def clean_name(text):
    """`text` as a name that can be kept, on one line; empty where nothing of it would be seen."""
    name = clean_text(TAGS.sub("", UNSEEN.sub("", text)))
    name = " ".join(STACKED.sub(r"\1", IDLE_JOINERS.sub("", name)).split())
    return name if any(unicodedata.category(character)[0] in "LNPS" for character in name) else ""
