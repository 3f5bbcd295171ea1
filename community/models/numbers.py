"""What happened on each day, counted by the sweeper: the console's dashboard reads a month of these rows and counts nothing."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayNumbers(models.Model):
    """One day, in UTC. See `community.day_numbers`."""

    day = models.DateField(_("day"), primary_key=True)
    members = models.PositiveIntegerField(_("members who joined"), default=0)
    posts = models.PositiveIntegerField(_("posts published"), default=0)
    reports = models.PositiveIntegerField(_("reports"), default=0)
    # Of all originals at that time; none for days that were counted afterwards.
    originals_bytes = models.BigIntegerField(_("bytes of originals"), null=True)
    counted_at = models.DateTimeField()

    def __str__(self):
        return str(self.day)
