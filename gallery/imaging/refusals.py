"""Why a picture is refused, in words for the person who chose it; and what is not the picture's fault."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ..files import StorageUnavailable

MESSAGES = {
    "empty": gettext_noop("This file is empty. Please choose another one."),
    "not_a_picture": gettext_noop(
        "This file is not a picture that we can read. JPEG, PNG, WebP, GIF, HEIC and AVIF pictures can be shared."
    ),
    "unsupported": gettext_noop(
        "%(kind)s files cannot be shared. Please choose a JPEG, PNG, WebP, GIF, HEIC or AVIF picture."
    ),
    "too_large": gettext_noop("This file is larger than %(limit)s. Please choose a smaller one."),
    "too_many_pixels": gettext_noop(
        "This picture has %(pixels)s megapixels; up to %(limit)s can be shared. Please choose a smaller one."
    ),
    "too_many_frames": gettext_noop(
        "This animation is too long or too large: all its frames together may have %(limit)s megapixels. "
        "Please choose another one."
    ),
    "broken": gettext_noop(
        "This picture is damaged or incomplete. Please save or download it again and try once more."
    ),
    "too_costly": gettext_noop(
        "This picture takes more time or memory than one picture may. Please save it as a JPEG and try once more."
    ),
    "banned": gettext_noop("The team took this picture down before. It cannot be shared again."),
    "crashed": gettext_noop(
        "This picture cannot be read: it stopped the program that reads it. Please save it as a JPEG and try once more."
    ),
}


class PictureRefused(Exception):
    """A file that cannot be shared: `code` for the program and the log, `message` for the person who chose it."""

    def __init__(self, code, **values):
        self.code = code
        self.message = _(MESSAGES[code]) % values
        super().__init__(f"{code}: {self.message}")


class DecoderUnavailable(StorageUnavailable):
    """No picture can be decoded at the moment: no process, no room on the disk. Like a storage that is down, it is not
    the picture's fault, and the task comes again."""


def megapixels(pixels):
    """A number of pixels in whole megapixels, as messages give it."""
    return round(pixels / 1_000_000)
