"""Forget the words of comments that were removed or taken down long enough ago. Called by the sweeper."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ..evidence import held_comments
from ..models import Comment, CommentLike, Mention
from ..models.comments import STANDING

KEPT = timedelta(days=90)  # how long the team can read what was removed
BATCH = 500


def forget_comments():
    """Empty the text of comments that have not stood for KEPT, and drop the likes and mentions in them; returns how many.

    Whoever removed them or took them down; not what a case keeps as evidence. The row stays: replies may stand below it.
    """
    old = Comment.objects.filter(removed_at__lt=timezone.now() - KEPT).exclude(text="").exclude(STANDING)
    old = old.exclude(held_comments())
    with transaction.atomic():
        # One that is restored at this moment is locked, and keeps its words.
        old = old.order_by("removed_at").select_for_update(no_key=True, skip_locked=True)
        keys = list(old.values_list("pk", flat=True)[:BATCH])
        CommentLike.objects.filter(comment__in=keys).delete()
        Mention.objects.filter(comment__in=keys).delete()
        Comment.objects.filter(pk__in=keys).update(text="", likes=0)
    return len(keys)
