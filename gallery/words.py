"""What people write, cleaned and held to its length: captions, alternative texts, names and descriptions of galleries."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .licences import Licence
from .naming import clean_name
from .states import Visibility
from .text import clean_text

# In characters. Form fields ask for these, actions hold them.
MOST_IN_CAPTION = 2000
MOST_IN_ALT_TEXT = 1000
MOST_IN_GALLERY_NAME = 80
MOST_IN_DESCRIPTION = 2000
MOST_IN_SENSITIVE_REASON = 200


def clean_caption(text):
    """A caption as it is stored. Raises ValidationError by field where it is too long."""
    return held(clean_text(text), "caption", MOST_IN_CAPTION)


def clean_alt_text(text):
    """An alternative text as it is stored. Raises ValidationError by field where it is too long."""
    return held(clean_text(text), "alt_text", MOST_IN_ALT_TEXT)


def clean_description(text):
    """A gallery's description as it is stored. Raises ValidationError by field where it is too long."""
    return held(clean_text(text), "description", MOST_IN_DESCRIPTION)


def clean_sensitive_reason(text):
    """Why a post is sensitive, on one line. Raises ValidationError by field where it is too long."""
    return held(" ".join(clean_text(text).split()), "sensitive_reason", MOST_IN_SENSITIVE_REASON)


def clean_gallery_name(text):
    """A gallery's name on one line. Raises ValidationError by field where it is too long or nothing is left."""
    name = held(clean_name(text), "name", MOST_IN_GALLERY_NAME)
    if not name:
        raise ValidationError({"name": _("Give the gallery a name.")})
    return name


def clean_licence(licence):
    """A licence as it is stored. Raises ValidationError by field for what is none."""
    if licence not in Licence.values:
        raise ValidationError({"licence": _("Choose a licence from the list.")})
    return licence


def clean_visibility(visibility):
    """A visibility as it is stored. Raises ValidationError by field for what is none."""
    if visibility not in Visibility.values:
        raise ValidationError({"visibility": _("Choose who can see this post.")})
    return visibility


def held(text, field, most):
    if len(text) > most:
        message = _("This has %(length)s characters; there is room for %(most)s.")
        raise ValidationError({field: message % {"length": len(text), "most": most}})
    return text
