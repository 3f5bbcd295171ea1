"""What search keeps of its own."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gallery.models.fields import FoldedField


class NameToken(models.Model):
    """One word of a member's username or name, as gallery/text.py cuts it: `search.names` keeps them in step.

    The username stands here once more so that one index both finds the words that begin in some way and orders the
    members whom they lead to.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="name_tokens", editable=False)
    token = FoldedField(max_length=64, editable=False)
    username = FoldedField(max_length=30, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("word of a name")
        verbose_name_plural = _("words of names")
        constraints = [models.UniqueConstraint(fields=["token", "username"], name="name_token_once")]

    def __str__(self):
        return f"{self.token} of @{self.username}"
