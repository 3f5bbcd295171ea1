"""The licences that an author can give a post. Source: creativecommons.org/licenses, version 4.0 (International)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Licence(TextChoices):
    """What others may do with the pictures of a post."""

    ALL_RIGHTS = "arr", _("All rights reserved")
    BY = "by", _("CC BY 4.0: with credit")
    BY_SA = "by-sa", _("CC BY-SA 4.0: with credit, shared alike")
    BY_ND = "by-nd", _("CC BY-ND 4.0: with credit, unchanged")
    BY_NC = "by-nc", _("CC BY-NC 4.0: with credit, not commercially")
    BY_NC_SA = "by-nc-sa", _("CC BY-NC-SA 4.0: with credit, not commercially, shared alike")
    BY_NC_ND = "by-nc-nd", _("CC BY-NC-ND 4.0: with credit, not commercially, unchanged")
    CC0 = "cc0", _("CC0 1.0: no rights reserved")

    @property
    def url(self):
        """The address of the licence's text; empty where all rights are reserved."""
        if self == Licence.ALL_RIGHTS:
            return ""
        if self == Licence.CC0:
            return "https://creativecommons.org/publicdomain/zero/1.0/"
        return f"https://creativecommons.org/licenses/{self.value}/4.0/"
