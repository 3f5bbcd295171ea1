"""What waits for the worker: a row whose picture is on its way from bytes to renditions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..states import ProcessingState


class Processed(models.Model):
    """How far the renditions of one picture are. Abstract: photos of posts and profile pictures are such rows.

    The queue forgets what a killed worker was doing, so the work is found again here (see sweep.py).
    """

    state = models.CharField(
        _("processing"), max_length=8, choices=ProcessingState.choices, default=ProcessingState.PENDING
    )
    # Why decoding refused it, in words for its author; empty unless the state is "failed".
    failure = models.CharField(_("failure"), max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Past this moment the sweeper queues it again: its worker was killed, or storage failed.
    retry_at = models.DateTimeField(_("try again at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        abstract = True

    @property
    def is_ready(self):
        return self.state == ProcessingState.READY
