"""Usernames: what they may look like, and which are refused because they are reserved or too easily confused.

ASCII only, in lower case, so that no letter of another script can pass for one of these. What is left to confuse inside
ASCII is folded by `skeleton`, after the idea of Unicode Technical Standard 39 (skeletons of confusable strings).
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

username_validator = RegexValidator(
    r"^[a-z0-9](?:[a-z0-9_-]{1,28})[a-z0-9]\Z",
    _("3 to 30 characters: the letters a to z, digits, and - or _ between them."),
)

# Addresses of ours, words that sound like the team, and names that mail and web servers give a meaning.
RESERVED = frozenset(
    """
    about abuse account accounts admin administrator all anonymous api archive auth blog bot contact curator
    curators deleted design dev everyone explore feed feeds followers following former-member gallery guest
    guidelines healthz help home hostmaster info join legal login logout mail me media member members moderator
    moderators news nobody notifications null official owner p photo photos picks pictures pixlpix policy
    postmaster press privacy prompts readyz register root safety search security settings share signin signup
    site sitemap staff static status support system tag tags team terms test trust undefined user users verify
    webmaster www you
    """.split()  # noqa: SIM905 (a list of words is easier to read and to add to)
)

_FOLDED = str.maketrans({"0": "o", "1": "l", "i": "l", "3": "e", "5": "s", "-": None, "_": None})


def skeleton(username):
    """What a username looks like at a glance: two names with one skeleton are too easily confused.

    Case, separators and look-alikes (0/o, 1/l/i, 3/e, 5/s, rn/m, vv/w) are folded.
    """
    return username.lower().translate(_FOLDED).replace("rn", "m").replace("vv", "w")


_RESERVED_SKELETONS = frozenset(skeleton(name) for name in RESERVED)


def validate_not_reserved(username):
    """Raise ValidationError for a reserved name, or one that looks like it."""
    if skeleton(username) in _RESERVED_SKELETONS or re.match(r"^(pixlpix|former-member)", username):
        raise ValidationError(_("This name is kept for the site itself. Please choose another."), code="reserved")


# Letters of other scripts that pass for Latin ones, in lower case.
_LOOK_ALIKES = str.maketrans("аеорсхуіѕјԁһкмтвнпгαεορικνυωτոսօցհ", "aeopcxyisjdhkmtbhnraeopikvuwtnuogh")
_TEAM = ("admin", "administrator", "administrators", "moderator", "moderators", "staff", "support", "system", "team")


def plain(name):
    """The letters and digits of a name as they are read at a glance: without width, style, marks, and other scripts."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    return "".join(one for one in folded.translate(_LOOK_ALIKES) if one.isalnum())


def validate_not_the_team(name):
    """Raise ValidationError for a name that stands with posts and sounds like the site itself or those who run it."""
    read = skeleton(plain(name))
    if skeleton("pixlpix") in read or read in {skeleton(word) for word in _TEAM}:
        raise ValidationError(_("This name sounds like our team. Please choose another."), code="reserved")


def suggestions(username, is_free, most=3):
    """Up to `most` names like `username` that fit the rules and for which `is_free(name)` is true."""
    base = re.sub(r"[^a-z0-9]+", "", username.lower())[:20]
    found = []
    for ending in ("photo", "pictures", "outdoors", "frames", "by-day", "at-large"):
        name = f"{base}-{ending}"
        try:
            username_validator(name)
            validate_not_reserved(name)
        except ValidationError:
            continue
        if is_free(name):
            found.append(name)
        if len(found) == most:
            break
    return found
